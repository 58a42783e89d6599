import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Functions, Invocation, Logs } from '../../core/cloud.ts';
import { AwsError } from '../../core/errors.ts';
import type { Attributes, AwsRequest, Service } from '../../core/service.ts';
import { createTestCloud, type TestCloud, testResource } from '../../core/testing.ts';
import { createStepFunctions } from './index.ts';

const request: AwsRequest = {
  method: 'POST',
  path: '/',
  query: new URLSearchParams(),
  headers: {},
  body: Buffer.alloc(0),
  region: 'us-east-1',
};
const machineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:m';
const functionArn = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
const roleArn = 'arn:aws:iam::000000000000:role/r';

let cloud: TestCloud;
let service: Service;
const invoke = vi.fn<Functions['invoke']>();
const write = vi.fn<Logs['write']>();

const answer = (payload: unknown): Invocation => ({ payload, requestId: 'r' });
const failure = (errorType: string): Invocation => ({
  payload: { errorType, errorMessage: 'no' },
  functionError: 'Unhandled',
  requestId: 'r',
});

beforeEach(async () => {
  invoke.mockReset().mockImplementation(async (_, payload) => answer(payload));
  write.mockReset();
  cloud = createTestCloud();
  await open();
});

afterEach(async () => {
  await service.stop?.();
  cloud.remove();
});

async function open(): Promise<void> {
  service = await createStepFunctions(cloud);
  cloud.ports.functions = { invoke, enqueue: () => Promise.resolve() };
  cloud.ports.logs = { write };
}

async function apply(definition: unknown, more: Attributes = {}): Promise<Attributes> {
  const desired = {
    name: 'm',
    type: 'EXPRESS',
    role_arn: roleArn,
    definition: JSON.stringify(definition),
    ...more,
  };
  const handler = service.resources['aws_sfn_state_machine'];
  if (!handler) throw new Error('no state machine');
  return handler.apply(testResource('aws_sfn_state_machine', 'm', desired), undefined);
}

async function call(operation: string, input: Record<string, unknown>): Promise<Record<string, unknown>> {
  const run = service.operations?.[operation];
  if (!run) throw new Error(`no ${operation}`);
  return { ...(await run(input, request)) };
}

async function run(definition: unknown, input: unknown = {}): Promise<Record<string, unknown>> {
  await apply(definition);
  return call('StartSyncExecution', { stateMachineArn: machineArn, input: JSON.stringify(input) });
}

const output = (result: Record<string, unknown>): unknown => JSON.parse(String(result['output']));
const one = (state: unknown, name = 'Only') => ({ StartAt: name, States: { [name]: state } });
const task = (more: object = {}) => ({ Type: 'Task', Resource: functionArn('f'), End: true, ...more });

