import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { administrator } from '../../core/access.ts';
import { AwsError } from '../../core/errors.ts';
import type { Attributes, AwsRequest, Service } from '../../core/service.ts';
import { createTestCloud, type TestCloud, testResource } from '../../core/testing.ts';
import { createEventBridgeScheduler } from './index.ts';

const minute = 60_000;
const day = 86_400_000;
const prefix = 'us-east-1:000000000000';
const functionArn = `arn:aws:lambda:${prefix}:function:f`;
const queueArn = `arn:aws:sqs:${prefix}:q`;
const target = { Arn: functionArn, RoleArn: 'arn:aws:iam::000000000000:role/r' };

let cloud: TestCloud;
let scheduler: Service;
/** What came to targets, and the dead letters. */
let sent: { arn: string; payload: unknown }[];
let letters: { body: string; attributes: Record<string, string> }[];
let failing: Error | undefined;

beforeEach(async () => {
  vi.useFakeTimers({ now: Date.parse('2026-03-07T12:00:00Z') });
  [sent, letters, failing] = [[], [], undefined];
  const take = async (arn: string, payload: unknown) => {
    if (failing) throw failing;
    sent.push({ arn, payload });
  };
  cloud = createTestCloud({
    ports: {
      functions: { enqueue: take, invoke: async () => ({ payload: null, requestId: 'r' }) },
      stateMachines: {
        async start(arn, input) {
          await take(arn, input);
          return { executionArn: 'e' };
        },
      },
      queues: {
        async send(arn, body, attributes = {}) {
          if (arn === `${queueArn}-dead`) letters.push({ body, attributes });
          else await take(arn, body);
        },
      },
      buses: {
        async put([entry]) {
          await take(String(entry?.busName), entry);
          return ['id'];
        },
      },
    },
  });
  await open();
});
afterEach(async () => {
  await scheduler.stop?.();
  vi.useRealTimers();
  cloud.remove();
});

async function open(): Promise<void> {
  await scheduler?.stop?.();
  scheduler = await createEventBridgeScheduler(cloud, { delay: () => 1000 });
  await scheduler.start?.();
  await scheduler.resume?.();
  await vi.advanceTimersByTimeAsync(1);
}

async function ask(method: string, address: string, body?: Attributes): Promise<Attributes> {
  const { pathname: path, searchParams: query } = new URL(address, 'http://127.0.0.1');
  const request: AwsRequest = {
    ...{ method, path, query, headers: {}, region: 'us-east-1', caller: administrator },
    body: Buffer.from(body ? JSON.stringify(body) : ''),
  };
  return JSON.parse(String((await scheduler.handle?.(request))?.body)) as Attributes;
}

async function create(expression: string, more: Attributes = {}, name = 's'): Promise<Attributes> {
  const answer = await ask('POST', `/schedules/${name}`, {
    ScheduleExpression: expression,
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: target,
    ...more,
  });
  await vi.advanceTimersByTimeAsync(1);
  return answer;
}
const times = () =>
  sent.map(({ payload }) => (payload as { time: string }).time.slice(0, 16)) as unknown as string[];

