import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compilePattern } from './pattern.ts';

const matches = (pattern: unknown, event: unknown) => compilePattern(JSON.stringify(pattern))(event);

const event = {
  source: 'orders',
  detail: {
    name: 'Alpha-7.png',
    count: 12,
    ratio: -0.5,
    open: true,
    owner: null,
    ip: '10.0.3.7',
    ip6: '2001:db8::1',
    tags: ['red', 'green'],
    none: [],
    lines: [
      { sku: 'a', amount: 1 },
      { sku: 'b', amount: 2 },
    ],
    nested: { deep: { leaf: 'x' } },
  },
};

describe('an event pattern matches', () => {
  test.each<[string, unknown]>([
    ['an exact value', { source: ['orders'] }],
    ['one of several values', { source: ['bills', 'orders'] }],
    ['an exact number', { detail: { count: [12] } }],
    ['a boolean', { detail: { open: [true] } }],
    ['null', { detail: { owner: [null] } }],
    ['a prefix', { detail: { name: [{ prefix: 'Alpha' }] } }],
    ['a prefix in any case', { detail: { name: [{ prefix: { 'equals-ignore-case': 'aLPHA' } }] } }],
    ['a suffix', { detail: { name: [{ suffix: '.png' }] } }],
    ['a suffix in any case', { detail: { name: [{ suffix: { 'equals-ignore-case': '.PNG' } }] } }],
    ['a text in any case', { detail: { name: [{ 'equals-ignore-case': 'alpha-7.PNG' }] } }],
    ['a wildcard in the middle', { detail: { name: [{ wildcard: 'Al*7*g' }] } }],
    ['a lone wildcard', { detail: { name: [{ wildcard: '*' }] } }],
    ['a number range', { detail: { count: [{ numeric: ['>', 10, '<=', 12] }] } }],
    ['a number bound', { detail: { ratio: [{ numeric: ['<', 0] }] } }],
    ['an equal number', { detail: { count: [{ numeric: ['=', 12.0] }] } }],
    ['an IPv4 subnet', { detail: { ip: [{ cidr: '10.0.0.0/16' }] } }],
    ['an IPv6 subnet', { detail: { ip6: [{ cidr: '2001:db8::/32' }] } }],
    ['a field that exists', { detail: { owner: [{ exists: true }] } }],
    ['a field that does not exist', { detail: { missing: [{ exists: false }] } }],
    ['a nested field that does not exist', { detail: { missing: { deeper: [{ exists: false }] } } }],
    ['an empty array as absent', { detail: { none: [{ exists: false }] } }],
    ['an object as no leaf', { detail: { nested: [{ exists: false }] } }],
    ['anything but a value', { source: [{ 'anything-but': 'bills' }] }],
    ['anything but a list', { detail: { count: [{ 'anything-but': [1, 2] }] } }],
    ['anything but a prefix', { source: [{ 'anything-but': { prefix: 'b' } }] }],
    ['anything but several prefixes', { source: [{ 'anything-but': { prefix: ['b', 'c'] } }] }],
    ['anything but a suffix', { source: [{ 'anything-but': { suffix: 'x' } }] }],
    ['anything but a wildcard', { source: [{ 'anything-but': { wildcard: 'b*s' } }] }],
    [
      'anything but a text in any case',
      { source: [{ 'anything-but': { 'equals-ignore-case': ['BILLS'] } }] },
    ],
    ['anything but a text, where there is null', { detail: { owner: [{ 'anything-but': 'me' }] } }],
    ['any value of an array', { detail: { tags: ['green'] } }],
    ['one object of an array', { detail: { lines: { sku: ['b'], amount: [2] } } }],
    ['one of two branches', { $or: [{ source: ['bills'] }, { detail: { count: [12] } }] }],
    [
      'branches beside a field',
      { source: ['orders'], detail: { $or: [{ open: [false] }, { count: [12] }] } },
    ],
    ['a deep leaf', { detail: { nested: { deep: { leaf: ['x'] } } } }],
  ])('%s', (_, pattern) => {
    expect(matches(pattern, event)).toBe(true);
  });
});

