import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { administrator } from '../../core/access.ts';
import type { Invocation } from '../../core/cloud.ts';
import type { Attributes, AwsRequest, Service } from '../../core/service.ts';
import { createTestCloud, type TestCloud } from '../../core/testing.ts';
import { createSecretsManager } from './index.ts';

const day = 86_400_000;
const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function:rotate';
let cloud: TestCloud;
let manager: Service;
/** What the rotation function does in each step. */
let inStep: (event: Attributes) => Promise<Partial<Invocation>>;
let steps: string[];

beforeEach(async () => {
  vi.useFakeTimers({ now: Date.parse('2026-11-21T07:30:10Z') });
  steps = [];
  inStep = async () => ({});
  cloud = createTestCloud({
    ports: {
      functions: {
        async invoke(_, payload) {
          const event = payload as Attributes;
          steps.push(String(event['Step']));
          return { payload: null, requestId: 'r', ...(await inStep(event)) };
        },
        enqueue: () => Promise.resolve(),
      },
    },
  });
  await open();
});
afterEach(async () => {
  await manager.stop?.();
  vi.useRealTimers();
  cloud.remove();
});

async function open(): Promise<void> {
  await manager?.stop?.();
  manager = await createSecretsManager(cloud, { rotationDelay: () => 1000 });
  await manager.start?.();
  await manager.resume?.();
}

async function call(operation: string, input: Record<string, unknown> = {}): Promise<Attributes> {
  const run = manager.operations?.[operation];
  return { ...(await run?.(input, { headers: {}, caller: administrator } as unknown as AwsRequest)) };
}
const describeSecret = () => call('DescribeSecret', { SecretId: 's' });
const rotate = (more: Attributes = {}) =>
  call('RotateSecret', { SecretId: 's', RotationLambdaARN: functionArn, ...more });

/** As AWS's template of a rotation function does. */
const template = async ({ Step, SecretId, ClientRequestToken }: Attributes) => {
  if (Step === 'createSecret') {
    await call('PutSecretValue', {
      ...{ SecretId, ClientRequestToken, SecretString: `new ${steps.length}`, VersionStages: ['AWSPENDING'] },
    });
  }
  if (Step === 'finishSecret') {
    const stages = (await describeSecret())['VersionIdsToStages'] as Record<string, string[]>;
    const [RemoveFromVersionId] = Object.entries(stages).find(([, all]) => all.includes('AWSCURRENT')) ?? [];
    await call('UpdateSecretVersionStage', {
      ...{ SecretId, VersionStage: 'AWSCURRENT', MoveToVersionId: ClientRequestToken, RemoveFromVersionId },
    });
  }
  return {};
};
const allSteps = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'];

test('a rotation takes four steps, and the new value is the current one', async () => {
  inStep = template;
  await call('CreateSecret', { Name: 's', SecretString: 'old' });
  const rotatedAt = Date.now();
  const { VersionId } = await rotate({ RotationRules: { AutomaticallyAfterDays: 30 } });
  await vi.advanceTimersByTimeAsync(1);
  expect(steps).toEqual(allSteps);
  const value = await call('GetSecretValue', { SecretId: 's' });
  expect(value).toMatchObject({ SecretString: 'new 1', VersionId });
  expect(await call('GetSecretValue', { SecretId: 's', VersionStage: 'AWSPREVIOUS' })).toMatchObject({
    SecretString: 'old',
  });
  expect(await describeSecret()).toMatchObject({
    ...{ RotationEnabled: true, RotationLambdaARN: functionArn },
    LastRotatedDate: new Date(rotatedAt),
    NextRotationDate: new Date(rotatedAt + 30 * day),
  });
});

test('it is done again when its time has come, also after a restart', async () => {
  inStep = template;
  await call('CreateSecret', { Name: 's', SecretString: 'old' });
  await rotate({ RotationRules: { ScheduleExpression: 'rate(10 days)' } });
  await vi.advanceTimersByTimeAsync(9 * day);
  await open();
  expect(steps).toHaveLength(4);
  await vi.advanceTimersByTimeAsync(day);
  expect(steps).toHaveLength(8);
});

test('a step that fails is tried again with the whole rotation, and the old value stays', async () => {
  let failures = 2;
  inStep = async (event) => {
    if (event['Step'] === 'testSecret' && failures-- > 0) return { functionError: 'Unhandled' };
    return event['Step'] === 'createSecret' && steps.length > 1 ? {} : template(event);
  };
  await call('CreateSecret', { Name: 's', SecretString: 'old' });
  await rotate();
  await vi.advanceTimersByTimeAsync(500);
  expect(steps).toEqual(allSteps.slice(0, 3));
  expect(await call('GetSecretValue', { SecretId: 's' })).toMatchObject({ SecretString: 'old' });
  await vi.advanceTimersByTimeAsync(3000);
  expect(steps).toHaveLength(10);
  expect(await call('GetSecretValue', { SecretId: 's' })).toMatchObject({ SecretString: 'new 1' });
});

test('one that was left half done is tried again when another is asked for', async () => {
  inStep = async () => ({ functionError: 'Handled' });
  await call('CreateSecret', { Name: 's', SecretString: 'old' });
  await rotate();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(steps).toHaveLength(5);
  inStep = template;
  await expect(rotate()).rejects.toThrow(/previous rotation isn't complete/u);
  await vi.advanceTimersByTimeAsync(1);
  expect(steps.slice(5)).toEqual(allSteps);
});

test('one that a restart has interrupted goes on', async () => {
  inStep = async () => ({ functionError: 'Handled' });
  await call('CreateSecret', { Name: 's', SecretString: 'old' });
  await rotate();
  await vi.advanceTimersByTimeAsync(1);
  inStep = template;
  await open();
  await vi.advanceTimersByTimeAsync(1);
  expect((await describeSecret())['LastRotatedDate']).toBeDefined();
});

test('where it may wait, the function is only tried', async () => {
  await call('CreateSecret', { Name: 's', SecretString: 'old' });
  await rotate({ RotateImmediately: false, RotationRules: { AutomaticallyAfterDays: 1 } });
  await vi.advanceTimersByTimeAsync(1);
  expect(steps).toEqual(['testSecret']);
  expect(Object.values((await describeSecret())['VersionIdsToStages'] ?? {})).toEqual([['AWSCURRENT']]);
});

test('a rotation that is cancelled is due no more', async () => {
  inStep = template;
  await call('CreateSecret', { Name: 's', SecretString: 'old' });
  await rotate({ RotationRules: { AutomaticallyAfterDays: 1 } });
  await call('CancelRotateSecret', { SecretId: 's' });
  await vi.advanceTimersByTimeAsync(3 * day);
  expect(steps.length).toBeLessThanOrEqual(4);
  expect(await describeSecret()).toMatchObject({ RotationEnabled: false, NextRotationDate: undefined });
});

test.each([
  { ScheduleExpression: 'rate(3 hours)' },
  { ScheduleExpression: 'rate(300 minutes)' },
  { ScheduleExpression: 'cron(5 8 * * ? *)' },
  { ScheduleExpression: 'at(2030-01-01T00:00:00)' },
  { ScheduleExpression: 'rate(1 day)', AutomaticallyAfterDays: 1 },
  { AutomaticallyAfterDays: 1, Duration: '3 hours' },
])('the rules %j are refused', async (RotationRules) => {
  await call('CreateSecret', { Name: 's', SecretString: 'old' });
  await expect(rotate({ RotationRules })).rejects.toMatchObject({ code: 'InvalidParameterException' });
});
