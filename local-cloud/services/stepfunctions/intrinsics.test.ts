import { expect, test } from 'vitest';
import { evaluate } from './expressions.ts';

const scope = {
  input: { name: 'Ada', n: 4, list: [1, 2, 3, 4, 5], a: { x: 1, y: 1 }, b: { y: 2 }, text: '{"k":[1]}' },
  context: { Execution: { Name: 'run-1' } },
};

test.each<[string, unknown]>([
  ["States.Format('Hi {}, {}!', $.name, $.n)", 'Hi Ada, 4!'],
  ["States.Format('it\\'s {}', $.a)", 'it\'s {"x":1,"y":1}'],
  ["States.Format('\\{{}\\}', $$.Execution.Name)", '{run-1}'],
  ['States.StringToJson($.text)', { k: [1] }],
  ['States.JsonToString($.b)', '{"y":2}'],
  ['States.Array($.n, true, null, -1.5)', [4, true, null, -1.5]],
  ['States.Array()', []],
  ['States.ArrayPartition($.list, 2)', [[1, 2], [3, 4], [5]]],
  ['States.ArrayContains($.list, 3)', true],
  ['States.ArrayRange(1, 9, 3)', [1, 4, 7]],
  ['States.ArrayRange(3, 1, -1)', [3, 2, 1]],
  ['States.ArrayGetItem($.list, 4)', 5],
  ['States.ArrayLength($.list[*])', 5],
  ['States.ArrayUnique(States.Array(1, 2, 1))', [1, 2]],
  ["States.Base64Encode('a,b)')", 'YSxiKQ=='],
  ["States.Base64Decode('YWI=')", 'ab'],
  ["States.Hash('a', 'SHA-1')", '86f7e437faa5a7fce15d1ddcb9eaeaea377667b8'],
  ['States.JsonMerge($.a, $.b, false)', { x: 1, y: 2 }],
  ['States.MathAdd($.n, -1)', 3],
  ["States.StringSplit('a.b,c', '.,')", ['a', 'b', 'c']],
  ["States.Format('{}-{}', States.MathAdd(1, 2), States.ArrayGetItem(States.Array('p', 'q'), 1))", '3-q'],
])('%s gives %j', (text, value) => {
  expect(evaluate(text, scope)).toEqual(value);
});

test('a UUID and a random number have their forms', () => {
  expect(evaluate('States.UUID()', scope)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4/u);
  expect([1, 2, 3]).toContain(evaluate('States.MathRandom(1, 4)', scope));
  expect(evaluate('States.MathRandom(0, 1000, 7)', scope)).toBe(
    evaluate('States.MathRandom(0, 1000, 7)', scope),
  );
});

test.each([
  "States.Format('{} {}', 1)",
  "States.Format('none', 1)",
  "States.StringToJson('{')",
  'States.ArrayGetItem($.list, 9)',
  'States.ArrayPartition($.list, 0)',
  'States.ArrayRange(1, 9999, 1)',
  'States.ArrayRange(1, 2, 0)',
  'States.JsonMerge($.a, $.b, true)',
  "States.Hash('a', 'CRC')",
  'States.MathAdd($.name, 1)',
  'States.MathRandom(2, 1)',
  'States.ArrayLength($.name)',
  'States.Base64Encode($.n)',
  'States.Nothing(1)',
  'States.constructor(1)',
  'States.MathAdd(1, 2',
  'States.MathAdd(1; 2)',
  "States.Format('open",
])('%s fails as an intrinsic', (text) => {
  expect(() => evaluate(text, scope)).toThrow('States.IntrinsicFailure');
});

test('a path that names nothing is a runtime failure that says so', () => {
  expect(() => evaluate('$.gone', scope, 'field.$')).toThrow(
    "States.Runtime: The JSONPath '$.gone' specified for the field 'field.$' could not be found in the input",
  );
});
