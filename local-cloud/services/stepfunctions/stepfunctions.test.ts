import { describe, expect, test, vi } from 'vitest';
import {
  answer,
  functionArn,
  invoke,
  machineArn,
  never,
  one,
  roleArn,
  stepFunctionsFixture,
  task,
  write,
} from './testing.ts';

const fixture = stepFunctionsFixture();

describe('an EXPRESS machine', () => {
  const stored = () => fixture.cloud.state.namespace('stepfunctions').list('execution/');

  test('is durable when started, runs again after a crash, and is forgotten when done', async () => {
    invoke.mockReturnValue(never());
    await fixture.apply(one(task()));
    await fixture.cloud.ports.stateMachines.start(machineArn, '{"a":1}', { traceHeader: 'Root=1-a-b' });
    expect(await stored()).toHaveLength(1);
    invoke.mockReset().mockResolvedValue(answer(1));
    await fixture.open();
    await fixture.apply(one(task()));
    await fixture.service.resume?.();
    await vi.waitFor(async () => expect(await stored()).toEqual([]));
    expect(invoke).toHaveBeenCalledExactlyOnceWith(
      functionArn('f'),
      { a: 1 },
      { traceHeader: 'Root=1-a-b', background: true },
    );
  });

  test('stops with the cloud and goes on with the next start', async () => {
    invoke.mockReturnValue(never());
    await fixture.apply(one(task()));
    await fixture.cloud.ports.stateMachines.start(machineArn, '{}');
    await fixture.service.stop?.();
    expect(await stored()).toHaveLength(1);
  });

  test('records metrics, a segment, and its history in the log group', async () => {
    await fixture.apply(one(task()), {
      logging_configuration: {
        level: 'ALL',
        include_execution_data: true,
        log_destination: 'arn:aws:logs:us-east-1:000000000000:log-group:/aws/vendedlogs/states/m:*',
      },
      tracing_configuration: [{ enabled: true }],
    });
    const { executionArn } = await fixture.cloud.ports.stateMachines.start(machineArn, '{}', {
      traceHeader: 'Root=1-00000000-000000000000000000000000;Parent=53995c3f42cd8ad8;Sampled=1',
    });
    await vi.waitFor(() => expect(fixture.cloud.recorded.segments).toHaveLength(3));
    expect(fixture.cloud.recorded.metrics.map(({ name }) => name)).toEqual([
      'ExecutionsStarted',
      'ExecutionsSucceeded',
      'ExecutionTime',
    ]);
    const [call, state, segment] = fixture.cloud.recorded.segments;
    expect(state).toMatchObject({ parent_id: segment?.id, type: 'subsegment', name: 'Only' });
    expect(call).toMatchObject({ parent_id: state?.id, name: 'Lambda', namespace: 'aws' });
    expect(segment).toMatchObject({
      parent_id: '53995c3f42cd8ad8',
      origin: 'AWS::StepFunctions::StateMachine',
    });
    expect(invoke.mock.calls[0]?.[2]?.traceHeader).toContain(`Parent=${call?.id};Sampled=1`);
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
    await fixture.apply(one({ Type: 'Succeed' }));
    const { executionArn } = await fixture.call('StartExecution', { stateMachineArn: machineArn });
    await expect(fixture.call('DescribeExecution', { executionArn })).rejects.toMatchObject({
      code: 'InvalidArn',
    });
    await expect(fixture.call('ListExecutions', { stateMachineArn: machineArn })).rejects.toMatchObject({
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
  const describe_ = (executionArn: unknown) => fixture.call('DescribeExecution', { executionArn });

  test('goes on before the state it had reached, and its history is whole', async () => {
    invoke.mockImplementation(async (name, payload) => (name.endsWith('g') ? never() : answer(payload)));
    await fixture.apply(two, standard);
    const { executionArn } = await fixture.call('StartExecution', {
      stateMachineArn: machineArn,
      name: 'x',
      input: '{"a":1}',
    });
    await vi.waitFor(() => expect(invoke).toHaveBeenCalledTimes(2));
    await fixture.service.stop?.();
    invoke.mockReset().mockResolvedValue(answer('end'));
    await fixture.open();
    await fixture.apply(two, standard);
    await fixture.service.resume?.();
    await vi.waitFor(async () =>
      expect(await describe_(executionArn)).toMatchObject({ status: 'SUCCEEDED' }),
    );
    expect(await describe_(executionArn)).toMatchObject({ name: 'x', input: '{"a":1}', output: '"end"' });
    expect(invoke).toHaveBeenCalledExactlyOnceWith(functionArn('g'), { a: 1 }, { background: true });
    const { events } = (await fixture.call('GetExecutionHistory', { executionArn })) as {
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
    await fixture.apply(one({ Type: 'Wait', Seconds: 600, End: true }), standard);
    const start = { stateMachineArn: machineArn, name: 'x', input: '{}' };
    const first = await fixture.call('StartExecution', start);
    expect(await fixture.call('StartExecution', start)).toEqual(first);
    await expect(fixture.call('StartExecution', { ...start, input: '[]' })).rejects.toMatchObject({
      code: 'ExecutionAlreadyExists',
    });
    const { executionArn } = first;
    await fixture.call('StopExecution', { executionArn, error: 'Enough', cause: 'why' });
    expect(await describe_(executionArn)).toMatchObject({ status: 'ABORTED', error: 'Enough', cause: 'why' });
    const { executions } = await fixture.call('ListExecutions', {
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
    [
      'a token where nothing waits',
      one(task({ Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken' })),
      "does not support '.waitForTaskToken'",
    ],
    [
      'a target that is not there',
      one({ Type: 'Pass', Next: 'Gone' }),
      "Missing 'Next' target: Gone at /States/Only/Next",
    ],
  ])('with %s is refused', async (_, definition, reason) => {
    const refused = await fixture.apply(definition).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'InvalidDefinition', message: expect.stringContaining(reason) });
    const checked = await fixture.call('ValidateStateMachineDefinition', {
      definition: JSON.stringify(definition),
      type: 'EXPRESS',
    });
    expect(checked).toMatchObject({ result: 'FAIL' });
  });

  test('that is right is described, listed and validated', async () => {
    const attributes = await fixture.apply(one({ Type: 'Succeed' }));
    expect(attributes).toMatchObject({ id: machineArn, arn: machineArn, name: 'm', status: 'ACTIVE' });
    expect(await fixture.call('ListStateMachines', {})).toMatchObject({
      stateMachines: [{ stateMachineArn: machineArn, type: 'EXPRESS' }],
    });
    expect(await fixture.call('DescribeStateMachine', { stateMachineArn: machineArn })).toMatchObject({
      roleArn,
    });
    expect(
      await fixture.call('ValidateStateMachineDefinition', {
        definition: JSON.stringify(one({ Type: 'Succeed' })),
      }),
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
  await fixture.apply(one({ Type: 'Succeed' }));
  await expect(fixture.call('StartExecution', input)).rejects.toMatchObject({ code });
});
