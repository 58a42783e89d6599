import { describe, expect, it } from 'vitest';
import { parseFilterPattern } from './filter-pattern.ts';

function matching(pattern: string, ...messages: string[]): string[] {
  const { matches } = parseFilterPattern(pattern);
  return messages.filter((message) => matches(message));
}

describe('a filter pattern of terms', () => {
  const messages = ['ERROR disk full', 'ERROR not found', 'WARN disk full', 'say "hi"'];

  it.each([
    ['ERROR disk', ['ERROR disk full']],
    ['"not found"', ['ERROR not found']],
    ['"say \\"hi\\""', ['say "hi"']],
    ['?found ?WARN', ['ERROR not found', 'WARN disk full']],
    ['?found disk', ['ERROR disk full', 'WARN disk full']],
    ['disk -WARN', ['ERROR disk full']],
    ['%^(ERROR|WARN) d%', ['ERROR disk full', 'WARN disk full']],
    ['disk -%W.RN%', ['ERROR disk full']],
    ['?%^say% ?WARN', ['WARN disk full', 'say "hi"']],
    ['  ', messages],
  ])('%s', (pattern, expected) => {
    expect(matching(pattern, ...messages)).toEqual(expected);
  });
});

describe('a filter pattern of JSON fields', () => {
  const line = JSON.stringify({
    level: 'ERROR',
    duration: 120.5,
    user: { id: 'u-17', 'full name': 'Ann Lee' },
    items: [{ name: 'x' }, { name: 'y' }],
    ip: '10.1.2.3',
    gone: null,
    ok: true,
    count: '7',
  });

  it.each([
    '{ $.level = "ERROR" }',
    '{ $.level = ERROR && $.duration > 100 }',
    '{ ($.level = "WARN") || ($.duration >= 1.205e2) }',
    '{ $.level != "WARN" }',
    '{ $.user.id = "u-*" }',
    '{ $.user.id = u-* && $.ip = 10.1.* }',
    '{ $.user[\'full name\'] = "Ann Lee" }',
    '{ $.items[1].name = "y" }',
    '{ $.items[*].name = "y" }',
    '{ $.gone IS NULL }',
    '{ $.ok IS TRUE }',
    '{ $.nothing NOT EXISTS && $.ok EXISTS }',
    '{ $.level = %^ERR% }',
    '{ $.count = 7 }',
    '{ $.a = 1 || $.level = ERROR && $.duration < 121 }',
  ])('%s matches', (pattern) => {
    expect(matching(pattern, line)).toEqual([line]);
  });

  it.each([
    '{ $.level = "error" }',
    '{ $.duration > 120.5 }',
    '{ $.duration != 120.5 }',
    '{ $.nothing != "x" }',
    '{ $.nothing IS NULL }',
    '{ $.gone NOT EXISTS }',
    '{ $.items[2].name = "y" }',
    '{ $.ok IS FALSE }',
    '{ ($.a = 1 || $.level = ERROR) && $.duration < 100 }',
  ])('%s does not match', (pattern) => {
    expect(matching(pattern, line)).toEqual([]);
  });

  it('matches no line that is not JSON', () => {
    expect(matching('{ $.a NOT EXISTS }', 'text', '{"a"', '{}')).toEqual(['{}']);
  });

  it('gives out the fields it names', () => {
    const { extract, value } = parseFilterPattern('{ $.level = * && $.items[1].name = "y" }');
    expect(extract(line)).toEqual({ '$.level': 'ERROR', '$.items[1].name': 'y' });
    expect([value(line, '$.duration'), value(line, '$.nothing')]).toEqual(['120.5', undefined]);
  });
});

describe('a filter pattern of columns', () => {
  const line = '127.0.0.1 - frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534';

  it.each([
    '[ip, id, user, time, request, status, bytes]',
    '[ip, id, user, time, request, status = 404, bytes]',
    '[ip, id, user, time, request, status = 4*, bytes > 1000]',
    '[ip = 127.*, ..., bytes]',
    '[..., request = "GET *", status, bytes]',
    '[ip, ..., status = 400 || status = 404, bytes]',
    '[ip, ..., request = %index\\.html%, , bytes != 3]',
  ])('%s matches', (pattern) => {
    expect(matching(pattern, line)).toEqual([line]);
  });

  it.each(['[ip, user]', '[..., status = 5*, bytes]', '[ip, ..., status, bytes < 1000]'])(
    '%s does not match',
    (pattern) => {
      expect(matching(pattern, line)).toEqual([]);
    },
  );

  it('gives out every column', () => {
    expect(parseFilterPattern('[ip, ..., bytes]').extract('1.2.3.4 a b 99')).toEqual({
      $ip: '1.2.3.4',
      $bytes: '99',
      $2: 'a',
      $3: 'b',
    });
  });
});

describe('what is no filter pattern', () => {
  it.each([
    '{ $.level }',
    '{ level = 1 }',
    '{ $.level = }',
    '{ $.level > "a" }',
    '{ ($.a = 1 }',
    '{ $.a = 1',
    '{ $.a IS GONE }',
    '[a, b',
    '[..., a, ...]',
    '[= 3]',
    '%(%',
    `{ ${'('.repeat(200)}$.a = 1`,
  ])('is refused: %s', (pattern) => {
    expect(() => parseFilterPattern(pattern)).toThrow(
      expect.objectContaining({ code: 'InvalidParameterException' }),
    );
  });
});
