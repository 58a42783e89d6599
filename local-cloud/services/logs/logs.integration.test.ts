import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { administrator } from '../../core/access.ts';
import type { Service } from '../../core/service.ts';
import { createTestCloud, type TestCloud, testResource } from '../../core/testing.ts';
import { openTelemetry, type TelemetryStore } from '../../telemetry/index.ts';
import { createLogs } from './index.ts';

let cloud: TestCloud;
let base: TestCloud;
let telemetry: TelemetryStore;
let logs: Service;
const now = Date.now();

beforeEach(async () => {
  base = createTestCloud();
  telemetry = await openTelemetry(base.dataDirectory, base.logger);
  cloud = createTestCloud({ telemetry, dataDirectory: base.dataDirectory });
  logs = await createLogs(cloud);
});

afterEach(async () => {
  await logs.stop?.();
  await telemetry.close();
  base.remove();
});

interface Answer {
  [name: string]: unknown;
  events: { message: string; logStreamName: string; eventId: string }[];
  logGroups: Record<string, unknown>[];
  logStreams: Record<string, unknown>[];
  nextToken?: string;
  nextForwardToken: string;
  nextBackwardToken: string;
}

async function call(name: string, input: Record<string, unknown>): Promise<Answer> {
  const operation = logs.operations?.[name];
  if (!operation) throw new Error(`There is no operation ${name}.`);
  const request = {
    method: 'POST',
    path: '/',
    query: new URLSearchParams(),
    headers: {},
    body: Buffer.alloc(0),
    region: '',
    caller: administrator,
  };
  return (await operation(input, request)) as Answer;
}

function write(stream: string, ...messages: string[]): void {
  const entries = messages.map((message, index) => ({ time: now - 1_000 + index, message }));
  cloud.ports.logs.write('/app', stream, entries);
}

function messages(answer: Answer): string[] {
  return answer.events.map(({ message }) => message);
}

describe('lines written through the port', () => {
  it('stand in a group and a stream made for them', async () => {
    write('one', 'first', 'second');
    const { logGroups } = await call('DescribeLogGroups', { logGroupNamePrefix: '/a' });
    expect(logGroups).toMatchObject([
      {
        logGroupName: '/app',
        arn: 'arn:aws:logs:us-east-1:000000000000:log-group:/app:*',
        storedBytes: 63,
      },
    ]);
    const { logStreams } = await call('DescribeLogStreams', {
      logGroupName: '/app',
      orderBy: 'LastEventTime',
    });
    expect(logStreams).toMatchObject([
      { logStreamName: 'one', firstEventTimestamp: now - 1_000, lastEventTimestamp: now - 999 },
    ]);
    const group = { logGroupName: '/app', logStreamName: 'one' };
    expect(messages(await call('GetLogEvents', group))).toEqual(['first', 'second']);
  });

  it('become metrics when they carry embedded ones', async () => {
    const line = JSON.stringify({
      _aws: {
        Timestamp: now,
        CloudWatchMetrics: [
          { Namespace: 'Shop', Dimensions: [['s']], Metrics: [{ Name: 'Orders', Unit: 'Count' }] },
        ],
      },
      s: 'cart',
      Orders: [1, 2],
    });
    write('one', line);
    const [period] = await telemetry.statistics({
      namespace: 'Shop',
      name: 'Orders',
      dimensions: { s: 'cart' },
      from: now - 120_000,
      to: now + 60_000,
      period: 600_000,
    });
    expect(period).toMatchObject({ count: 2, sum: 3, unit: 'Count' });
  });
});

describe('GetLogEvents', () => {
  it('walks forward from the head, and gives the same token back at the end', async () => {
    write('one', 'a', 'b', 'c');
    const input = { logGroupName: '/app', logStreamName: 'one', startFromHead: true, limit: 2 };
    const first = await call('GetLogEvents', input);
    const second = await call('GetLogEvents', { ...input, nextToken: first.nextForwardToken });
    const third = await call('GetLogEvents', { ...input, nextToken: second.nextForwardToken });
    expect([messages(first), messages(second), messages(third)]).toEqual([['a', 'b'], ['c'], []]);
    expect(third.nextForwardToken).toBe(second.nextForwardToken);
    const back = await call('GetLogEvents', { ...input, nextToken: second.nextBackwardToken });
    expect(messages(back)).toEqual(['a', 'b']);
  });

  it('begins with the newest unless asked otherwise', async () => {
    write('one', 'a', 'b', 'c');
    const answer = await call('GetLogEvents', { logGroupName: '/app', logStreamName: 'one', limit: 2 });
    expect(messages(answer)).toEqual(['b', 'c']);
  });
});

