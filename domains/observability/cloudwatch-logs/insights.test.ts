import { LimitExceededException, MalformedQueryException } from '@aws-sdk/client-cloudwatch-logs';
import { describe, expect, test } from 'vitest';
import { fakeLogs } from './fake-logs.ts';
import { followQueries, startQueries, stopQueries, waitingFor } from './insights.ts';
import type { Merge } from './plan.ts';

const wish = {
  query: 'fields @message',
  groups: ['/aws/lambda/skafu-local-relay'],
  from: '2026-11-21T08:00:00.900Z',
  to: '2026-11-21T09:00:00.100Z',
  limit: 7,
};

const one = { ids: ['q'], merge: { kind: 'counts' as const } };

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
  expect(await startQueries(client, wish, undefined)).toEqual({
    plan: one,
    groups: wish.groups,
    groupsLeft: 0,
  });
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
  await expect(startQueries(client, wish, undefined)).rejects.toMatchObject({
    status: 400,
    errors: [{ pointer: '#/query', detail }],
  });
});

test('a failure that AWS has no name for is thrown on as it is', async () => {
  // The client was told nothing to answer.
  await expect(startQueries(fakeLogs({}).client, wish, undefined)).rejects.toThrow(
    'Nobody said what StartQuery answers.',
  );
});

test('too many queries at once are a 429 that names the call', async () => {
  const { client } = fakeLogs({ StartQuery: () => throttled });
  await expect(startQueries(client, wish, undefined)).rejects.toMatchObject({
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
  expect(await followQueries(client, one, waiting)).toEqual({
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
  expect(await followQueries(client, one, waiting)).toMatchObject({ status: 'running', rows: [['a']] });
  const total = slept.reduce((sum, pause) => sum + pause, 0);
  expect(total).toBeLessThanOrEqual(10_000);
  expect(total).toBeGreaterThan(8_500);
});

test('without waiting it is looked at once', async () => {
  const { client, calls } = fakeLogs({ GetQueryResults: () => state('Running') });
  await followQueries(client, one, waitingFor(0));
  expect(calls).toHaveLength(1);
});

test('throttling amid the waiting does not lose the query', async () => {
  const answers = [throttled, throttled, state('Complete')];
  const { client } = fakeLogs({ GetQueryResults: () => answers.shift() ?? throttled });
  expect(await followQueries(client, one, clock(10_000).waiting)).toMatchObject({ status: 'complete' });
  expect(await followQueries(client, one, clock(200).waiting)).toMatchObject({ status: 'running', rows: [] });
});

test.each([
  ['Failed', 'failed'],
  ['Cancelled', 'cancelled'],
  ['Timeout', 'timed-out'],
  ['Unknown', 'unknown'],
  [undefined, 'unknown'],
])('a query that AWS calls %s is %s, and nobody waits for it', async (theirs, ours) => {
  const { client, calls } = fakeLogs({ GetQueryResults: () => ({ status: theirs }) });
  expect(await followQueries(client, one, waitingFor())).toMatchObject({ status: ours, rows: [] });
  expect(calls).toHaveLength(1);
});

test('what AWS refuses while it is looked at is told', async () => {
  const gone = Object.assign(new Error('Query not found'), {
    name: 'ResourceNotFoundException',
    $fault: 'client',
  });
  const { client } = fakeLogs({ GetQueryResults: () => gone });
  await expect(followQueries(client, one, waitingFor(0))).rejects.toMatchObject({ status: 404 });
});

test('the real clock passes', async () => {
  const { now, sleep } = waitingFor();
  const begin = now();
  await sleep(2);
  expect(now()).toBeGreaterThanOrEqual(begin);
});

describe('groups that one query cannot search all', () => {
  const groups = Array.from({ length: 60 }, (_, index) => `/aws/lambda/skafu-local-${index}`);
  const lines: Merge = { kind: 'lines', field: '@message', descending: true, limit: 2 };
  const several = { ids: ['a', 'b'], merge: lines };

  test('are searched by queries side by side', async () => {
    let started = 0;
    const { client, calls } = fakeLogs({ StartQuery: () => ({ queryId: `q${started++}` }) });
    const { plan, groupsLeft } = await startQueries(client, { ...wish, groups }, lines);
    expect([plan, groupsLeft]).toEqual([{ ids: ['q0', 'q1'], merge: lines }, 0]);
    expect(calls.map(({ input }) => (input['logGroupNames'] as string[]).length)).toEqual([50, 10]);
  });

  test('are left where rows are no lines', async () => {
    const { client, calls } = fakeLogs({ StartQuery: () => ({}) });
    expect(await startQueries(client, { ...wish, groups }, undefined)).toMatchObject({ groupsLeft: 10 });
    expect(calls).toHaveLength(1);
  });

  test('answer as one query would, and only those that run are looked at again', async () => {
    const states: Record<string, string[]> = { a: ['Complete'], b: ['Running', 'Complete'] };
    const { client, calls } = fakeLogs({
      GetQueryResults: ({ queryId }) => ({
        status: states[String(queryId)]?.shift(),
        results: ['1', '3'].map((each) => [{ field: '@message', value: `${each}${queryId}` }]),
        statistics: { recordsMatched: 2, recordsScanned: 10, bytesScanned: 50 },
      }),
    });
    expect(await followQueries(client, several, clock(10_000).waiting)).toMatchObject({
      status: 'complete',
      rows: [['3b'], ['3a']],
      statistics: { recordsMatched: 4, recordsScanned: 20, bytesScanned: 100 },
    });
    expect(calls.map(({ input }) => input['queryId'])).toEqual(['a', 'b', 'b']);
  });

  test.each([
    ['Running', 'Failed', 'running'],
    ['Complete', 'Failed', 'failed'],
    ['Scheduled', 'Complete', 'running'],
  ])('are %s and %s, so together %s', async (first, second, together) => {
    const { client } = fakeLogs({
      GetQueryResults: ({ queryId }) => ({ status: queryId === 'a' ? first : second }),
    });
    expect(await followQueries(client, several, waitingFor(0))).toMatchObject({ status: together });
  });

  test('stop together, also when one of them has ended', async () => {
    const ended = Object.assign(new Error('It has ended'), {
      name: 'InvalidParameterException',
      $fault: 'client',
    });
    const { client } = fakeLogs({ StopQuery: ({ queryId }) => (queryId === 'a' ? ended : {}) });
    await expect(stopQueries(client, several)).resolves.toBeUndefined();
    await expect(stopQueries(client, { ...several, ids: ['a'] })).rejects.toMatchObject({ status: 400 });
  });
});