describe('a schedule', () => {
  test('by a rate is due at once and then in its rhythm, also after a restart', async () => {
    await create('rate(10 minutes)');
    await vi.advanceTimersByTimeAsync(25 * minute);
    await open();
    await vi.advanceTimersByTimeAsync(5 * minute);
    expect(times()).toEqual([
      ...['2026-03-07T12:00', '2026-03-07T12:10', '2026-03-07T12:20', '2026-03-07T12:30'],
    ]);
    expect(sent[0]?.payload).toMatchObject({
      ...{ source: 'aws.scheduler', 'detail-type': 'Scheduled Event' },
      resources: [`arn:aws:scheduler:${prefix}:schedule/default/s`],
    });
  });

  test('keeps to the clocks of its time zone when they are turned', async () => {
    await create('cron(0 8 * * ? *)', { ScheduleExpressionTimezone: 'America/New_York' });
    await vi.advanceTimersByTimeAsync(2 * day);
    expect(times()).toEqual(['2026-03-07T13:00', '2026-03-08T12:00', '2026-03-09T12:00']);
  });

  test('begins at its start and ends at its end', async () => {
    const start = Date.now() + 5 * minute;
    await create('rate(1 minute)', { StartDate: start / 1000, EndDate: (start + 2 * minute) / 1000 });
    await vi.advanceTimersByTimeAsync(20 * minute);
    expect(times()).toEqual(['2026-03-07T12:05', '2026-03-07T12:06', '2026-03-07T12:07']);
  });

  test('of one time is due once, and made up for where nothing ran then', async () => {
    await create('at(2026-03-07T13:00:00)');
    await scheduler.stop?.();
    vi.setSystemTime(Date.parse('2026-03-07T15:00:00Z'));
    await open();
    expect(times()).toEqual(['2026-03-07T13:00']);
    await open();
    await vi.advanceTimersByTimeAsync(day);
    expect(sent).toHaveLength(1);
  });

  test('goes when it is over, where it says so', async () => {
    await create('at(2026-03-07T13:00:00)', { ActionAfterCompletion: 'DELETE' });
    await create('at(2026-03-07T13:00:00)', {}, 'stays');
    await vi.advanceTimersByTimeAsync(2 * 60 * minute);
    expect(sent).toHaveLength(2);
    expect((await ask('GET', '/schedules'))['Schedules']).toMatchObject([{ Name: 'stays' }]);
  });

  test('is due somewhere in its window', async () => {
    const random = vi.spyOn(Math, 'random').mockReturnValue(0.5);
    await create('at(2026-03-07T13:00:00)', {
      FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 10 },
    });
    await vi.advanceTimersByTimeAsync(64 * minute);
    expect(sent).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(minute);
    expect(sent).toHaveLength(1);
    random.mockRestore();
  });

  test('that is disabled is not due, and what it missed is not made up for', async () => {
    await create('at(2026-03-07T13:00:00)', { State: 'DISABLED' });
    await vi.advanceTimersByTimeAsync(2 * 60 * minute);
    await ask('PUT', '/schedules/s', {
      ...{ ScheduleExpression: 'at(2026-03-07T13:00:00)', FlexibleTimeWindow: { Mode: 'OFF' } },
      Target: target,
    });
    await vi.advanceTimersByTimeAsync(day);
    expect(sent).toHaveLength(0);
  });

  test('is told as it was made, and an update forgets what it does not say', async () => {
    const { ScheduleArn } = await create('rate(1 hour)', {
      ...{ Description: 'd', ScheduleExpressionTimezone: 'Europe/Berlin', StartDate: 2_000_000_000 },
      FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 5 },
      Target: { ...target, Input: '{}', RetryPolicy: { MaximumRetryAttempts: 2 } },
    });
    expect(await ask('GET', '/schedules/s')).toMatchObject({
      ...{ Arn: ScheduleArn, Name: 's', GroupName: 'default', State: 'ENABLED', Description: 'd' },
      ...{ ScheduleExpression: 'rate(1 hour)', ScheduleExpressionTimezone: 'Europe/Berlin' },
      ...{ StartDate: 2_000_000_000, ActionAfterCompletion: 'NONE' },
      FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 5 },
      Target: {
        ...{ ...target, Input: '{}' },
        RetryPolicy: { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 86_400 },
      },
    });
    await ask('PUT', '/schedules/s', {
      ...{ ScheduleExpression: 'rate(2 hours)', FlexibleTimeWindow: { Mode: 'OFF' }, Target: target },
    });
    const updated = await ask('GET', '/schedules/s');
    expect(updated).not.toHaveProperty('Description');
    expect(updated).toMatchObject({ ScheduleExpressionTimezone: 'UTC', FlexibleTimeWindow: { Mode: 'OFF' } });
  });
});