describe('GetLogEvents at an end', () => {
  it('turns around without losing a line', async () => {
    write('one', 'a', 'b');
    const input = { logGroupName: '/app', logStreamName: 'one', startFromHead: true };
    const whole = await call('GetLogEvents', input);
    const end = await call('GetLogEvents', { ...input, nextToken: whole.nextForwardToken });
    expect(end).toMatchObject({ events: [], nextForwardToken: whole.nextForwardToken });
    const back = await call('GetLogEvents', { ...input, nextToken: end.nextBackwardToken });
    expect(messages(back)).toEqual(['a', 'b']);
    const start = await call('GetLogEvents', { ...input, nextToken: back.nextBackwardToken });
    expect(start).toMatchObject({ events: [], nextBackwardToken: back.nextBackwardToken });
    const again = await call('GetLogEvents', { ...input, nextToken: start.nextForwardToken });
    expect(messages(again)).toEqual(['a', 'b']);
  });

  it('tells later what was written later', async () => {
    write('one', 'a');
    const input = { logGroupName: '/app', logStreamName: 'one', startFromHead: true };
    const { nextForwardToken } = await call('GetLogEvents', input);
    write('one', 'b', 'c');
    expect(messages(await call('GetLogEvents', { ...input, nextToken: nextForwardToken }))).toEqual([
      'b',
      'c',
    ]);
  });
});

describe('PutLogEvents', () => {
  it.each([
    [
      'more than a megabyte',
      [{ timestamp: now, message: 'x'.repeat(1_048_576) }],
      /1048602 bytes exceeds limit/,
    ],
    [
      'more than 10,000 events',
      Array.from({ length: 10_001 }, () => ({ timestamp: now, message: 'x' })),
      /10000/,
    ],
    [
      'more than a day',
      [
        { timestamp: now - 90_000_000, message: 'x' },
        { timestamp: now, message: 'x' },
      ],
      /24 hours/,
    ],
    [
      'events out of order',
      [
        { timestamp: now, message: 'x' },
        { timestamp: now - 1, message: 'x' },
      ],
      /chronological/,
    ],
    ['no event', [], /greater than or equal to 1/],
  ])('refuses a batch of %s', async (_what, logEvents, message) => {
    await call('CreateLogGroup', { logGroupName: 'g' });
    await call('CreateLogStream', { logGroupName: 'g', logStreamName: 's' });
    await expect(
      call('PutLogEvents', { logGroupName: 'g', logStreamName: 's', logEvents }),
    ).rejects.toMatchObject({ code: 'InvalidParameterException', message: expect.stringMatching(message) });
  });
});