describe('an execution', () => {
  test('hands data from state to state', async () => {
    const result = await run(
      {
        StartAt: 'Shape',
        States: {
          Shape: {
            Type: 'Pass',
            Parameters: { 'id.$': '$.detail.id', k: 1 },
            ResultPath: '$.shaped',
            Next: 'Work',
          },
          Work: {
            ...task({ End: undefined, InputPath: '$.shaped', ResultSelector: { 'got.$': '$.id' } }),
            ResultPath: '$.worked',
            Next: 'Decide',
          },
          Decide: {
            Type: 'Choice',
            Choices: [{ Variable: '$.worked.got', NumericGreaterThan: 5, Next: 'Done' }],
            Default: 'Wrong',
          },
          Wrong: { Type: 'Fail', Error: 'TooSmall', Cause: 'c' },
          Done: { Type: 'Succeed', OutputPath: '$.worked' },
        },
      },
      { detail: { id: 7 } },
    );
    expect(result).toMatchObject({ status: 'SUCCEEDED', stateMachineArn: machineArn });
    expect(output(result)).toEqual({ got: 7 });
    expect(invoke).toHaveBeenCalledExactlyOnceWith(functionArn('f'), { id: 7, k: 1 }, {});
  });

  test('runs branches and items, in order of their place', async () => {
    const result = await run(
      {
        StartAt: 'Both',
        States: {
          Both: {
            Type: 'Parallel',
            Branches: [
              one({ Type: 'Pass', Result: 1, End: true }, 'First'),
              {
                StartAt: 'Each',
                States: {
                  Each: {
                    Type: 'Map',
                    ItemsPath: '$.items',
                    MaxConcurrency: 2,
                    ItemSelector: {
                      'i.$': '$$.Map.Item.Index',
                      'v.$': '$$.Map.Item.Value',
                      'all.$': '$.tag',
                    },
                    ItemProcessor: one(task()),
                    End: true,
                  },
                },
              },
            ],
            End: true,
          },
        },
      },
      { items: ['a', 'b', 'c'], tag: 't' },
    );
    expect(output(result)).toEqual([
      1,
      [
        { i: 0, v: 'a', all: 't' },
        { i: 1, v: 'b', all: 't' },
        { i: 2, v: 'c', all: 't' },
      ],
    ]);
  });

  test('retries what a retrier covers, then catches by the name of the error', async () => {
    invoke
      .mockRejectedValueOnce(new AwsError('TooManyRequestsException', 'Rate exceeded', 429))
      .mockResolvedValueOnce(failure('Conflict'));
    const result = await run(
      {
        StartAt: 'Work',
        States: {
          Work: task({
            Retry: [
              { ErrorEquals: ['Lambda.TooManyRequestsException'], IntervalSeconds: 1, MaxDelaySeconds: 1 },
            ],
            Catch: [{ ErrorEquals: ['Conflict'], ResultPath: '$.failure', Next: 'Caught' }],
          }),
          Caught: { Type: 'Succeed' },
        },
      },
      { a: 1 },
    );
    expect(invoke).toHaveBeenCalledTimes(2);
    expect(output(result)).toEqual({
      a: 1,
      failure: { Error: 'Conflict', Cause: '{"errorType":"Conflict","errorMessage":"no"}' },
    });
  });

  test('fails with error and cause, and the failure of a branch ends the others', async () => {
    invoke.mockImplementation(async (name) =>
      name.endsWith('bad') ? failure('Broken') : new Promise<Invocation>(() => undefined),
    );
    const result = await run(
      one({
        Type: 'Parallel',
        Branches: [one(task(), 'Slow'), one(task({ Resource: functionArn('bad') }), 'Bad')],
        End: true,
      }),
    );
    expect(result).toMatchObject({ status: 'FAILED', error: 'Broken' });
  });

  test('times out a task that takes too long', async () => {
    invoke.mockReturnValue(new Promise<Invocation>(() => undefined));
    const result = await run(one(task({ TimeoutSeconds: 1 })));
    expect(result).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
  });

  test('calls a function through lambda:invoke', async () => {
    const resource = 'arn:aws:states:::lambda:invoke';
    const result = await run(
      one(
        task({
          Resource: resource,
          Parameters: { FunctionName: 'f', 'Payload.$': '$' },
          OutputPath: '$.Payload',
        }),
      ),
      { a: 1 },
    );
    expect(output(result)).toEqual({ a: 1 });
  });

  test('puts events with the execution as a resource', async () => {
    const put = vi.fn().mockResolvedValue(['id-1']);
    cloud.ports.buses = { put };
    const Entries = [{ Source: 's', DetailType: 't', EventBusName: 'b', 'Detail.$': '$' }];
    await run(one(task({ Resource: 'arn:aws:states:::events:putEvents', Parameters: { Entries } })), {
      a: 1,
    });
    expect(put).toHaveBeenCalledWith([
      {
        source: 's',
        detailType: 't',
        busName: 'b',
        detail: { a: 1 },
        resources: [expect.stringContaining(':express:m:'), machineArn],
      },
    ]);
  });
});