describe('a target', () => {
  test.each([
    [functionArn, '{"at":"<aws.scheduler.scheduled-time>"}', { at: '2026-03-07T12:00:00Z' }],
    [`arn:aws:states:${prefix}:stateMachine:m`, '{"n":<aws.scheduler.attempt-number>}', '{"n":1}'],
    [
      queueArn,
      'a text of <aws.scheduler.schedule-arn>',
      `a text of arn:aws:scheduler:${prefix}:schedule/default/s`,
    ],
  ])('%s gets its input', async (Arn, Input, payload) => {
    await create('rate(1 hour)', { Target: { ...target, Arn, Input } });
    expect(sent).toEqual([{ arn: Arn, payload }]);
  });

  test('that is an event bus gets an event', async () => {
    const Arn = `arn:aws:events:${prefix}:event-bus/shop`;
    const EventBridgeParameters = { Source: 'shop', DetailType: 'Tick' };
    await create('rate(1 hour)', { Target: { ...target, Arn, EventBridgeParameters, Input: '{"a":1}' } });
    expect(sent).toMatchObject([
      { arn: Arn, payload: { source: 'shop', detailType: 'Tick', detail: { a: 1 } } },
    ]);
  });

  test('that fails is tried again, and then the dead-letter queue has it', async () => {
    failing = new AwsError('TooManyRequestsException', 'Rate exceeded', 429);
    await create('rate(1 hour)', {
      Target: {
        ...{ ...target, Input: '{"attempt":<aws.scheduler.attempt-number>}' },
        ...{ RetryPolicy: { MaximumRetryAttempts: 2 }, DeadLetterConfig: { Arn: `${queueArn}-dead` } },
      },
    });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(letters).toMatchObject([
      {
        attributes: {
          ...{ SCHEDULE_ARN: `arn:aws:scheduler:${prefix}:schedule/default/s`, TARGET_ARN: functionArn },
          ...{ ERROR_CODE: 'THROTTLING', RETRY_ATTEMPTS: '2', SCHEDULED_TIME: '2026-03-07T12:00:00Z' },
          EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts',
        },
      },
    ]);
  });

  test('that fails is tried again only as long as it may wait', async () => {
    failing = new AwsError('ServiceException', 'Down', 500);
    const RetryPolicy = { MaximumEventAgeInSeconds: 60 };
    const DeadLetterConfig = { Arn: `${queueArn}-dead` };
    await create('rate(1 hour)', { Target: { ...target, RetryPolicy, DeadLetterConfig } });
    await vi.advanceTimersByTimeAsync(2 * minute);
    expect(letters[0]?.attributes).toMatchObject({ EXHAUSTED_RETRY_CONDITION: 'MaximumEventAgeInSeconds' });
  });

  test('that could not be reached before a restart is tried again after it', async () => {
    failing = new AwsError('ServiceException', 'Down', 500);
    await create('rate(1 hour)');
    failing = undefined;
    await open();
    expect(sent).toHaveLength(1);
  });
});

const off = { FlexibleTimeWindow: { Mode: 'OFF' } };
const hourly = { ScheduleExpression: 'rate(1 hour)' };
test.each([
  [{ ...off, ScheduleExpression: 'rate(1 hours)', Target: target }, 'ValidationException'],
  [{ ...off, ScheduleExpression: 'at(2026-13-01T00:00:00)', Target: target }, 'ValidationException'],
  [{ ...off, ...hourly, Target: target, ScheduleExpressionTimezone: 'Mars/Olympus' }, 'ValidationException'],
  [{ ...off, ...hourly }, 'ValidationException'],
  [{ ...hourly, Target: target }, 'ValidationException'],
  [{ ...hourly, Target: target, FlexibleTimeWindow: { Mode: 'FLEXIBLE' } }, 'ValidationException'],
  [{ ...off, ...hourly, Target: target, StartDate: 2, EndDate: 1 }, 'ValidationException'],
  [{ ...off, ...hourly, Target: { Arn: functionArn } }, 'ValidationException'],
  [{ ...off, ...hourly, Target: { ...target, Arn: 'arn:aws:ecs:x' } }, 'ValidationException'],
  [{ ...off, ...hourly, Target: { ...target, Input: 'no json' } }, 'ValidationException'],
  [{ ...off, ...hourly, Target: { ...target, SqsParameters: { MessageGroupId: 'g' } } }, 'NotImplemented'],
  [
    { ...off, ...hourly, Target: { ...target, Arn: 'arn:aws:scheduler:::aws-sdk:dynamodb:getItem' } },
    'ValidationException',
  ],
  [
    { ...off, ...hourly, Target: { ...target, Arn: 'arn:aws:scheduler:::aws-sdk:ec2:stopInstances' } },
    'ValidationException',
  ],
  [{ ...off, ...hourly, Target: target, GroupName: 'none' }, 'ResourceNotFoundException'],
])('%j is refused with %s', async (input, code) => {
  await expect(ask('POST', '/schedules/s', input)).rejects.toMatchObject({ code });
});