describe('FilterLogEvents', () => {
  it('finds JSON fields and columns, over pages', async () => {
    const lines = Array.from({ length: 25 }, (_, n) =>
      JSON.stringify({ level: n % 5 ? 'INFO' : 'ERROR', n }),
    );
    write('one', ...lines);
    const input = { logGroupName: '/app', filterPattern: '{ $.level = "ERROR" && $.n >= 5 }', limit: 2 };
    const first = await call('FilterLogEvents', input);
    const second = await call('FilterLogEvents', { ...input, nextToken: first.nextToken });
    const found = [...messages(first), ...messages(second)].map((message) => JSON.parse(message).n as number);
    expect([found, second.nextToken]).toEqual([[5, 10, 15, 20], undefined]);
  });

  it('includes the end of its time, and only the streams asked for', async () => {
    write('one', 'a', 'b', 'c');
    write('two', 'd');
    const upTo = { logGroupName: '/app', startTime: now - 999, endTime: now - 998 };
    expect(messages(await call('FilterLogEvents', upTo))).toEqual(['b', 'c']);
    expect(
      messages(await call('FilterLogEvents', { logGroupName: '/app', logStreamNames: ['two'] })),
    ).toEqual(['d']);
    await expect(
      call('FilterLogEvents', { logGroupName: '/app', logStreamNames: ['two'], logStreamNamePrefix: 't' }),
    ).rejects.toMatchObject({ code: 'InvalidParameterException' });
  });

  it('gives a page as soon as it holds a megabyte', async () => {
    write('one', ...['a', 'b', 'c'].map((letter) => letter.repeat(500_000)));
    const first = await call('FilterLogEvents', { logGroupName: '/app' });
    const second = await call('FilterLogEvents', { logGroupName: '/app', nextToken: first.nextToken });
    expect([first.events.length, second.events.length, second.nextToken]).toEqual([2, 1, undefined]);
  });

  it('filters over all streams and pages', async () => {
    write('one', 'ERROR disk', 'fine');
    write('two', 'ERROR net', 'ERROR disk again');
    const input = { logGroupName: '/app', filterPattern: 'ERROR disk', limit: 1 };
    const first = await call('FilterLogEvents', input);
    const second = await call('FilterLogEvents', { ...input, nextToken: first.nextToken });
    expect([...messages(first), ...messages(second)]).toEqual(['ERROR disk', 'ERROR disk again']);
    expect(second.nextToken).toBeUndefined();
    expect(first.events[0]).toMatchObject({
      logStreamName: 'one',
      eventId: expect.stringMatching(/^\d{56}$/),
    });
  });
});

describe('groups and streams', () => {
  it('are made, written to and removed', async () => {
    await call('CreateLogGroup', { logGroupName: 'g' });
    await call('CreateLogStream', { logGroupName: 'g', logStreamName: 's' });
    const put = { logGroupName: 'g', logStreamName: 's', logEvents: [{ timestamp: now, message: 'hello' }] };
    expect(await call('PutLogEvents', put)).toMatchObject({ nextSequenceToken: expect.any(String) });
    expect(
      messages(
        await call('FilterLogEvents', {
          logGroupIdentifier: 'arn:aws:logs:us-east-1:000000000000:log-group:g:*',
        }),
      ),
    ).toEqual(['hello']);
    await call('DeleteLogGroup', { logGroupName: 'g' });
    await expect(call('FilterLogEvents', { logGroupName: 'g' })).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
    });
    await call('CreateLogGroup', { logGroupName: 'g' });
    expect(messages(await call('FilterLogEvents', { logGroupName: 'g' }))).toEqual([]);
  });

  it('are refused with AWS’s codes', async () => {
    await call('CreateLogGroup', { logGroupName: 'g' });
    const refusals: [string, Record<string, unknown>, string][] = [
      ['CreateLogGroup', { logGroupName: 'g' }, 'ResourceAlreadyExistsException'],
      ['CreateLogGroup', { logGroupName: 'no spaces' }, 'InvalidParameterException'],
      ['CreateLogStream', { logGroupName: 'none', logStreamName: 's' }, 'ResourceNotFoundException'],
      ['GetLogEvents', { logGroupName: 'g', logStreamName: 'none' }, 'ResourceNotFoundException'],
      ['GetLogEvents', { logGroupName: 'g' }, 'InvalidParameterException'],
      ['PutRetentionPolicy', { logGroupName: 'g', retentionInDays: 2 }, 'InvalidParameterException'],
    ];
    for (const [name, input, code] of refusals) {
      await expect(call(name, input), name).rejects.toMatchObject({ code });
    }
  });

  it('drop events too old or too new, and say which', async () => {
    await call('CreateLogGroup', { logGroupName: 'g' });
    await call('CreateLogStream', { logGroupName: 'g', logStreamName: 's' });
    const hour = 3_600_000;
    const twoWeeks = 14 * 24 * hour;
    const put = (...times: number[]) =>
      call('PutLogEvents', {
        logGroupName: 'g',
        logStreamName: 's',
        logEvents: times.map((timestamp) => ({ timestamp, message: `${timestamp - now}` })),
      });
    expect(await put(now - twoWeeks - hour, now - twoWeeks + hour)).toMatchObject({
      rejectedLogEventsInfo: { tooOldLogEventEndIndex: 1 },
    });
    expect(await put(now, now + 3 * hour)).toMatchObject({
      rejectedLogEventsInfo: { tooNewLogEventStartIndex: 1 },
    });
    await call('PutRetentionPolicy', { logGroupName: 'g', retentionInDays: 1 });
    expect(await put(now - 25 * hour, now - 2 * hour)).toMatchObject({
      rejectedLogEventsInfo: { expiredLogEventEndIndex: 1 },
    });
    expect(messages(await call('FilterLogEvents', { logGroupName: 'g' }))).toEqual([`${-2 * hour}`, '0']);
  });
});

