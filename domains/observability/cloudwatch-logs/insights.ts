import {
  GetQueryResultsCommand,
  type GetQueryResultsCommandOutput,
  MalformedQueryException,
  StartQueryCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { invalid, Problem } from '#shared/messages/problem.ts';
import { calling } from '#shared/runtime/upstream.ts';
import type { LogsClient } from './client.ts';
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

/** Starts a query and answers its id. Throws a 400 problem with AWS's words for a query that cannot be read. */
export async function startQuery(client: LogsClient, wish: QueryWish): Promise<string> {
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

/** Looks at a query, with growing pauses, until it has ended or the waiting is over, and answers what it found so far. */
export async function followQuery(
  client: LogsClient,
  queryId: string,
  waiting: Waiting,
): Promise<QueryAnswer> {
  const until = waiting.now() + waiting.milliseconds;
  let pause = pauses.first;
  let results = await resultsOf(client, queryId);
  while (isUnderWay(statusOf(results)) && waiting.now() + pause <= until) {
    await waiting.sleep(pause);
    pause = Math.min(pause * pauses.growth, pauses.longest);
    results = (await resultsOf(client, queryId)) ?? results;
  }
  const { recordsMatched = 0, recordsScanned = 0, bytesScanned = 0 } = results?.statistics ?? {};
  return {
    queryId,
    status: statusOf(results),
    ...tableOf(results?.results ?? []),
    statistics: { recordsMatched, recordsScanned, bytesScanned },
  };
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

function statusOf(results: GetQueryResultsCommandOutput | undefined): QueryStatus {
  return results ? (statuses[results.status ?? ''] ?? 'unknown') : 'running';
}

function isUnderWay(status: QueryStatus): boolean {
  return status === 'scheduled' || status === 'running';
}