test('a schedule is made once, also where the request is sent twice', async () => {
  const first = await create('rate(1 hour)', { ClientToken: 'a' });
  expect(await create('rate(1 hour)', { ClientToken: 'a' })).toEqual(first);
  await expect(create('rate(1 hour)')).rejects.toMatchObject({ code: 'ConflictException', status: 409 });
});

test('a group takes its schedules with it, and the first one always stands', async () => {
  const Tags = [{ Key: 'team', Value: 'a' }];
  const { ScheduleGroupArn } = await ask('POST', '/schedule-groups/g', { Tags });
  await create('rate(1 hour)', { GroupName: 'g' });
  await create('rate(1 hour)', {}, 'other');
  await open();
  const tags = `/tags/${encodeURIComponent(String(ScheduleGroupArn))}`;
  await ask('POST', tags, { Tags: [{ Key: 'more', Value: 'b' }] });
  await ask('DELETE', `${tags}?TagKeys=team`);
  expect(await ask('GET', tags)).toEqual({ Tags: [{ Key: 'more', Value: 'b' }] });
  expect((await ask('GET', '/schedules?ScheduleGroup=g'))['Schedules']).toMatchObject([{ Name: 's' }]);
  await ask('DELETE', '/schedule-groups/g');
  expect((await ask('GET', '/schedules'))['Schedules']).toMatchObject([{ Name: 'other' }]);
  expect((await ask('GET', '/schedule-groups'))['ScheduleGroups']).toMatchObject([{ Name: 'default' }]);
  await expect(ask('DELETE', '/schedule-groups/default')).rejects.toMatchObject({
    code: 'ValidationException',
  });
  await expect(ask('GET', '/schedules/s?groupName=g')).rejects.toMatchObject({ status: 404 });
});

test('the Terraform makes groups and schedules, and takes them away again', async () => {
  const apply = async (type: string, desired: Attributes, previous?: Attributes) =>
    (await scheduler.resources[type]?.apply(testResource(type, 'it', desired), previous)) ?? {};
  await apply('aws_scheduler_schedule_group', { name: 'g' });
  const desired = {
    ...{ name: 't', group_name: 'g', schedule_expression: 'rate(5 minutes)' },
    ...{ start_date: '2026-03-07T13:00:00Z', flexible_time_window: { mode: 'OFF' } },
    target: [{ arn: functionArn, role_arn: target.RoleArn, retry_policy: { maximum_retry_attempts: 1 } }],
  };
  const made = await apply('aws_scheduler_schedule', desired);
  expect(made).toMatchObject({ id: 'g/t', arn: `arn:aws:scheduler:${prefix}:schedule/g/t` });
  await vi.advanceTimersByTimeAsync(66 * minute);
  expect(times()).toEqual(['2026-03-07T13:00', '2026-03-07T13:05']);
  const renamed = await apply('aws_scheduler_schedule', { ...desired, name: 'u' }, made);
  expect((await ask('GET', '/schedules'))['Schedules']).toMatchObject([{ Name: 'u' }]);
  await scheduler.resources['aws_scheduler_schedule']?.remove?.('', renamed);
  expect((await ask('GET', '/schedules'))['Schedules']).toEqual([]);
});
