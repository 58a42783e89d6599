import {
  GetQueryResultsCommand,
  type GetQueryResultsCommandOutput,
  MalformedQueryException,
  type QueryStatistics,
  StartQueryCommand,
  StopQueryCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { invalid, Problem } from '#shared/messages/problem.ts';
import { calling } from '#shared/runtime/upstream.ts';
import type { LogsClient } from './client.ts';
import { mergeRows } from './merge.ts';
import { idOf, type Merge, type Plan, splitGroups } from './plan.ts';
import { type Table, tableOf } from './rows.ts';

/** How far a query has come. Rows of one that is not complete are a part of what it will find. */
export type QueryStatus =
  | 'scheduled'
  | 'running'
  | 'complete'
  | 'failed'
  | 'cancelled'
  | 'timed-out'
  | 'unknown';

export interface QueryAnswer extends Table {
  readonly queryId: string;
  readonly status: QueryStatus;
  readonly statistics: {
    readonly recordsMatched: number;
    readonly recordsScanned: number;
    readonly bytesScanned: number;
  };
}

export interface QueryWish {
  readonly query: string;
  readonly groups: readonly string[];
  readonly from: string;
  readonly to: string;
  readonly limit?: number | undefined;
}

/** The clock and how long to wait by it, in milliseconds; tests bring their own. */
export interface Waiting {
  readonly milliseconds: number;
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
}

/** The longest that a request waits for a query, in seconds. */
export const longestWait = 10;

/** The first look comes soon, since small queries take a fraction of a second; later ones have more time between. */
const pauses = { first: 100, growth: 1.5, longest: 1_000 };

/** Waits by the real clock. */
export function waitingFor(seconds = longestWait): Waiting {
  return {
    milliseconds: seconds * 1000,
    now: Date.now,
    sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  };
}

/** What was started, and where it looks. */
export interface Started {
  readonly plan: Plan;
  readonly groups: readonly string[];
  /** How many groups are not searched. */
  readonly groupsLeft: number;
}

/**
 * Starts a query, or several where one cannot search all groups and `merge` says how to put their rows together.
 * Throws a 400 problem with AWS's words for a query that cannot be read.
 */
export async function startQueries(
  client: LogsClient,
  wish: QueryWish,
  merge: Merge | undefined,
): Promise<Started> {
  const { batches, left } = splitGroups(wish.groups, merge !== undefined);
  const ids = await Promise.all(batches.map((groups) => startQuery(client, { ...wish, groups })));
  return { plan: { ids, merge: merge ?? { kind: 'counts' } }, groups: batches.flat(), groupsLeft: left };
}

async function startQuery(client: LogsClient, wish: QueryWish): Promise<string> {
  const command = new StartQueryCommand({
    queryString: wish.query,
    logGroupNames: [...wish.groups],
    startTime: Math.floor(Date.parse(wish.from) / 1000),
    endTime: Math.ceil(Date.parse(wish.to) / 1000),
    limit: wish.limit,
  });
  const { queryId = '' } = await calling(
    'CloudWatch Logs',
    'StartQuery',
    client.send(command).catch(explainMalformed),
  );
  return queryId;
}

function explainMalformed(error: unknown): never {
  if (!(error instanceof MalformedQueryException)) throw error;
  const { message = '', location } = error.queryCompileError ?? {};
  const place =
    location?.startCharOffset === undefined ? '' : ` (at character ${location.startCharOffset + 1})`;
  throw invalid('CloudWatch Logs cannot read the query: mend #/query and send it again.', [
    { pointer: '#/query', detail: `${message || error.message}${place}` },
  ]);
}

/** Looks at queries, with growing pauses, until all have ended or the waiting is over; answers what they found so far. */
export async function followQueries(client: LogsClient, plan: Plan, waiting: Waiting): Promise<QueryAnswer> {
  const until = waiting.now() + waiting.milliseconds;
  let pause = pauses.first;
  let states = await Promise.all(plan.ids.map((id) => resultsOf(client, id)));
  while (states.some(isUnderWay) && waiting.now() + pause <= until) {
    await waiting.sleep(pause);
    pause = Math.min(pause * pauses.growth, pauses.longest);
    states = await Promise.all(
      plan.ids.map(async (id, index) => {
        const before = states[index];
        return isUnderWay(before) ? ((await resultsOf(client, id)) ?? before) : before;
      }),
    );
  }
  const rows = mergeRows(
    plan.merge,
    states.map((state) => state?.results ?? []),
  );
  const sum = (name: keyof QueryStatistics) =>
    states.reduce((total, state) => total + (state?.statistics?.[name] ?? 0), 0);
  return {
    queryId: idOf(plan),
    status: statusOfAll(states),
    ...tableOf(rows),
    statistics: {
      recordsMatched: sum('recordsMatched'),
      recordsScanned: sum('recordsScanned'),
      bytesScanned: sum('bytesScanned'),
    },
  };
}

/** Stops queries. What AWS refuses is told only where none could be stopped: the others may have ended. */
export async function stopQueries(client: LogsClient, plan: Plan): Promise<void> {
  const stopped = await Promise.allSettled(
    plan.ids.map((queryId) =>
      calling('CloudWatch Logs', 'StopQuery', client.send(new StopQueryCommand({ queryId }))),
    ),
  );
  const [first] = stopped;
  if (first?.status === 'rejected' && stopped.every(({ status }) => status === 'rejected'))
    throw first.reason;
}

/** Nothing when AWS throttles: the query runs on, and its id must not be lost with a refusal. */
async function resultsOf(
  client: LogsClient,
  queryId: string,
): Promise<GetQueryResultsCommandOutput | undefined> {
  try {
    return await calling(
      'CloudWatch Logs',
      'GetQueryResults',
      client.send(new GetQueryResultsCommand({ queryId })),
    );
  } catch (error) {
    if (error instanceof Problem && error.status === 429) return undefined;
    throw error;
  }
}

const statuses: Readonly<Record<string, QueryStatus>> = {
  Scheduled: 'scheduled',
  Running: 'running',
  Complete: 'complete',
  Failed: 'failed',
  Cancelled: 'cancelled',
  Timeout: 'timed-out',
};

type State = GetQueryResultsCommandOutput | undefined;

function statusOf(state: State): QueryStatus {
  return state ? (statuses[state.status ?? ''] ?? 'unknown') : 'running';
}

function isUnderWay(state: State): boolean {
  return ['scheduled', 'running'].includes(statusOf(state));
}

/** Several are under way while one is, and complete when all are; else the first that is neither says how it ended. */
function statusOfAll(states: readonly State[]): QueryStatus {
  if (states.length > 1 && states.some(isUnderWay)) return 'running';
  return states.map(statusOf).find((status) => status !== 'complete') ?? 'complete';
}
