import { describe, expect, it } from 'vitest';
import { parseFilter } from './filter-parser.ts';
import { traceCondition } from './filter-sql.ts';

const isTrue = (keyword: string) => ({
  kind: 'keyword',
  keyword,
  comparison: { operator: '=', value: true },
});

describe('a filter expression', () => {
  it.each([
    ['fault', isTrue('fault')],
    ['FAULT', isTrue('fault')],
    ['!ok', { kind: 'not', operand: isTrue('ok') }],
    ['NOT ok', { kind: 'not', operand: isTrue('ok') }],
    ['partial = false', { kind: 'keyword', keyword: 'partial', comparison: { operator: '=', value: false } }],
    [
      'responsetime>=.5',
      { kind: 'keyword', keyword: 'responsetime', comparison: { operator: '>=', value: 0.5 } },
    ],
    [
      'http.url BEGINSWITH "http://a/"',
      { kind: 'keyword', keyword: 'http.url', comparison: { operator: 'BEGINSWITH', value: 'http://a/' } },
    ],
    [
      "user contains 'it\\'s'",
      { kind: 'keyword', keyword: 'user', comparison: { operator: 'CONTAINS', value: "it's" } },
    ],
    ['annotation.account', { kind: 'annotation', key: 'account' }],
    ['annotation[my.key]', { kind: 'annotation', key: 'my.key' }],
    [
      'annotation["of age"] < 29',
      { kind: 'annotation', key: 'of age', comparison: { operator: '<', value: 29 } },
    ],
    [
      'annotation.Done = true',
      { kind: 'annotation', key: 'Done', comparison: { operator: '=', value: true } },
    ],
    ['group.name != "slow"', { kind: 'group', by: 'name', value: 'slow', negated: true }],
    ['service()', { kind: 'service', service: {} }],
    ['service("a") { }', { kind: 'service', service: { name: 'a' } }],
    [
      'service(id(name: "a", type: "AWS::EC2::Instance", account.id: "1")) { fault }',
      {
        kind: 'service',
        service: { name: 'a', type: 'AWS::EC2::Instance', account: '1' },
        filter: isTrue('fault'),
      },
    ],
    [
      'edge("a", id(type: "b")) { throttle }',
      { kind: 'edge', from: { name: 'a' }, to: { type: 'b' }, filter: isTrue('throttle') },
    ],
  ])('%s is read', (expression, filter) => {
    expect(parseFilter(expression)).toEqual(filter);
  });

  it.each([
    'ok AND !partial AND fault',
    'ok & !partial & fault',
    'ok && !partial fault',
    'ok !partial fault',
  ])('%s joins conditions that must all hold', (expression) => {
    expect(parseFilter(expression)).toEqual({
      kind: 'and',
      left: { kind: 'and', left: isTrue('ok'), right: { kind: 'not', operand: isTrue('partial') } },
      right: isTrue('fault'),
    });
  });

  it('binds AND closer than OR, and parentheses closer still', () => {
    const either = { kind: 'or', left: isTrue('fault'), right: isTrue('error') };
    expect(parseFilter('fault OR error AND ok')).toMatchObject({ kind: 'or', right: { kind: 'and' } });
    expect(parseFilter('(fault | error) AND ok')).toEqual({ kind: 'and', left: either, right: isTrue('ok') });
  });

  it.each([
    ['', 'the expression ends where a condition is expected at character 1'],
    ['fault AND', 'the expression ends where a condition is expected at character 10'],
    ['fautl', 'there is no keyword "fautl" at character 1'],
    ['duration', '"duration" needs an operator and a value at character 1'],
    ['duration > "5"', 'a number is expected and not "5" at character 12'],
    ['http.url > "5"', '> does not compare a text at character 12'],
    ['(ok', 'the expression ends where ")" is expected at character 4'],
    ['ok)', 'unexpected ")" at character 3'],
    ['user = "x', 'a text is not closed at character 8'],
    ['ok ; fault', 'unexpected ";" at character 4'],
    ['service("a"', 'the expression ends where ")" is expected at character 12'],
    ['edge("a")', 'unexpected ")" where "," is expected at character 9'],
    ['service(id(colour: "red"))', 'unexpected "colour" where name, type or account.id is expected'],
    ['constructor', 'there is no keyword "constructor"'],
    [`${'('.repeat(60)}ok${')'.repeat(60)}`, 'it is nested too deep'],
    [`${'!'.repeat(500)}ok`, 'it is nested too deep'],
    ['ok '.repeat(1_000), 'an expression has at most 2000 characters'],
  ])('%s is refused by what is wrong and where', (expression, reason) => {
    expect(() => parseFilter(expression)).toThrow(reason);
    expect(() => parseFilter(expression)).toThrow(
      expect.objectContaining({ code: 'InvalidRequestException' }),
    );
  });

  it('binds every value, and writes none into the SQL', () => {
    const { text, values } = traceCondition(
      `http.url CONTAINS "'; DROP TABLE t" AND annotation["k'"] = 1 AND edge("a", "b") { user = "u" }`,
      () => undefined,
    );
    expect(values).toEqual(["'; DROP TABLE t", "k'", 1, 'a', 'b', 'u']);
    expect(text).not.toMatch(/DROP|k'/);
    expect(text.split('?')).toHaveLength(values.length + 1);
  });

  it('does not follow groups in circles', () => {
    expect(() => traceCondition('group.name = "a"', () => 'group.name = "a"')).toThrow('too many groups');
    expect(() => traceCondition('group.name = "a"', () => undefined)).toThrow('does not exist');
  });
});

describe('whatever is written', () => {
  const parts = [
    ...['ok', 'fault', 'duration', 'http.url', 'annotation', 'annotation.x', 'service', 'edge', 'id', 'name'],
    ...['(', ')', '{', '}', '[', ']', ',', ':', '!', '&', '|', '=', '!=', '<', '>=', 'AND', 'OR', 'NOT'],
    ...[
      '"a"',
      "'b",
      '"',
      '\\',
      '5',
      '-1.5e3',
      '.',
      '☃',
      '\u0000',
      'true',
      'CONTAINS',
      'group.name',
      ' ',
      '\n',
    ],
  ];
  /** A small generator whose numbers are the same in every run. */
  function* numbers(seed: number): Generator<number, never> {
    for (let state = seed; ; ) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      yield state / 2 ** 32;
    }
  }

  it('is either understood or refused as a wrong request, and nothing else', () => {
    const random = numbers(7);
    const next = (below: number) => Math.floor(random.next().value * below);
    let understood = 0;
    for (let run = 0; run < 20_000; run += 1) {
      const words = Array.from({ length: next(14) }, () => parts[next(parts.length)]);
      const expression = words.join(next(2) === 0 ? '' : ' ');
      try {
        const { text, values } = traceCondition(expression, () => 'ok');
        expect(text.split('?')).toHaveLength(values.length + 1);
        understood += 1;
      } catch (error) {
        expect(error, expression).toMatchObject({ code: 'InvalidRequestException', status: 400 });
      }
    }
    expect(understood).toBeGreaterThan(100);
  });
});
