import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DescribeQueriesCommand,
  GetLogRecordCommand,
  GetQueryResultsCommand,
  MalformedQueryException,
  PutLogEventsCommand,
  paginateFilterLogEvents,
  StartQueryCommand,
  StopQueryCommand,
  TestMetricFilterCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Gateway, listen } from '../../gateway/gateway.ts';
import { startLogs, type TestLogs } from './testing.ts';

const run = promisify(execFile);
const hasCli = spawnSync('aws', ['--version']).status === 0;
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const logGroupName = '/shop/orders';
const now = Math.floor(Date.now() / 1_000) * 1_000;
const messages = Array.from({ length: 30 }, (_, n) =>
  JSON.stringify({ level: n % 3 === 0 ? 'ERROR' : 'INFO', duration: n * 10 }),
);
const range = { startTime: now / 1_000 - 60, endTime: now / 1_000 + 60 };

let logs: TestLogs;
let gateway: Gateway;
let client: CloudWatchLogsClient;

beforeAll(async () => {
  logs = await startLogs();
  gateway = await listen(0, logs.cloud.logger);
  gateway.open([logs.service], logs.cloud);
  client = new CloudWatchLogsClient({ endpoint: gateway.url, region: 'us-east-1', credentials });
  await client.send(new CreateLogGroupCommand({ logGroupName }));
  await client.send(new CreateLogStreamCommand({ logGroupName, logStreamName: 'one' }));
  await client.send(
    new PutLogEventsCommand({
      logGroupName,
      logStreamName: 'one',
      logEvents: messages.map((message, n) => ({ timestamp: now - 30_000 + n * 1_000, message })),
    }),
  );
});

afterAll(async () => {
  client.destroy();
  await gateway.close();
  await logs.stop();
});

async function completed(queryId: string | undefined) {
  return vi.waitFor(
    async () => {
      const answer = await client.send(new GetQueryResultsCommand({ queryId }));
      expect(answer.status).toBe('Complete');
      return answer;
    },
    { timeout: 20_000, interval: 10 },
  );
}

describe('the JavaScript SDK', () => {
  it('starts a query and reads its results', async () => {
    const queryString = 'filter level = "ERROR" | stats count(*) as n, avg(duration) as mean by level';
    const { queryId } = await client.send(new StartQueryCommand({ logGroupName, queryString, ...range }));
    const { results, statistics } = await completed(queryId);
    expect(results).toEqual([
      [
        { field: 'level', value: 'ERROR' },
        { field: 'n', value: '10' },
        { field: 'mean', value: '135' },
      ],
    ]);
    expect(statistics).toMatchObject({
      recordsMatched: 10,
      recordsScanned: 30,
      bytesScanned: messages.join('').length,
    });
    const { queries } = await client.send(new DescribeQueriesCommand({ logGroupName, status: 'Complete' }));
    expect(queries).toContainEqual(expect.objectContaining({ queryId, queryString, status: 'Complete' }));
    await expect(client.send(new StopQueryCommand({ queryId }))).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
  });

  it('follows the pointer of a row to the whole record', async () => {
    const { queryId } = await client.send(
      new StartQueryCommand({ logGroupNames: [logGroupName], queryString: 'limit 1', ...range }),
    );
    const { results } = await completed(queryId);
    const logRecordPointer = results?.[0]?.find(({ field }) => field === '@ptr')?.value;
    const { logRecord } = await client.send(new GetLogRecordCommand({ logRecordPointer }));
    expect(logRecord).toMatchObject({ level: 'INFO', duration: '290', '@logStream': 'one' });
  });

  it('is told where a query is malformed', async () => {
    const error = await client
      .send(new StartQueryCommand({ logGroupName, queryString: 'fields a | patern b', ...range }))
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(MalformedQueryException);
    expect(error).toMatchObject({
      queryCompileError: {
        location: { startCharOffset: 11, endCharOffset: 17 },
        message: 'There is no command patern.',
      },
    });
  });

  it('pages through filtered events', async () => {
    const found: string[] = [];
    const pages = paginateFilterLogEvents(
      { client, pageSize: 3 },
      { logGroupName, filterPattern: '{ $.level = "ERROR" && $.duration > 50 }' },
    );
    for await (const { events = [], searchedLogStreams } of pages) {
      expect(searchedLogStreams).toEqual([]);
      found.push(...events.map(({ message }) => message ?? ''));
    }
    expect(found.map((message) => (JSON.parse(message) as { duration: number }).duration)).toEqual([
      60, 90, 120, 150, 180, 210, 240, 270,
    ]);
  });

  it('tries a metric filter', async () => {
    const { matches } = await client.send(
      new TestMetricFilterCommand({
        filterPattern: '{ $.level = ERROR }',
        logEventMessages: messages.slice(0, 2),
      }),
    );
    expect(matches).toEqual([
      { eventNumber: 1, eventMessage: messages[0], extractedValues: { '$.level': 'ERROR' } },
    ]);
  });
});

describe.skipIf(!hasCli)('the aws command line', () => {
  const aws = async (...words: string[]): Promise<Record<string, unknown>> => {
    const { stdout } = await run(
      'aws',
      ['logs', ...words, '--endpoint-url', gateway.url, '--region', 'us-east-1', '--output', 'json'],
      { env: { ...process.env, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' } },
    );
    return JSON.parse(stdout) as Record<string, unknown>;
  };

  it('starts a query and reads its results', async () => {
    const { queryId } = await aws(
      ...['start-query', '--log-group-name', logGroupName, '--query-string', 'stats count(*) by bin(1d)'],
      ...['--start-time', String(range.startTime), '--end-time', String(range.endTime)],
    );
    await completed(String(queryId));
    const { status, results } = await aws('get-query-results', '--query-id', String(queryId));
    expect(status).toBe('Complete');
    expect(results).toContainEqual(
      expect.arrayContaining([{ field: 'count(*)', value: expect.any(String) }]),
    );
  }, 60_000);
});
