import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { administrator } from '../../core/access.ts';
import type { Attributes, Service } from '../../core/service.ts';
import { createTestCloud, type TestCloud, testResource } from '../../core/testing.ts';
import { createEventBridge } from './index.ts';

const queueArn = 'arn:aws:sqs:us-east-1:000000000000:jobs';
const archiveArn = 'arn:aws:events:us-east-1:000000000000:archive/all';
const busArn = 'arn:aws:events:us-east-1:000000000000:event-bus/shop';
const hour = 3_600_000;

let cloud: TestCloud;
let service: Service;
let sent: { number: number; replay: string | undefined }[];

beforeEach(async () => {
  sent = [];
  cloud = createTestCloud({
    ports: {
      queues: {
        async send(_arn, body) {
          const event = JSON.parse(body) as { detail: { number: number }; 'replay-name'?: string };
          sent.push({ number: event.detail.number, replay: event['replay-name'] });
        },
      },
    },
  });
  await open();
});
afterEach(async () => {
  await service.stop?.();
  vi.useRealTimers();
  cloud.remove();
});

/** Opens the service with a bus, two rules that send to one queue, and an archive that keeps a day. */
async function open(archive: Attributes = { retention_days: 1 }): Promise<void> {
  service = await createEventBridge(cloud);
  await apply('aws_cloudwatch_event_bus', 'shop', { name: 'shop' });
  for (const name of ['first', 'second']) {
    const pattern = JSON.stringify({ source: ['shop'], 'detail-type': [name] });
    await apply('aws_cloudwatch_event_rule', name, { name, event_bus_name: 'shop', event_pattern: pattern });
    await apply('aws_cloudwatch_event_target', name, { rule: name, event_bus_name: 'shop', arn: queueArn });
  }
  await apply('aws_cloudwatch_event_archive', 'all', { name: 'all', event_source_arn: busArn, ...archive });
  await service.start?.();
  await service.resume?.();
}

async function apply(type: string, name: string, desired: Attributes): Promise<void> {
  await service.resources[type]?.apply(testResource(type, name, desired), undefined);
}

async function call(
  operation: string,
  input: Record<string, unknown> = {},
): Promise<Record<string, unknown>> {
  const request = {
    ...{ method: 'POST', path: '/', query: new URLSearchParams(), headers: {}, body: Buffer.alloc(0) },
    ...{ region: 'us-east-1', caller: administrator },
  };
  return ((await service.operations?.[operation]?.(input, request)) ?? {}) as Record<string, unknown>;
}

async function put(...numbers: number[]): Promise<void> {
  const before = sent.length;
  for (const number of numbers) {
    const entry = { EventBusName: 'shop', Source: 'shop', DetailType: number % 2 === 1 ? 'first' : 'second' };
    await call('PutEvents', { Entries: [{ ...entry, Detail: JSON.stringify({ number }) }] });
  }
  await vi.waitFor(() => expect(sent).toHaveLength(before + numbers.length));
}

async function replay(name: string, more: Record<string, unknown> = {}, destination: object = {}) {
  const now = Date.now();
  await call('StartReplay', {
    ...{ ReplayName: name, EventSourceArn: archiveArn, Destination: { Arn: busArn, ...destination } },
    ...{ EventStartTime: (now - hour) / 1000, EventEndTime: (now + 1_000) / 1000 },
    ...more,
  });
  return vi.waitFor(async () => {
    const described = await call('DescribeReplay', { ReplayName: name });
    expect(described['State']).toBe('COMPLETED');
    return described;
  });
}

const replayed = (name: string) => sent.filter((event) => event.replay === name).map(({ number }) => number);

describe('an archive', () => {
  test('keeps the events of its bus, and a replay sends them again in their order, under its name', async () => {
    await put(1, 2, 3);
    expect(await call('DescribeArchive', { ArchiveName: 'all' })).toMatchObject({
      ...{
        ArchiveArn: archiveArn,
        EventSourceArn: busArn,
        State: 'ENABLED',
        EventCount: 3,
        RetentionDays: 1,
      },
    });
    expect(await replay('again')).toMatchObject({ EventLastReplayedTime: expect.any(Date) });
    await vi.waitFor(() => expect(replayed('again')).toEqual([1, 2, 3]));
    // What is sent again is not kept a second time.
    expect(await call('DescribeArchive', { ArchiveName: 'all' })).toMatchObject({ EventCount: 3 });
  });

  test('sends to the named rules alone', async () => {
    await put(1, 2, 3);
    await replay('odd', {}, { FilterArns: [`arn:aws:events:us-east-1:000000000000:rule/shop/first`] });
    await vi.waitFor(() => expect(replayed('odd')).toEqual([1, 3]));
  });

  test('sends only what came between two times', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - hour });
    await put(1);
    vi.setSystemTime(Date.now() + hour / 2);
    const middle = Date.now();
    await put(2);
    vi.setSystemTime(Date.now() + hour / 2);
    await put(3);
    await replay('middle', { EventStartTime: middle / 1000, EventEndTime: (middle + 60_000) / 1000 });
    await vi.waitFor(() => expect(replayed('middle')).toEqual([2]));
  });

  test('keeps only what its pattern wants', async () => {
    await service.stop?.();
    await open({ event_pattern: JSON.stringify({ detail: { number: [{ numeric: ['>', 1] }] } }) });
    await put(1, 2, 3);
    expect(await call('ListArchives')).toMatchObject({ Archives: [{ ArchiveName: 'all', EventCount: 2 }] });
  });

  test('forgets what is older than it keeps', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 25 * hour });
    await put(1);
    vi.useRealTimers();
    await put(2);
    await service.stop?.();
    await open();
    expect(await call('DescribeArchive', { ArchiveName: 'all' })).toMatchObject({ EventCount: 1 });
  });

  test('of which a replay was cut short is sent on after a restart', async () => {
    const numbers = Array.from({ length: 250 }, (_, index) => index);
    await put(...numbers);
    const now = Date.now();
    const state = cloud.state.namespace('eventbridge');
    const first = await state.list('archive/all/', { limit: 100 });
    await service.stop?.();
    await state.put('replay/cut', {
      ...{
        name: 'cut',
        archiveName: 'all',
        archiveArn,
        busArn,
        ruleArns: [],
        state: 'RUNNING',
        startedAt: now,
      },
      ...{ from: now - hour, to: now + 1_000, lastKey: first.at(-1)?.key },
    });
    await open();
    await vi.waitFor(() => expect(replayed('cut')).toHaveLength(150));
    expect([...replayed('cut')].sort((one, other) => one - other)).toEqual(numbers.slice(100));
  });

  test.each([
    ['an archive that is not there', { EventSourceArn: `${archiveArn}2` }, 'ResourceNotFoundException'],
    ['another bus', { Destination: { Arn: `${busArn}2` } }, 'ValidationException'],
    ['a time that is over before it begins', { EventEndTime: 1 }, 'ValidationException'],
    ['a rule of another bus', { Destination: { Arn: busArn, FilterArns: ['arn:x'] } }, 'ValidationException'],
  ])('refuses a replay of %s', async (_what, wrong, name) => {
    await expect(replay('wrong', wrong)).rejects.toMatchObject({ name });
  });
});
