import { expect } from 'vitest';
import type { Case } from '../../case.ts';
import {
  errors,
  functions,
  gives,
  historyOf,
  one,
  outputOf,
  pass,
  paths,
  run,
  service,
  variables,
} from './play.ts';

/** What states make of their input. */
export const language: Case[] = [
  gives(
    'a path selects with filters, slices, wildcards and descent',
    {
      Type: 'Pass',
      Parameters: {
        'dear.$': '$.books[?(@.price > 10)].name',
        'two.$': '$.books[0:2].price',
        'all.$': '$..price',
        'last.$': '$.books[-1:].name',
      },
    },
    {
      books: [
        { name: 'a', price: 8 },
        { name: 'b', price: 12 },
        { name: 'c', price: 20 },
      ],
    },
    { dear: ['b', 'c'], two: [8, 12], all: [8, 12, 20], last: ['c'] },
    `A path is JSONPath: ${paths}`,
  ),
  gives(
    'a result is placed beside the input, and the output taken from both',
    { Type: 'Pass', InputPath: '$.a', Result: { r: 1 }, ResultPath: '$.placed.here', OutputPath: '$.placed' },
    { a: 1 },
    { here: { r: 1 } },
  ),
  gives(
    'a result that is placed nowhere is dropped',
    { Type: 'Pass', Result: 1, ResultPath: null },
    { a: 1 },
    { a: 1 },
  ),
  gives(
    'functions format, split, join and compute',
    {
      Type: 'Pass',
      Parameters: {
        'text.$': "States.Format('Hello {} and {}', $.name, States.ArrayLength($.list))",
        'parts.$': "States.StringSplit('a.b+c', '.+')",
        'pages.$': 'States.ArrayPartition($.list, 2)',
        'has.$': 'States.ArrayContains($.list, 2)',
        'range.$': 'States.ArrayRange(1, 9, 4)',
        'item.$': 'States.ArrayGetItem($.list, 1)',
        'unique.$': 'States.ArrayUnique($.list)',
        'encoded.$': 'States.Base64Encode($.name)',
        'decoded.$': "States.Base64Decode('YQ==')",
        'hash.$': "States.Hash('a', 'MD5')",
        'sum.$': 'States.MathAdd(40, 2)',
        'merged.$': 'States.JsonMerge($.one, $.two, false)',
        'json.$': 'States.StringToJson($.text)',
        'string.$': 'States.JsonToString($.one)',
      },
    },
    { name: 'a', list: [1, 2, 2], one: { x: 1, y: 1 }, two: { y: 2 }, text: '{"z":3}' },
    {
      text: 'Hello a and 3',
      parts: ['a', 'b', 'c'],
      pages: [[1, 2], [2]],
      has: true,
      range: [1, 5, 9],
      item: 2,
      unique: [1, 2],
      encoded: 'YQ==',
      decoded: 'a',
      hash: '0cc175b9c0f1b6a831c399e269772661',
      sum: 42,
      merged: { x: 1, y: 2 },
      json: { z: 3 },
      string: '{"x":1,"y":1}',
    },
    `The functions and what they answer: ${functions}`,
  ),
  gives(
    'branches give a list in their order',
    { Type: 'Parallel', Branches: [pass({ Result: 1 }, 'First'), pass({ Result: 2 }, 'Second')] },
    {},
    [1, 2],
  ),
  gives(
    'each item is mapped with its index, its value and the input around it',
    {
      Type: 'Map',
      ItemsPath: '$.items',
      MaxConcurrency: 1,
      ItemSelector: { 'i.$': '$$.Map.Item.Index', 'v.$': '$$.Map.Item.Value', 'tag.$': '$.tag' },
      ItemProcessor: { ProcessorConfig: { Mode: 'INLINE' }, ...pass({}, 'Item') },
      ResultSelector: { 'all.$': '$' },
    },
    { items: ['a', 'b'], tag: 't' },
    {
      all: [
        { i: 0, v: 'a', tag: 't' },
        { i: 1, v: 'b', tag: 't' },
      ],
    },
  ),
  gives('no items give no results', { Type: 'Map', ItemProcessor: pass({}, 'Item') }, [], []),
  {
    service,
    name: 'the context object names the execution, the state and the machine',
    operations: ['StartExecution', 'DescribeExecution'],
    async run(clients) {
      const {
        executionArn,
        stateMachineArn,
        output = '',
      } = await run(
        clients,
        pass({
          Parameters: {
            'id.$': '$$.Execution.Id',
            'input.$': '$$.Execution.Input',
            'state.$': '$$.State.Name',
            'machine.$': '$$.StateMachine.Id',
          },
        }),
        { a: 1 },
      );
      const told = { id: executionArn, input: { a: 1 }, state: 'Only', machine: stateMachineArn };
      expect(JSON.parse(output)).toEqual(told);
    },
  },
  {
    service,
    name: 'what a state assigns is a variable of all that follow',
    operations: ['StartExecution', 'DescribeExecution'],
    settled: `Assign sets variables, which $name reads: ${variables}`,
    async run(clients) {
      const { output } = await run(
        clients,
        {
          StartAt: 'Set',
          States: {
            Set: { Type: 'Pass', Assign: { 'kept.$': '$.v' }, Next: 'Show' },
            Show: { Type: 'Pass', Parameters: { 'kept.$': '$kept.deep[0]' }, End: true },
          },
        },
        { v: { deep: ['x'] } },
      );
      expect(output).toBe('{"kept":"x"}');
    },
  },
  {
    service,
    name: 'a choice follows the first rule that holds',
    operations: ['StartExecution', 'DescribeExecution'],
    async run(clients) {
      const chooses = {
        StartAt: 'Choose',
        States: {
          Choose: {
            Type: 'Choice',
            Choices: [
              {
                And: [
                  { Variable: '$.n', NumericGreaterThan: 1 },
                  { Not: { Variable: '$.s', StringMatches: 'no*' } },
                  { Variable: '$.absent', IsPresent: false },
                ],
                Next: 'Right',
              },
              { Variable: '$.at', TimestampLessThan: '2020-01-01T00:00:00Z', Next: 'Early' },
            ],
            Default: 'Other',
          },
          Right: { Type: 'Pass', Result: 'right', End: true },
          Early: { Type: 'Pass', Result: 'early', End: true },
          Other: { Type: 'Pass', Result: 'other', End: true },
        },
      };
      const inputs = [
        { n: 2, s: 'yes', at: '2010-01-01T00:00:00Z' },
        { n: 2, s: 'not', at: '2010-01-01T00:00:00Z' },
        { n: 1, s: 'yes', at: '2030-01-01T00:00:00Z' },
      ];
      const each = { Type: 'Map', ItemProcessor: chooses };
      expect(await outputOf(clients, each, inputs)).toEqual(['right', 'early', 'other']);
    },
  },
];