describe('an event pattern does not match', () => {
  test.each<[string, unknown]>([
    ['another value', { source: ['bills'] }],
    ['a number given as text', { detail: { count: ['12'] } }],
    ['a missing field', { detail: { missing: ['x'] } }],
    ['null where there is nothing', { detail: { missing: [null] } }],
    ['one of two fields', { source: ['orders'], detail: { count: [13] } }],
    ['another prefix', { detail: { name: [{ prefix: 'alpha' }] } }],
    ['a prefix of a number', { detail: { count: [{ prefix: '1' }] } }],
    ['a wildcard that overlaps itself', { source: [{ wildcard: 'orde*ders' }] }],
    ['a number outside its range', { detail: { count: [{ numeric: ['>', 12] }] } }],
    ['another subnet', { detail: { ip: [{ cidr: '10.1.0.0/16' }] } }],
    ['a subnet where there is no address', { detail: { name: [{ cidr: '10.0.0.0/8' }] } }],
    ['the absence of a field that is there', { detail: { owner: [{ exists: false }] } }],
    ['the presence of an object', { detail: { nested: [{ exists: true }] } }],
    ['anything but the very value', { source: [{ 'anything-but': ['orders', 'x'] }] }],
    ['anything but, where there is nothing', { detail: { missing: [{ 'anything-but': 'x' }] } }],
    ['anything but a prefix it has', { source: [{ 'anything-but': { prefix: ['x', 'ord'] } }] }],
    ['fields of two objects of an array', { detail: { lines: { sku: ['a'], amount: [2] } } }],
    ['neither branch', { $or: [{ source: ['a'] }, { source: ['b'] }] }],
    ['a nested pattern on a text', { source: { deeper: ['x'] } }],
    ['what every object inherits', { constructor: [{ exists: true }] }],
  ])('%s', (_, pattern) => {
    expect(matches(pattern, event)).toBe(false);
  });
});

test.each<[string, string]>([
  ['{"a"', 'Event pattern is not valid JSON'],
  ['[]', 'Filter is not an object'],
  ['{}', 'Empty objects are not allowed'],
  ['{"a":[]}', 'Empty arrays are not allowed'],
  ['{"a":"x"}', '"a" must be an object or an array'],
  ['{"a":[["x"]]}', 'Match value must be'],
  ['{"a":[{"like":"x"}]}', 'Unrecognized match type like'],
  ['{"a":[{"prefix":"x","suffix":"y"}]}', 'Only one key allowed'],
  ['{"a":[{"prefix":1}]}', 'prefix match pattern must be a string'],
  ['{"a":[{"exists":"yes"}]}', 'exists match pattern'],
  ['{"a":[{"numeric":[">"]}]}', 'Invalid numeric match'],
  ['{"a":[{"numeric":["~",1]}]}', 'Unrecognized numeric range operator'],
  ['{"a":[{"numeric":["<",6e9]}]}', 'Value must be between'],
  ['{"a":[{"numeric":[">",5,"<",5]}]}', 'Bad numeric range'],
  ['{"a":[{"cidr":"10.0.0.0"}]}', 'Malformed CIDR'],
  ['{"a":[{"cidr":"10.0.0.0/33"}]}', 'Malformed CIDR'],
  ['{"a":[{"wildcard":"a**b"}]}', 'Consecutive wildcard'],
  ['{"a":[{"wildcard":"a\\\\b"}]}', 'Invalid escape character'],
  ['{"a":[{"anything-but":{"numeric":["=",1]}}]}', 'Unsupported anything-but'],
  ['{"a":[{"anything-but":[null]}]}', 'Inside anything but list'],
])('%s is refused: %s', (pattern, reason) => {
  expect(() => compilePattern(pattern)).toThrow(reason);
});

describe('for any text', () => {
  const scalar = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
  const literal = (text: string) => text.replace(/[\\*]/gu, '\\$&');

  test('a value matches itself, alone and in an array', () => {
    fc.assert(
      fc.property(
        scalar,
        (value) => matches({ a: [value] }, { a: value }) && matches({ a: [value] }, { a: [1.5, value] }),
      ),
    );
  });

  test('anything-but is the opposite of equality on a single value', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        return matches({ a: [{ 'anything-but': one }] }, { a: other }) === (one !== other);
      }),
    );
  });

  test('a wildcard made by cutting pieces out of a text matches that text', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 6 }), (parts) => {
        const wildcard = parts.map((part, index) => (index % 2 === 0 ? literal(part) : '*')).join('');
        return matches({ a: [{ wildcard }] }, { a: parts.join('') });
      }),
    );
  });

  test('a wildcard agrees with a regular expression', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 });
    const pattern = fc
      .string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 6 })
      .map((text) => text.replace(/\*+/gu, '*'));
    fc.assert(
      fc.property(pattern, letters, (wildcard, text) => {
        const expected = new RegExp(`^${wildcard.replaceAll('*', '.*')}$`, 'u').test(text);
        return matches({ a: [{ wildcard }] }, { a: text }) === expected;
      }),
    );
  });

  test('every part of a text at its ends is a prefix and a suffix', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(), (text, at) => {
        const cut = at % (text.length + 1);
        const pattern = { a: [{ prefix: text.slice(0, cut) }], b: [{ suffix: text.slice(cut) }] };
        return matches(pattern, { a: text, b: text });
      }),
    );
  });
});
