import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { continueLogQuery } from '#domains/observability/queries/continue-log-query.ts';
import { countLogs } from '#domains/observability/queries/count-logs.ts';
import { getLogContext } from '#domains/observability/queries/get-log-context.ts';
import { listLogGroups } from '#domains/observability/queries/list-log-groups.ts';
import { queryLogs } from '#domains/observability/queries/query-logs.ts';
import { stopLogQuery } from '#domains/observability/queries/stop-log-query.ts';
import { serveQuery } from '#shared/runtime/serve-query.ts';
import { request } from '#shared/testing/requests.ts';
import { type KernelPlatform, startKernelPlatform } from './platform.ts';
import { bodyOf, parametersOf } from './requests.ts';

/** More than one query of AWS takes, so that lines come from several. */
const groupCount = 53;
const nameOf = (index: number) => `/aws/lambda/skafu-kernel-${`${index}`.padStart(2, '0')}`;
const begin = Math.floor(Date.now() / 60_000) * 60_000 - 10 * 60_000;
const range = { from: new Date(begin).toISOString(), to: new Date(begin + 9 * 60_000).toISOString() };

let platform: KernelPlatform;
let client: CloudWatchLogsClient;

beforeAll(async () => {
  platform = await startKernelPlatform();
  client = new CloudWatchLogsClient({});
  for (let index = 0; index < groupCount; index++) {
    const logGroupName = nameOf(index);
    await client.send(new CreateLogGroupCommand({ logGroupName }));
    await client.send(new CreateLogStreamCommand({ logGroupName, logStreamName: 's' }));
    const logEvents = [0, 1, 2].map((minute) => ({
      timestamp: begin + minute * 60_000 + index,
      message: JSON.stringify({
        level: minute === 1 ? 'ERROR' : 'INFO',
        correlationId: `c-${minute}`,
        index,
      }),
    }));
    await client.send(new PutLogEventsCommand({ logGroupName, logStreamName: 's', logEvents }));
  }
});
afterAll(async () => {
  client.destroy();
  await platform.stop();
});

const handlers = {
  logs: serveQuery(queryLogs, parametersOf(queryLogs.input)),
  histogram: serveQuery(countLogs, parametersOf(countLogs.input)),
  more: serveQuery(continueLogQuery, parametersOf(continueLogQuery.input)),
  stop: serveQuery(stopLogQuery, parametersOf(stopLogQuery.input)),
  groups: serveQuery(listLogGroups, parametersOf(listLogGroups.input)),
  context: serveQuery(getLogContext, parametersOf(getLogContext.input)),
};
interface LogBody {
  queryId: string;
  status: string;
  fields: string[];
  rows: string[][];
  groups: string[];
  groupsLeft: number;
  items: Record<string, unknown>[];
  nextCursor?: string;
  errors: { pointer: string }[];
}
async function ask(handler: keyof typeof handlers, queryStringParameters: Record<string, string>) {
  const result = await handlers[handler](request({ queryStringParameters }));
  return { status: result.statusCode, body: bodyOf<LogBody>(result) };
}

test('lines of more groups than AWS takes come back as one list, in the order of the query', async () => {
  const query = 'fields index, @log | filter correlationId = "c-1" | sort @timestamp desc | limit 52';
  const { body } = await ask('logs', { ...range, query: `fields @timestamp | ${query}` });
  const at = body.fields.indexOf('index');
  expect(body).toMatchObject({ status: 'complete', groupsLeft: 0, groups: { length: groupCount } });
  expect(body.rows.map((row) => Number(row[at]))).toEqual(
    Array.from({ length: 52 }, (_, index) => groupCount - 1 - index),
  );
  const more = await ask('more', { queryId: body.queryId });
  expect(more.body.rows).toEqual(body.rows);
});

test('the histogram counts the lines of all groups', async () => {
  const { body } = await ask('histogram', { ...range, query: 'filter level = "INFO" | limit 1' });
  expect(body).toMatchObject({ status: 'complete', bin: 10 });
  const counts = body.rows.map((row) => Number(row[body.fields.indexOf('lines')]));
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(groupCount * 2);
});

test('a query that counts sees fifty groups, and tells of the others', async () => {
  const { body } = await ask('logs', { ...range, query: 'stats count(*) as n' });
  expect(body).toMatchObject({ rows: [['150']], groupsLeft: 3 });
});

test('a malformed query is refused at #/query, and groups of others at #/groups', async () => {
  const malformed = await ask('logs', { ...range, query: 'fiels a' });
  expect([malformed.status, malformed.body.errors[0]?.pointer]).toEqual([400, '#/query']);
  const foreign = await ask('logs', { ...range, query: 'fields a', groups: '/aws/lambda/other' });
  expect([foreign.status, foreign.body.errors[0]?.pointer]).toEqual([400, '#/groups']);
});

test('a query that is not there is not found, and one that has ended cannot be stopped', async () => {
  expect((await ask('more', { queryId: '00000000-0000-4000-8000-000000000000' })).status).toBe(404);
  const { body } = await ask('logs', { ...range, query: 'fields a', groups: nameOf(0) });
  expect((await ask('stop', { queryId: body.queryId })).status).toBe(400);
});

test('groups are listed page by page', async () => {
  const first = await ask('groups', { limit: '50' });
  expect(first.body.items[0]).toMatchObject({ name: nameOf(0) });
  const second = await ask('groups', { limit: '50', cursor: first.body.nextCursor ?? '' });
  expect(second.body.items.map(({ name }) => name)).toEqual([50, 51, 52].map(nameOf));
  expect(second.body.nextCursor).toBeUndefined();
  expect((await ask('groups', { cursor: 'x' })).status).toBe(400);
});

test('the lines around one are those of its stream', async () => {
  const at = new Date(begin + 60_000 + 7).toISOString();
  const { body } = await ask('context', { group: nameOf(7), stream: 's', at, around: '1' });
  expect(body.items.map(({ message }) => JSON.parse(String(message)).correlationId)).toEqual([
    'c-0',
    'c-1',
    'c-2',
  ]);
});
