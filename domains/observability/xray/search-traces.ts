import {
  GetTraceSummariesCommand,
  type GetTraceSummariesCommandOutput,
  type TraceSummary,
  type XRayClient,
} from '@aws-sdk/client-xray';
import { calling } from '#shared/runtime/upstream.ts';
import { fieldsOf, readCursor, writeCursor } from './cursor.ts';
import { traceItemOf } from './summary.ts';

/** X-Ray is asked for this much time in one call; a longer range is searched from its end backwards. */
const windowMilliseconds = 6 * 3_600_000;
/** Calls of X-Ray that one request makes at most. */
const maximumCalls = 10;

export interface TraceSearch {
  /** Epoch milliseconds. */
  readonly from: number;
  readonly to: number;
  readonly filter?: string | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** Where the search goes on: within which window, at which page of X-Ray's, after how many of its traces. */
interface Position {
  readonly end: number;
  readonly token?: string;
  readonly skip: number;
}

/**
 * Searches traces, newest window first. X-Ray has no limit of its own and may answer empty pages for a long time, so
 * a request stops after a number of calls and tells how far back it has searched.
 */
export async function searchTraces(client: Pick<XRayClient, 'send'>, search: TraceSearch) {
  const found: TraceSummary[] = [];
  let position: Position | undefined = search.cursor
    ? readCursor(search.cursor, isPosition)
    : { end: search.to, skip: 0 };
  let calls = 0;
  let searchedBackTo = position.end;
  while (position && found.length < search.limit && calls < maximumCalls) {
    const start: number = Math.max(search.from, position.end - windowMilliseconds);
    const page = await summaries(client, start, position, search.filter);
    const rest = (page.TraceSummaries ?? []).slice(position.skip);
    const taken = rest.slice(0, search.limit - found.length);
    found.push(...taken);
    calls++;
    if (taken.length < rest.length) position = { ...position, skip: position.skip + taken.length };
    else if (page.NextToken) position = { end: position.end, token: page.NextToken, skip: 0 };
    else {
      searchedBackTo = start;
      position = start > search.from ? { end: start, skip: 0 } : undefined;
    }
  }
  return {
    items: found.map(traceItemOf).sort((one, other) => (one.start < other.start ? 1 : -1)),
    ...(position ? { nextCursor: writeCursor(position) } : {}),
    // The page is not full, and yet there is more to search.
    partial: position !== undefined && found.length < search.limit,
    searchedBackTo: new Date(searchedBackTo).toISOString(),
  };
}

function summaries(
  client: Pick<XRayClient, 'send'>,
  start: number,
  { end, token }: Position,
  filter: string | undefined,
): Promise<GetTraceSummariesCommandOutput> {
  const command = new GetTraceSummariesCommand({
    StartTime: new Date(start),
    EndTime: new Date(end),
    FilterExpression: filter,
    NextToken: token,
  });
  return calling('X-Ray', 'GetTraceSummaries', client.send(command));
}

function isPosition(value: unknown): value is Position {
  const { end, token, skip } = fieldsOf(value);
  const isCount = (number: unknown) => Number.isSafeInteger(number) && Number(number) >= 0;
  return isCount(end) && isCount(skip) && (token === undefined || typeof token === 'string');
}