/** How executions fail, and what is caught. */
export const failing: Case[] = [
  {
    service,
    name: 'a failing state fails the execution with its error and cause',
    operations: ['StartExecution', 'DescribeExecution', 'GetExecutionHistory'],
    async run(clients) {
      const ended = await run(clients, one({ Type: 'Fail', Error: 'Why', Cause: 'because' }));
      expect(ended).toMatchObject({ status: 'FAILED', error: 'Why', cause: 'because' });
      const last = (await historyOf(clients, ended.executionArn ?? '')).at(-1);
      expect(last).toMatchObject({
        type: 'ExecutionFailed',
        executionFailedEventDetails: { error: 'Why', cause: 'because' },
      });
    },
  },
  {
    service,
    name: 'a failing state takes its error and cause from the input',
    operations: ['StartExecution', 'DescribeExecution'],
    async run(clients) {
      const CausePath = "States.Format('It was {}', $.what)";
      const ended = await run(clients, one({ Type: 'Fail', ErrorPath: '$.error', CausePath }), {
        error: 'E',
        what: 'it',
      });
      expect(ended).toMatchObject({ status: 'FAILED', error: 'E', cause: 'It was it' });
    },
    settled: 'Fail: https://docs.aws.amazon.com/step-functions/latest/dg/state-fail.html',
  },
  {
    service,
    name: 'a failure within a branch is caught, and told where the catcher says',
    operations: ['StartExecution', 'DescribeExecution'],
    async run(clients) {
      const { output = '' } = await run(
        clients,
        {
          StartAt: 'Try',
          States: {
            Try: {
              Type: 'Parallel',
              Branches: [one({ Type: 'Fail', Error: 'Inner', Cause: 'c' }, 'Inner')],
              Catch: [
                { ErrorEquals: ['Other'], Next: 'Wrong' },
                { ErrorEquals: ['States.ALL'], ResultPath: '$.failed', Next: 'Caught' },
              ],
              End: true,
            },
            Wrong: { Type: 'Fail' },
            Caught: { Type: 'Pass', End: true },
          },
        },
        { a: 1 },
      );
      expect(JSON.parse(output)).toEqual({ a: 1, failed: { Error: 'Inner', Cause: 'c' } });
    },
  },
  {
    service,
    name: 'a path that names nothing fails with States.Runtime, which nothing catches',
    operations: ['StartExecution', 'DescribeExecution'],
    settled: `States.ALL does not catch States.Runtime: ${errors}`,
    async run(clients) {
      const ended = await run(clients, {
        StartAt: 'Try',
        States: {
          Try: {
            Type: 'Parallel',
            Branches: [pass({ Parameters: { 'a.$': '$.nothing' } }, 'Inner')],
            Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }],
            End: true,
          },
          Caught: { Type: 'Succeed' },
        },
      });
      expect(ended).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
    },
  },
  {
    service,
    name: 'an execution that takes longer than its machine allows times out',
    operations: ['StartExecution', 'DescribeExecution'],
    settled:
      'TimeoutSeconds: https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html',
    async run(clients) {
      const wait = one({ Type: 'Wait', Seconds: 60, End: true });
      expect(await run(clients, { ...wait, TimeoutSeconds: 1 })).toMatchObject({ status: 'TIMED_OUT' });
    },
  },
];