describe('an EXPRESS machine', () => {
  const stored = () => cloud.state.namespace('stepfunctions').list('execution/');

  test('is durable when started, runs again after a crash, and is forgotten when done', async () => {
    invoke.mockReturnValue(new Promise<Invocation>(() => undefined));
    await apply(one(task()));
    await cloud.ports.stateMachines.start(machineArn, '{"a":1}', { traceHeader: 'Root=1-a-b' });
    expect(await stored()).toHaveLength(1);
    invoke.mockReset().mockResolvedValue(answer(1));
    await open();
    await apply(one(task()));
    await service.start?.();
    await vi.waitFor(async () => expect(await stored()).toEqual([]));
    expect(invoke).toHaveBeenCalledExactlyOnceWith(functionArn('f'), { a: 1 }, { traceHeader: 'Root=1-a-b' });
  });

  test('stops with the cloud and goes on with the next start', async () => {
    invoke.mockReturnValue(new Promise<Invocation>(() => undefined));
    await apply(one(task()));
    await cloud.ports.stateMachines.start(machineArn, '{}');
    await service.stop?.();
    expect(await stored()).toHaveLength(1);
  });

  test('records metrics, a segment, and its history in the log group', async () => {
    await apply(one(task()), {
      logging_configuration: {
        level: 'ALL',
        include_execution_data: true,
        log_destination: 'arn:aws:logs:us-east-1:000000000000:log-group:/aws/vendedlogs/states/m:*',
      },
      tracing_configuration: [{ enabled: true }],
    });
    const { executionArn } = await cloud.ports.stateMachines.start(machineArn, '{}', {
      traceHeader: 'Root=1-00000000-000000000000000000000000;Parent=53995c3f42cd8ad8;Sampled=1',
    });
    await vi.waitFor(() => expect(cloud.recorded.segments).toHaveLength(1));
    expect(cloud.recorded.metrics.map(({ name }) => name)).toEqual([
      'ExecutionsStarted',
      'ExecutionsSucceeded',
      'ExecutionTime',
    ]);
    const [segment] = cloud.recorded.segments;
    expect(segment).toMatchObject({
      parent_id: '53995c3f42cd8ad8',
      origin: 'AWS::StepFunctions::StateMachine',
    });
    expect(invoke.mock.calls[0]?.[2]?.traceHeader).toContain(`Parent=${segment?.id};Sampled=1`);
    const events = write.mock.calls.map(
      ([, , [line]]) => JSON.parse(line?.message ?? '') as Record<string, unknown>,
    );
    expect(write.mock.calls[0]?.[0]).toBe('/aws/vendedlogs/states/m');
    expect(events.map(({ type }) => type)).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      'LambdaFunctionScheduled',
      'LambdaFunctionStarted',
      'LambdaFunctionSucceeded',
      'TaskStateExited',
      'ExecutionSucceeded',
    ]);
    expect(events[0]).toMatchObject({
      id: '1',
      previous_event_id: '0',
      event_timestamp: expect.stringMatching(/^\d{13}$/u),
      execution_arn: executionArn,
      details: { input: '{}', inputDetails: { truncated: false }, roleArn },
    });
  });

  test('answers AWS errors to what only STANDARD has', async () => {
    await apply(one({ Type: 'Succeed' }));
    const { executionArn } = await call('StartExecution', { stateMachineArn: machineArn });
    await expect(call('DescribeExecution', { executionArn })).rejects.toMatchObject({ code: 'InvalidArn' });
    await expect(call('ListExecutions', { stateMachineArn: machineArn })).rejects.toMatchObject({
      code: 'StateMachineTypeNotSupported',
    });
  });
});

