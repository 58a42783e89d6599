import { CloudWatchLogsClient, StartLiveTailCommand } from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { MovableClock } from '../../../core/clock.ts';
import { type Gateway, listen } from '../../../gateway/gateway.ts';
import type { LogGroups } from '../groups.ts';
import { startLogs, type TestLogs } from '../testing.ts';
import { createLiveTail, type LiveTail } from './live-tail.ts';

const arn = 'arn:aws:logs:us-east-1:000000000000:log-group:shop';
let logs: TestLogs;
let gateway: Gateway;
let client: CloudWatchLogsClient;

beforeAll(async () => {
  logs = await startLogs();
  gateway = await listen(0, logs.cloud.logger);
  gateway.open([logs.service], logs.cloud);
  client = new CloudWatchLogsClient({
    endpoint: gateway.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    // The SDK would put "streaming-" before the name of the host.
    disableHostPrefix: true,
  });
  await logs.call('CreateLogGroup', { logGroupName: 'shop' });
});

afterAll(async () => {
  client.destroy();
  await gateway.close();
  await logs.stop();
});

const write = (stream: string, ...messages: string[]) =>
  logs.cloud.ports.logs.write(
    'shop',
    stream,
    messages.map((message) => ({ time: Date.now(), message })),
  );

/** The operation itself, without a client, with updates that come at once. */
function tailOf(clock = new MovableClock()): LiveTail {
  const groups = { get: (name: string) => ({ name }) } as unknown as LogGroups;
  return createLiveTail(clock, groups, 1);
}

it('tells the lines that match to a client of the SDK, until it leaves', async () => {
  const { responseStream } = await client.send(
    new StartLiveTailCommand({
      logGroupIdentifiers: [arn],
      logStreamNamePrefixes: ['web'],
      logEventFilterPattern: 'ERROR',
    }),
  );
  const told: unknown[] = [];
  for await (const { sessionStart, sessionUpdate } of responseStream ?? []) {
    if (sessionStart) {
      expect(sessionStart).toMatchObject({ logGroupIdentifiers: [arn], logEventFilterPattern: 'ERROR' });
      write('web/1', 'INFO no', 'ERROR yes');
      write('batch', 'ERROR elsewhere');
    }
    told.push(...(sessionUpdate?.sessionResults ?? []));
    if (told.length > 0) {
      expect(sessionUpdate?.sessionMetadata).toEqual({ sampled: false });
      break;
    }
  }
  expect(told).toEqual([
    {
      logGroupIdentifier: arn,
      logStreamName: 'web/1',
      message: 'ERROR yes',
      timestamp: expect.any(Number),
      ingestionTime: expect.any(Number),
    },
  ]);
  expect(logs.cloud.recorded.log).toEqual([]);
});

it('forgets clients that have left', async () => {
  // The SDK keeps the connection when its events are no longer read: it has to be told to end.
  const visit = async () => {
    const leaving = new AbortController();
    const { responseStream } = await client.send(new StartLiveTailCommand({ logGroupIdentifiers: [arn] }), {
      abortSignal: leaving.signal,
    });
    for await (const { sessionStart } of responseStream ?? []) if (sessionStart) break;
    leaving.abort();
  };
  for (let visits = 0; visits < 20; visits++) {
    await vi.waitFor(visit, { timeout: 5_000, interval: 100 });
  }
});

it('is refused for a group that is named otherwise than by its ARN, or is not there', async () => {
  const refused = (identifier: string) =>
    expect(client.send(new StartLiveTailCommand({ logGroupIdentifiers: [identifier] }))).rejects;
  await refused('shop').toThrow('must hold ARNs');
  await refused(`${arn}:*`).toThrow('must hold ARNs');
  await refused(`${arn}s`).toMatchObject({ name: 'ResourceNotFoundException' });
});

it('tells five hundred lines at once of more, and that it does', async () => {
  const tail = tailOf();
  const updates = tail.start({ logGroupIdentifiers: [arn] }).events[Symbol.asyncIterator]();
  await updates.next();
  for (let index = 0; index < 2_000; index++)
    tail.observe('shop', 'one', { time: index, message: `${index}` });
  await vi.waitFor(async () => {
    const { value } = await updates.next();
    expect(value?.payload).toMatchObject({
      sessionMetadata: { sampled: true },
      sessionResults: { length: 500 },
    });
  });
  tail.stop();
  expect(await updates.next()).toMatchObject({ done: true });
});

it('ends after three hours, and no more than fifteen are open', async () => {
  const clock = new MovableClock();
  const tail = tailOf(clock);
  const start = () => tail.start({ logGroupIdentifiers: [arn] });
  const updates = start().events[Symbol.asyncIterator]();
  await updates.next();
  for (let open = 1; open < 15; open++) await start().events[Symbol.asyncIterator]().next();
  expect(start).toThrow('At most 15');
  await clock.advance(3 * 3_600_000);
  const toItsEnd = async () => {
    while (!(await updates.next()).done) await Promise.resolve();
  };
  await expect(toItsEnd()).rejects.toMatchObject({ code: 'SessionTimeoutException' });
  expect(start).not.toThrow();
  tail.stop();
});
