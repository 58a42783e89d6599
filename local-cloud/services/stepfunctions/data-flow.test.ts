import { expect, test } from 'vitest';
import { placeResult, selectInput, selectOutput } from './data-flow.ts';
import { fillTemplate } from './expressions.ts';
import { covers, createRetries } from './retry.ts';
import { StateError } from './state-error.ts';

test.each<[string | null | undefined, unknown, unknown]>([
  [undefined, { a: 1 }, 'r'],
  ['$', { a: 1 }, 'r'],
  [null, { a: 1 }, { a: 1 }],
  ['$.b', { a: 1 }, { a: 1, b: 'r' }],
  ['$.a.b.c', { x: 1 }, { x: 1, a: { b: { c: 'r' } } }],
  ["$['odd name']", {}, { 'odd name': 'r' }],
  ['$.list[1]', { list: [1, 2] }, { list: [1, 'r'] }],
])('ResultPath %s on %j gives %j', (path, input, output) => {
  expect(placeResult(path, input, 'r')).toEqual(output);
});

test('a result that has no place fails as AWS names it', () => {
  expect(() => placeResult('$.a.b', { a: 1 }, 'r')).toThrow('States.ResultPathMatchFailure');
  expect(() => placeResult('$.a[3]', { a: [] }, 'r')).toThrow('States.ResultPathMatchFailure');
});

test('InputPath and OutputPath select, and null gives an empty object', () => {
  const scope = { input: { a: { b: 1 } }, context: { Execution: { Name: 'n' } } };
  expect(selectInput({ Type: 'Pass', InputPath: '$.a' }, scope)).toEqual({ b: 1 });
  expect(selectInput({ Type: 'Pass', InputPath: '$$.Execution' }, scope)).toEqual({ Name: 'n' });
  expect(selectOutput({ Type: 'Pass', OutputPath: null }, scope)).toEqual({});
  expect(() => selectOutput({ Type: 'Pass' }, { ...scope, input: 'x'.repeat(262_145) })).toThrow(
    'DataLimitExceeded',
  );
});

test('a template fills its paths at any depth and leaves the rest', () => {
  const scope = { input: { a: 1, many: [{ v: 1 }, { v: 2 }] }, context: { Execution: { Id: 'e' } } };
  const template = {
    'one.$': '$.a',
    deep: [{ 'all.$': '$.many[*].v', 'id.$': '$$.Execution.Id' }],
    plain: '$.a',
  };
  expect(fillTemplate(template, scope)).toEqual({ one: 1, deep: [{ all: [1, 2], id: 'e' }], plain: '$.a' });
});

test.each([
  [['States.ALL'], 'Anything', true],
  [['States.ALL'], 'States.Runtime', false],
  [['States.TaskFailed'], 'Lambda.Unknown', true],
  [['States.TaskFailed'], 'States.Timeout', false],
  [['A', 'B'], 'B', true],
  [['States.Runtime'], 'States.Runtime', false],
  [['States.ALL'], 'States.DataLimitExceeded', false],
  [['States.DataLimitExceeded'], 'States.DataLimitExceeded', true],
])('%j covers %s: %s', (names, error, expected) => {
  expect(covers(names, new StateError(error, ''))).toBe(expected);
});

test('retries grow, stop at their bound, and count per retrier', () => {
  const retries = createRetries({
    Type: 'Task',
    Retry: [
      { ErrorEquals: ['A'], IntervalSeconds: 2, MaxAttempts: 3, BackoffRate: 3, MaxDelaySeconds: 10 },
      { ErrorEquals: ['States.ALL'], MaxAttempts: 1 },
    ],
  });
  const next = (name: string) => retries.next(new StateError(name, ''));
  expect([next('A'), next('A'), next('B'), next('A'), next('A'), next('B')]).toEqual([
    2000,
    6000,
    1000,
    10_000,
    undefined,
    undefined,
  ]);
  expect(retries.count).toBe(4);
});

test('full jitter waits some part of the delay', () => {
  const retries = createRetries(
    { Type: 'Task', Retry: [{ ErrorEquals: ['A'], JitterStrategy: 'FULL' }] },
    [],
    () => 0.25,
  );
  expect(retries.next(new StateError('A', ''))).toBe(250);
});