describe('the Terraform of logs', () => {
  it('keeps a group and its lines when it is applied again, and removes both with it', async () => {
    const handler = logs.resources['aws_cloudwatch_log_group'];
    const resource = testResource('aws_cloudwatch_log_group', 'app', { name: '/app', retention_in_days: 14 });
    const attributes = (await handler?.apply(resource, undefined)) ?? {};
    expect(attributes).toMatchObject({
      id: '/app',
      arn: 'arn:aws:logs:us-east-1:000000000000:log-group:/app',
    });
    write('one', 'kept');
    await handler?.apply(resource, attributes);
    const { logGroups } = await call('DescribeLogGroups', {});
    expect(logGroups).toMatchObject([{ logGroupName: '/app', retentionInDays: 14 }]);
    expect(messages(await call('FilterLogEvents', { logGroupName: '/app' }))).toEqual(['kept']);
    await handler?.remove?.(resource.address, attributes);
    expect((await call('DescribeLogGroups', {})).logGroups).toEqual([]);
  });

  it('measures a field of the lines that match, by dimensions', async () => {
    await call('CreateLogGroup', { logGroupName: '/app' });
    await call('PutMetricFilter', {
      logGroupName: '/app',
      filterName: 'slow',
      filterPattern: '{ $.duration > 100 }',
      metricTransformations: [
        {
          metricName: 'Slow',
          metricNamespace: 'Shop',
          metricValue: '$.duration',
          dimensions: { Service: '$.service' },
        },
      ],
    });
    write('one', '{"duration":150,"service":"cart"}', '{"duration":90,"service":"cart"}', '{"duration":200}');
    const query = { namespace: 'Shop', name: 'Slow', from: now - 120_000, to: now + 60_000, period: 600_000 };
    expect(await telemetry.statistics({ ...query, dimensions: { Service: 'cart' } })).toMatchObject([
      { count: 1, sum: 150 },
    ]);
    expect(await telemetry.statistics({ ...query, dimensions: {} })).toEqual([]);
    const { metricFilters } = await call('DescribeMetricFilters', { logGroupName: '/app' });
    expect(metricFilters).toMatchObject([{ filterName: 'slow', logGroupName: '/app' }]);
    expect((await call('DescribeLogGroups', {})).logGroups).toMatchObject([{ metricFilterCount: 1 }]);
    await call('DeleteMetricFilter', { logGroupName: '/app', filterName: 'slow' });
    await expect(
      call('DeleteMetricFilter', { logGroupName: '/app', filterName: 'slow' }),
    ).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
  });

  it('tries a filter on messages', async () => {
    expect(
      await call('TestMetricFilter', {
        filterPattern: '[ip, ..., status = 5*]',
        logEventMessages: ['1.2.3.4 x 200', '1.2.3.4 y 503'],
      }),
    ).toEqual({
      matches: [
        {
          eventNumber: 2,
          eventMessage: '1.2.3.4 y 503',
          extractedValues: { $ip: '1.2.3.4', $2: 'y', $status: '503' },
        },
      ],
    });
  });

  it('counts lines that match a metric filter', async () => {
    const handler = logs.resources['aws_cloudwatch_log_metric_filter'];
    const transformation = { name: 'Errors', namespace: 'Shop', value: '1' };
    const desired = {
      name: 'errors',
      log_group_name: '/app',
      pattern: 'ERROR',
      metric_transformation: [transformation],
    };
    await handler?.apply(testResource('aws_cloudwatch_log_metric_filter', 'errors', desired), undefined);
    write('one', 'ERROR a', 'fine', 'ERROR b');
    await vi.waitFor(async () =>
      expect(
        await telemetry.statistics({
          namespace: 'Shop',
          name: 'Errors',
          dimensions: {},
          from: now - 120_000,
          to: now + 60_000,
          period: 600_000,
        }),
      ).toMatchObject([{ sum: 2 }]),
    );
  });
});
