import { afterEach, expect, test } from 'vitest';
import { MovableClock } from '../../core/clock.ts';
import type { AwsRequest, Service } from '../../core/service.ts';
import { createTestCloud, type TestCloud, testResource } from '../../core/testing.ts';
import { createStepFunctions } from './index.ts';

let cloud: TestCloud;
let states: Service;

afterEach(async () => {
  await states.stop?.();
  cloud.remove();
});

/** Starts an execution of this machine on a clock of its own. */
async function begin(definition: object) {
  const clock = new MovableClock();
  cloud = createTestCloud({
    clock,
    ports: { functions: { invoke: () => new Promise(() => {}), enqueue: async () => {} } },
  });
  states = await createStepFunctions(cloud);
  const { arn } =
    (await states.resources['aws_sfn_state_machine']?.apply(
      testResource('aws_sfn_state_machine', 'timed', {
        name: 'timed',
        role_arn: 'arn:aws:iam::000000000000:role/timed',
        definition: JSON.stringify(definition),
      }),
      undefined,
    )) ?? {};
  await states.resume?.();
  const call = async (operation: string, input: object) =>
    (await states.operations?.[operation]?.(
      input as Record<string, unknown>,
      {
        headers: {},
      } as AwsRequest,
    )) as Record<string, unknown>;
  const { executionArn } = await call('StartExecution', { stateMachineArn: arn });
  return { clock, tell: () => call('DescribeExecution', { executionArn }) };
}

test('a wait of a week ends when the clock is moved by one, and the execution has taken that long', async () => {
  const week = 7 * 86_400;
  const { clock, tell } = await begin({
    StartAt: 'Rest',
    States: { Rest: { Type: 'Wait', Seconds: week, Next: 'Rested' }, Rested: { Type: 'Succeed' } },
  });
  await expect
    .poll(() => clock.waits.map(({ what }) => what))
    .toContainEqual(expect.stringContaining('the execution'));
  expect(await tell()).toMatchObject({ status: 'RUNNING' });
  await clock.advance(week * 1_000);
  await expect.poll(async () => (await tell())['status']).toBe('SUCCEEDED');
  const { startDate, stopDate } = await tell();
  expect(Number(stopDate) - Number(startDate)).toBeGreaterThanOrEqual(week);
});

test('a task that is silent ends by its timeout when the clock comes to it', async () => {
  const { clock, tell } = await begin({
    StartAt: 'Ask',
    States: {
      Ask: {
        Type: 'Task',
        Resource: 'arn:aws:lambda:us-east-1:000000000000:function:silent',
        TimeoutSeconds: 3_600,
        End: true,
      },
    },
  });
  await expect
    .poll(() => clock.waits.map(({ what }) => what))
    .toContainEqual(expect.stringContaining('the timeout of a task'));
  await clock.advance(3_600_000);
  await expect.poll(async () => tell()).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
});