describe('a STANDARD machine', () => {
  const standard = { type: 'STANDARD' };
  const two = {
    StartAt: 'A',
    States: { A: { ...task(), End: undefined, Next: 'B' }, B: task({ Resource: functionArn('g') }) },
  };
  const describe_ = (executionArn: unknown) => call('DescribeExecution', { executionArn });

  test('goes on before the state it had reached, and its history is whole', async () => {
    invoke.mockImplementation(async (name, payload) =>
      name.endsWith('g') ? new Promise<Invocation>(() => undefined) : answer(payload),
    );
    await apply(two, standard);
    const { executionArn } = await call('StartExecution', {
      stateMachineArn: machineArn,
      name: 'x',
      input: '{"a":1}',
    });
    await vi.waitFor(() => expect(invoke).toHaveBeenCalledTimes(2));
    await service.stop?.();
    invoke.mockReset().mockResolvedValue(answer('end'));
    await open();
    await apply(two, standard);
    await service.start?.();
    await vi.waitFor(async () =>
      expect(await describe_(executionArn)).toMatchObject({ status: 'SUCCEEDED' }),
    );
    expect(await describe_(executionArn)).toMatchObject({ name: 'x', input: '{"a":1}', output: '"end"' });
    expect(invoke).toHaveBeenCalledExactlyOnceWith(functionArn('g'), { a: 1 }, {});
    const { events } = (await call('GetExecutionHistory', { executionArn })) as {
      events: { id: number; type: string }[];
    };
    expect(events.map(({ id }) => id)).toEqual(events.map((_, index) => index + 1));
    expect(events.filter(({ type }) => type === 'TaskStateEntered')).toHaveLength(2);
    expect(events[0]).toMatchObject({
      previousEventId: 0,
      executionStartedEventDetails: { input: '{"a":1}' },
    });
  });

  test('answers a repeated start once, and is stopped', async () => {
    await apply(one({ Type: 'Wait', Seconds: 600, End: true }), standard);
    const start = { stateMachineArn: machineArn, name: 'x', input: '{}' };
    const first = await call('StartExecution', start);
    expect(await call('StartExecution', start)).toEqual(first);
    await expect(call('StartExecution', { ...start, input: '[]' })).rejects.toMatchObject({
      code: 'ExecutionAlreadyExists',
    });
    const { executionArn } = first;
    await call('StopExecution', { executionArn, error: 'Enough', cause: 'why' });
    expect(await describe_(executionArn)).toMatchObject({ status: 'ABORTED', error: 'Enough', cause: 'why' });
    const { executions } = await call('ListExecutions', {
      stateMachineArn: machineArn,
      statusFilter: 'ABORTED',
    });
    expect(executions).toEqual([expect.objectContaining({ executionArn })]);
  });
});

describe('a definition', () => {
  test.each<[string, unknown, string]>([
    ['JSONata', { QueryLanguage: 'JSONata', ...one({ Type: 'Succeed' }) }, 'JSONata'],
    ['a resource it cannot call', one(task({ Resource: 'arn:aws:states:::sns:publish' })), 'sns:publish'],
    ['a task token', one(task({ Parameters: { 't.$': '$$.Task.Token' } })), 'task tokens'],
    ['variables', one({ Type: 'Pass', Assign: { a: 1 }, End: true }), "Assign) in state 'Only'"],
    ['a target that is not there', one({ Type: 'Pass', Next: 'Gone' }), 'SCHEMA_VALIDATION_FAILED'],
  ])('with %s is refused', async (_, definition, reason) => {
    const refused = await apply(definition).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'InvalidDefinition', message: expect.stringContaining(reason) });
    const checked = await call('ValidateStateMachineDefinition', { definition: JSON.stringify(definition) });
    expect(checked).toMatchObject({ result: 'FAIL' });
  });

  test('that is right is described, listed and validated', async () => {
    const attributes = await apply(one({ Type: 'Succeed' }));
    expect(attributes).toMatchObject({ id: machineArn, arn: machineArn, name: 'm', status: 'ACTIVE' });
    expect(await call('ListStateMachines', {})).toMatchObject({
      stateMachines: [{ stateMachineArn: machineArn, type: 'EXPRESS' }],
    });
    expect(await call('DescribeStateMachine', { stateMachineArn: machineArn })).toMatchObject({ roleArn });
    expect(
      await call('ValidateStateMachineDefinition', { definition: JSON.stringify(one({ Type: 'Succeed' })) }),
    ).toMatchObject({ result: 'OK' });
  });
});

test.each<[string, Record<string, unknown>, string]>([
  ['an unknown machine', { stateMachineArn: `${machineArn}x` }, 'StateMachineDoesNotExist'],
  ['input that is no JSON', { stateMachineArn: machineArn, input: '{' }, 'InvalidExecutionInput'],
  ['a name with a space', { stateMachineArn: machineArn, name: 'a b' }, 'InvalidName'],
  ['no machine', {}, 'ValidationException'],
  ['an input that is no text', { stateMachineArn: machineArn, input: {} }, 'ValidationException'],
])('a start with %s is refused', async (_, input, code) => {
  await apply(one({ Type: 'Succeed' }));
  await expect(call('StartExecution', input)).rejects.toMatchObject({ code });
});
