import { describe, expect, test, vi } from 'vitest';
import type { HistoryEvent } from './history.ts';
import {
  answer,
  failure,
  functionArn,
  invoke,
  machineArn,
  one,
  stepFunctionsFixture,
  task,
} from './testing.ts';

const fixture = stepFunctionsFixture();
const standard = { type: 'STANDARD' };

const pass = (more: object = {}) => ({ Type: 'Pass', End: true, ...more });

async function start(definition: unknown, input: unknown = {}, name = 'x'): Promise<string> {
  await fixture.trust(definition, 'STANDARD');
  await fixture.apply(definition, standard);
  const started = await fixture.call('StartExecution', {
    stateMachineArn: machineArn,
    name,
    input: JSON.stringify(input),
  });
  return String(started['executionArn']);
}

const describe_ = (executionArn: string) => fixture.call('DescribeExecution', { executionArn });

async function ended(executionArn: string): Promise<Record<string, unknown>> {
  await vi.waitFor(
    async () => expect(await describe_(executionArn)).not.toMatchObject({ status: 'RUNNING' }),
    10_000,
  );
  return describe_(executionArn);
}

async function eventsOf(executionArn: string) {
  const { events } = await fixture.call('GetExecutionHistory', { executionArn, maxResults: 1000 });
  return events as (HistoryEvent & Record<string, unknown>)[];
}

const shapeOf = (events: HistoryEvent[]) =>
  events.map(({ id, previousEventId, type }) => `${id}<${previousEventId} ${type}`);

describe('a history', () => {
  test('names the event before each on its line, as AWS does', async () => {
    const arn = await start({
      StartAt: 'Both',
      States: {
        Both: {
          Type: 'Parallel',
          Branches: [one(pass(), 'Left')],
          Next: 'Each',
        },
        Each: {
          Type: 'Map',
          ItemProcessor: one(pass(), 'Item'),
          End: true,
        },
      },
    });
    expect(await ended(arn)).toMatchObject({ status: 'SUCCEEDED', output: '[{}]' });
    expect(shapeOf(await eventsOf(arn))).toEqual([
      '1<0 ExecutionStarted',
      '2<0 ParallelStateEntered',
      '3<2 ParallelStateStarted',
      '4<3 PassStateEntered',
      '5<4 PassStateExited',
      '6<5 ParallelStateSucceeded',
      '7<5 ParallelStateExited',
      '8<7 MapStateEntered',
      '9<8 MapStateStarted',
      '10<9 MapIterationStarted',
      '11<10 PassStateEntered',
      '12<11 PassStateExited',
      '13<12 MapIterationSucceeded',
      '14<13 MapStateSucceeded',
      '15<13 MapStateExited',
      '16<15 ExecutionSucceeded',
    ]);
  });

  test('tells what was assigned, and leaves data out where none is wanted', async () => {
    const arn = await start(one(pass({ Assign: { 'a.$': '$.v', b: [1] } })), { v: 'x' });
    await ended(arn);
    const events = await eventsOf(arn);
    expect(events[2]?.['stateExitedEventDetails']).toEqual({
      name: 'Only',
      output: '{"v":"x"}',
      outputDetails: { truncated: false },
      assignedVariables: { a: '"x"', b: '[1]' },
      assignedVariablesDetails: { truncated: false },
    });
    const bare = await fixture.call('GetExecutionHistory', {
      executionArn: arn,
      includeExecutionData: false,
    });
    expect(JSON.stringify(bare)).not.toContain('"output"');
  });

  test('records what the failure of one branch ended in the others', async () => {
    invoke.mockResolvedValue(failure('Broken'));
    const wait = one({ Type: 'Wait', Seconds: 600, End: true }, 'Waits');
    const arn = await start(one({ Type: 'Parallel', Branches: [one(task(), 'Breaks'), wait], End: true }));
    expect(await ended(arn)).toMatchObject({ status: 'FAILED', error: 'Broken' });
    const types = (await eventsOf(arn)).map(({ type }) => type);
    expect(types.slice(-4)).toEqual([
      'LambdaFunctionFailed',
      'WaitStateAborted',
      'ParallelStateFailed',
      'ExecutionFailed',
    ]);
  });

  test('ends an execution when it is full', async () => {
    const arn = await start({
      StartAt: 'A',
      States: {
        A: { Type: 'Pass', Next: 'B' },
        B: { Type: 'Choice', Choices: [{ Variable: '$.never', IsPresent: true, Next: 'C' }], Default: 'A' },
        C: { Type: 'Succeed' },
      },
    });
    expect(await ended(arn)).toMatchObject({
      status: 'FAILED',
      cause: expect.stringContaining('maximum number of history events (25000)'),
    });
    const last = await fixture.call('GetExecutionHistory', {
      executionArn: arn,
      reverseOrder: true,
      maxResults: 1,
    });
    expect(last).toMatchObject({ events: [{ id: 25_000, type: 'ExecutionFailed' }], nextToken: '1' });
  });
});

