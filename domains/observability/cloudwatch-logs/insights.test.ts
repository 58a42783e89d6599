import { LimitExceededException, MalformedQueryException } from '@aws-sdk/client-cloudwatch-logs';
import { expect, test } from 'vitest';
import { fakeLogs } from './fake-logs.ts';
import { followQuery, startQuery, waitingFor } from './insights.ts';

const wish = {
  query: 'fields @message',
  groups: ['/aws/lambda/skafu-local-relay'],
  from: '2026-11-21T08:00:00.900Z',
  to: '2026-11-21T09:00:00.100Z',
  limit: 7,
};

/** A clock that only sleeping moves. */
function clock(milliseconds: number) {
  let time = 0;
  const slept: number[] = [];
  return {
    slept,
    waiting: {
      milliseconds,
      now: () => time,
      sleep: async (pause: number) => {
        slept.push(pause);
        time += pause;
      },
    },
  };
}

const state = (status?: string, more: object = {}) => ({ status, results: [], ...more });
const throttled = new LimitExceededException({ message: 'too many', $metadata: {} });

test('a query is started over whole seconds that hold its range', async () => {
  const { client, calls } = fakeLogs({ StartQuery: () => ({ queryId: 'q' }) });
  expect(await startQuery(client, wish)).toBe('q');
  expect(calls).toEqual([
    {
      operation: 'StartQuery',
      input: {
        queryString: 'fields @message',
        logGroupNames: ['/aws/lambda/skafu-local-relay'],
        startTime: Date.parse('2026-11-21T08:00:00Z') / 1000,
        endTime: Date.parse('2026-11-21T09:00:01Z') / 1000,
        limit: 7,
      },
    },
  ]);
});

test.each([
  [{ message: 'unexpected symbol', location: { startCharOffset: 7 } }, 'unexpected symbol (at character 8)'],
  [{ message: 'unexpected symbol' }, 'unexpected symbol'],
  [undefined, 'the query is malformed'],
])('a malformed query is told at #/query with the words of AWS: %o', async (queryCompileError, detail) => {
  const error = new MalformedQueryException({
    message: 'the query is malformed',
    $metadata: {},
    ...(queryCompileError ? { queryCompileError } : {}),
  });
  const { client } = fakeLogs({ StartQuery: () => error });
  await expect(startQuery(client, wish)).rejects.toMatchObject({
    status: 400,
    errors: [{ pointer: '#/query', detail }],
  });
});

test('too many queries at once are a 429 that names the call', async () => {
  const { client } = fakeLogs({ StartQuery: () => throttled });
  await expect(startQuery(client, wish)).rejects.toMatchObject({
    status: 429,
    message: 'CloudWatch Logs StartQuery was throttled; try again in 5 seconds.',
  });
});

test('a query is looked at, ever less often, until it is complete', async () => {
  const states = ['Scheduled', 'Running', 'Running', 'Complete'];
  const { client, calls } = fakeLogs({
    GetQueryResults: () =>
      state(states.shift(), {
        results: [[{ field: '@message', value: 'a' }]],
        statistics: { recordsMatched: 1, recordsScanned: 5, bytesScanned: 99 },
      }),
  });
  const { waiting, slept } = clock(10_000);
  expect(await followQuery(client, 'q', waiting)).toEqual({
    queryId: 'q',
    status: 'complete',
    fields: ['@message'],
    rows: [['a']],
    cut: 0,
    statistics: { recordsMatched: 1, recordsScanned: 5, bytesScanned: 99 },
  });
  expect(slept).toEqual([100, 150, 225]);
  expect(calls).toHaveLength(4);
});

test('a query that takes longer than the waiting answers what it found so far', async () => {
  const { client } = fakeLogs({
    GetQueryResults: () => state('Running', { results: [[{ field: '@message', value: 'a' }]] }),
  });
  const { waiting, slept } = clock(10_000);
  expect(await followQuery(client, 'q', waiting)).toMatchObject({ status: 'running', rows: [['a']] });
  const total = slept.reduce((sum, pause) => sum + pause, 0);
  expect(total).toBeLessThanOrEqual(10_000);
  expect(total).toBeGreaterThan(8_500);
});

test('without waiting it is looked at once', async () => {
  const { client, calls } = fakeLogs({ GetQueryResults: () => state('Running') });
  await followQuery(client, 'q', waitingFor(0));
  expect(calls).toHaveLength(1);
});

test('throttling amid the waiting does not lose the query', async () => {
  const answers = [throttled, throttled, state('Complete')];
  const { client } = fakeLogs({ GetQueryResults: () => answers.shift() ?? throttled });
  expect(await followQuery(client, 'q', clock(10_000).waiting)).toMatchObject({ status: 'complete' });
  expect(await followQuery(client, 'q', clock(200).waiting)).toMatchObject({ status: 'running', rows: [] });
});

test.each([
  ['Failed', 'failed'],
  ['Cancelled', 'cancelled'],
  ['Timeout', 'timed-out'],
  ['Unknown', 'unknown'],
  [undefined, 'unknown'],
])('a query that AWS calls %s is %s, and nobody waits for it', async (theirs, ours) => {
  const { client, calls } = fakeLogs({ GetQueryResults: () => ({ status: theirs }) });
  expect(await followQuery(client, 'q', waitingFor())).toMatchObject({ status: ours, rows: [] });
  expect(calls).toHaveLength(1);
});

test('what AWS refuses while it is looked at is told', async () => {
  const gone = Object.assign(new Error('Query not found'), {
    name: 'ResourceNotFoundException',
    $fault: 'client',
  });
  const { client } = fakeLogs({ GetQueryResults: () => gone });
  await expect(followQuery(client, 'q', waitingFor(0))).rejects.toMatchObject({ status: 404 });
});

test('the real clock passes', async () => {
  const { now, sleep } = waitingFor();
  const begin = now();
  await sleep(2);
  expect(now()).toBeGreaterThanOrEqual(begin);
});
