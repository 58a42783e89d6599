import { describe, expect, test, vi } from 'vitest';
import { answer, invoke, machineArn, one, stepFunctionsFixture } from './testing.ts';

const fixture = stepFunctionsFixture();
const standard = { type: 'STANDARD' };

const asking = (more: object = {}) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
  Parameters: { FunctionName: 'f', Payload: { 'token.$': '$$.Task.Token' } },
  End: true,
  ...more,
});

async function start(state: object): Promise<string> {
  await fixture.trust(one(state), 'STANDARD');
  await fixture.apply(one(state), standard);
  return String((await fixture.call('StartExecution', { stateMachineArn: machineArn }))['executionArn']);
}

const describe_ = (executionArn: string) => fixture.call('DescribeExecution', { executionArn });
const becomes = (executionArn: string, status: string) =>
  vi.waitFor(async () => expect(await describe_(executionArn)).toMatchObject({ status }), 10_000);

async function typesOf(executionArn: string) {
  const { events } = await fixture.call('GetExecutionHistory', { executionArn });
  return (events as { type: string }[]).map(({ type }) => type);
}

/** The token that the function was given. */
async function tokenOf(): Promise<string> {
  await vi.waitFor(() => expect(invoke).toHaveBeenCalled());
  const [, payload] = invoke.mock.calls.at(-1) ?? [];
  return (payload as { token: string }).token;
}

describe('a task that waits for its token', () => {
  test('ends with what is told by it, once', async () => {
    const arn = await start(asking());
    const taskToken = await tokenOf();
    await fixture.call('SendTaskHeartbeat', { taskToken });
    await fixture.call('SendTaskSuccess', { taskToken, output: '{"yes":true}' });
    await becomes(arn, 'SUCCEEDED');
    expect(await describe_(arn)).toMatchObject({ output: '{"yes":true}' });
    expect(await typesOf(arn)).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskSubmitted',
      'TaskSucceeded',
      'TaskStateExited',
      'ExecutionSucceeded',
    ]);
    await expect(fixture.call('SendTaskSuccess', { taskToken, output: '1' })).rejects.toMatchObject({
      code: 'TaskTimedOut',
    });
    expect(await fixture.cloud.state.namespace('stepfunctions').list('token/')).toEqual([]);
  });

  test('fails as it is told', async () => {
    const arn = await start(asking());
    await fixture.call('SendTaskFailure', { taskToken: await tokenOf(), error: 'No', cause: 'why' });
    await becomes(arn, 'FAILED');
    expect(await describe_(arn)).toMatchObject({ error: 'No', cause: 'why' });
  });

  test('is answered after a restart by the token from before, and not asked again', async () => {
    const arn = await start(asking());
    const taskToken = await tokenOf();
    await vi.waitFor(async () => expect(await typesOf(arn)).toContain('TaskSubmitted'));
    await fixture.service.stop?.();
    await fixture.open();
    // Told before the execution goes on: it is kept.
    await fixture.call('SendTaskSuccess', { taskToken, output: '7' });
    await fixture.service.resume?.();
    await becomes(arn, 'SUCCEEDED');
    expect(await describe_(arn)).toMatchObject({ output: '7' });
    expect(invoke).toHaveBeenCalledOnce();
    expect((await typesOf(arn)).filter((type) => type === 'TaskScheduled')).toHaveLength(1);
  });

  test('is stopped also when the next process has not come to it yet', async () => {
    const arn = await start(asking());
    await tokenOf();
    await vi.waitFor(async () => expect(await typesOf(arn)).toContain('TaskSubmitted'));
    await fixture.service.stop?.();
    await fixture.open();
    await fixture.call('StopExecution', { executionArn: arn, error: 'Enough' });
    await fixture.service.resume?.();
    expect(await describe_(arn)).toMatchObject({ status: 'ABORTED', error: 'Enough' });
    expect((await typesOf(arn)).slice(-2)).toEqual(['TaskStateAborted', 'ExecutionAborted']);
  });

  test('that is silent for too long is known by the name of the heartbeat', async () => {
    const Catch = [{ ErrorEquals: ['States.HeartbeatTimeout'], Next: 'Silent' }];
    await fixture.apply(
      {
        StartAt: 'Ask',
        States: {
          Ask: asking({ HeartbeatSeconds: 1, TimeoutSeconds: 60, Catch }),
          Silent: { Type: 'Pass', End: true },
        },
      },
      standard,
    );
    const { executionArn } = await fixture.call('StartExecution', { stateMachineArn: machineArn });
    await becomes(String(executionArn), 'SUCCEEDED');
    expect(await describe_(String(executionArn))).toMatchObject({
      output: '{"Error":"States.Timeout","Cause":""}',
    });
    expect(await typesOf(String(executionArn))).toContain('TaskTimedOut');
  });

  test.each([
    ['a token that was never given', { taskToken: 'x', output: '1' }, 'InvalidToken'],
    ['an output that is no JSON', { taskToken: 'x', output: '{' }, 'InvalidOutput'],
    ['no token', { output: '1' }, 'ValidationException'],
  ])('refuses %s', async (_, input, code) => {
    await expect(fixture.call('SendTaskSuccess', input)).rejects.toMatchObject({ code });
  });
});

describe('an activity', () => {
  test('is done by the worker that fetches it', async () => {
    const { activityArn } = await fixture.call('CreateActivity', { name: 'paint' });
    const arn = await start({ Type: 'Task', Resource: activityArn, HeartbeatSeconds: 60, End: true });
    const { taskToken, input } = await fixture.call('GetActivityTask', { activityArn, workerName: 'w' });
    expect(input).toBe('{}');
    await fixture.call('SendTaskSuccess', { taskToken, output: '"painted"' });
    await becomes(arn, 'SUCCEEDED');
    expect(await typesOf(arn)).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      'ActivityScheduled',
      'ActivityStarted',
      'ActivitySucceeded',
      'TaskStateExited',
      'ExecutionSucceeded',
    ]);
  });

  test('is listed, described and deleted, and outlasts a restart', async () => {
    const { activityArn } = await fixture.call('CreateActivity', { name: 'paint' });
    await fixture.open();
    expect(await fixture.call('DescribeActivity', { activityArn })).toMatchObject({ name: 'paint' });
    expect(await fixture.call('ListActivities', {})).toMatchObject({ activities: [{ activityArn }] });
    await fixture.call('DeleteActivity', { activityArn });
    await expect(fixture.call('DescribeActivity', { activityArn })).rejects.toMatchObject({
      code: 'ActivityDoesNotExist',
    });
  });
});

test('a retry that waits goes on waiting after a restart, its attempts counted', async () => {
  invoke.mockRejectedValue(new Error('gone'));
  const Retry = [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 1, MaxAttempts: 2, BackoffRate: 1 }];
  const arn = await start(
    asking({
      Resource: 'arn:aws:states:::lambda:invoke',
      Parameters: { FunctionName: 'f', Payload: { 'n.$': '$$.State.RetryCount' } },
      Retry,
    }),
  );
  await vi.waitFor(async () => expect(await typesOf(arn)).toContain('TaskFailed'));
  await fixture.service.stop?.();
  await fixture.open();
  invoke.mockReset().mockImplementation(async (_, payload) => answer(payload));
  await fixture.service.resume?.();
  await becomes(arn, 'SUCCEEDED');
  expect(invoke).toHaveBeenCalledOnce();
  expect(invoke.mock.calls[0]?.[1]).toEqual({ n: 1 });
  expect((await typesOf(arn)).filter((type) => type === 'TaskStateEntered')).toHaveLength(1);
});