describe('variables', () => {
  const machine = {
    StartAt: 'Set',
    States: {
      Set: { Type: 'Pass', Assign: { 'n.$': '$.n', list: [1, 2] }, Next: 'Change' },
      Change: {
        Type: 'Pass',
        Parameters: { 'was.$': '$n' },
        Assign: { n: 2, 'before.$': '$n', 'fromResult.$': '$.was' },
        ResultPath: null,
        Next: 'Decide',
      },
      Decide: {
        Type: 'Choice',
        Choices: [{ Variable: '$n', NumericEquals: 2, Next: 'Each', Assign: { chosen: true } }],
        Default: 'Wrong',
        Assign: { chosen: false },
      },
      Wrong: { Type: 'Fail' },
      Each: {
        Type: 'Map',
        ItemsPath: '$list',
        ItemProcessor: one(
          pass({ Parameters: { 'outer.$': '$n', 'sum.$': 'States.MathAdd($n, $list[0])' } }),
          'Item',
        ),
        ResultPath: '$.each',
        Next: 'Show',
      },
      Show: {
        ...pass(),
        Parameters: {
          'n.$': '$n',
          'before.$': '$before',
          'fromResult.$': '$fromResult',
          'chosen.$': '$chosen',
          'last.$': '$list[-1]',
          'each.$': '$.each',
        },
      },
    },
  };

  test('are all set at once, seen within, and of the rule that was chosen', async () => {
    const result = await fixture.run(machine, { n: 1 });
    const inner = { outer: 2, sum: 3 };
    expect(JSON.parse(String(result['output']))).toEqual({
      n: 2,
      before: 1,
      fromResult: 1,
      chosen: true,
      last: 2,
      each: [inner, inner],
    });
  });

  test('that are not set fail the execution with the place', async () => {
    const result = await fixture.run(one(pass({ Parameters: { 'a.$': '$nothing' } })));
    expect(result).toMatchObject({
      error: 'States.Runtime',
      cause: expect.stringMatching(
        /^An error occurred while executing the state 'Only' \(entered at the event id #2\)/u,
      ),
    });
  });

  test('are set by a catcher from its error', async () => {
    invoke.mockResolvedValue(failure('Broken'));
    const result = await fixture.run({
      StartAt: 'A',
      States: {
        A: task({
          Catch: [{ ErrorEquals: ['States.ALL'], Assign: { 'e.$': '$.Error' }, ResultPath: null, Next: 'B' }],
        }),
        B: pass({ Parameters: { 'e.$': '$e' } }),
      },
    });
    expect(result['output']).toBe('{"e":"Broken"}');
  });
});

describe('a redrive', () => {
  test('goes on from the states that failed, and keeps what succeeded', async () => {
    invoke.mockImplementation(async (name, payload) =>
      name.endsWith('bad') ? failure('Broken') : answer(payload),
    );
    const arn = await start(
      {
        StartAt: 'First',
        States: {
          First: task({ End: undefined, Next: 'Each' }),
          Each: {
            Type: 'Map',
            ItemsPath: '$.items',
            MaxConcurrency: 1,
            ItemProcessor: {
              StartAt: 'Work',
              States: {
                Work: task({ End: undefined, Next: 'Then' }),
                Then: task({ Resource: functionArn('bad') }),
              },
            },
            End: true,
          },
        },
      },
      { items: [1, 2] },
    );
    expect(await ended(arn)).toMatchObject({
      status: 'FAILED',
      redriveStatus: 'REDRIVABLE',
      redriveCount: 0,
    });
    invoke.mockClear().mockImplementation(async (_, payload) => answer(payload));
    await fixture.call('RedriveExecution', { executionArn: arn });
    expect(await ended(arn)).toMatchObject({
      status: 'SUCCEEDED',
      output: '[1,2]',
      redriveCount: 1,
      redriveStatus: 'NOT_REDRIVABLE',
    });
    expect(invoke.mock.calls.map(([name, payload]) => [name.split(':').at(-1), payload])).toEqual([
      ['bad', 1],
      ['f', 2],
      ['bad', 2],
    ]);
    const types = (await eventsOf(arn)).map(({ type }) => type);
    expect(types.filter((type) => type === 'ExecutionRedriven')).toHaveLength(1);
    expect(types.filter((type) => type === 'MapStateEntered')).toHaveLength(1);
    await expect(fixture.call('RedriveExecution', { executionArn: arn })).rejects.toMatchObject({
      code: 'ExecutionNotRedrivable',
    });
  });
});

describe('a nested execution', () => {
  test.each([
    ['sync', '{"v":1}'],
    ['sync:2', { v: 1 }],
  ])('is waited for with .%s', async (pattern, output) => {
    const child = one(pass({ Result: { v: 1 } }));
    await fixture.trust(child, 'STANDARD');
    await fixture.apply(child, { ...standard, name: 'child' });
    const arn = await start(
      one({
        Type: 'Task',
        Resource: `arn:aws:states:::states:startExecution.${pattern}`,
        Parameters: { StateMachineArn: machineArn.replace(/m$/u, 'child'), Input: {} },
        OutputPath: '$.Output',
        End: true,
      }),
    );
    expect(JSON.parse(String((await ended(arn))['output']))).toEqual(output);
    expect((await eventsOf(arn)).map(({ type }) => type)).toContain('TaskSubmitted');
  });

  test('that fails fails its parent, and is stopped with it', async () => {
    await fixture.apply(one({ Type: 'Fail', Error: 'Why' }), { ...standard, name: 'child' });
    const parent = one({
      Type: 'Task',
      Resource: 'arn:aws:states:::states:startExecution.sync:2',
      Parameters: { StateMachineArn: machineArn.replace(/m$/u, 'child'), 'Name.$': '$.child' },
      End: true,
    });
    expect(await ended(await start(parent, { child: 'b' }))).toMatchObject({
      status: 'FAILED',
      error: 'States.TaskFailed',
      cause: expect.stringContaining('"Error":"Why"'),
    });
    const child = { ...standard, name: 'child' };
    await fixture.apply(one({ Type: 'Wait', Seconds: 600, End: true }), child);
    const arn = await start(parent, { child: 'c' }, 'y');
    const childArn = 'arn:aws:states:us-east-1:000000000000:execution:child:c';
    await vi.waitFor(async () => expect(await describe_(childArn)).toMatchObject({ status: 'RUNNING' }));
    await fixture.call('StopExecution', { executionArn: arn });
    expect(await ended(childArn)).toMatchObject({ status: 'ABORTED' });
  });
});
