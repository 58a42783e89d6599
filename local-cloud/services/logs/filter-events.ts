import type { LogEvent, LogPosition, TelemetryStore } from '../../telemetry/index.ts';
import type { LogGroups } from './groups.ts';
import { groupOf, type Input, integer, invalidParameter, limit, text, textList } from './input.ts';
import { parseFilterPattern } from './patterns/filter-pattern.ts';
import { eventIdOf, MOST_EVENTS, readToken, token, withinBytes } from './positions.ts';

/** Lines that are looked at before a page is given, be it empty: a client then asks on by the token. */
const MOST_LOOKED_AT = 100_000;
const BATCH = 5_000;

function filtered(event: LogEvent): object {
  return {
    logStreamName: event.stream,
    timestamp: event.time,
    message: event.message,
    ingestionTime: event.ingestionTime,
    eventId: eventIdOf(event),
  };
}

interface Page {
  events: LogEvent[];
  /** Where the next page begins; undefined at the end. */
  next?: LogPosition;
}

type Fetch = (size: number, after: LogPosition | undefined) => Promise<LogEvent[]>;

/** Collects the lines that match from batches, so that never more than one batch is held. */
async function collect(
  fetch: Fetch,
  matches: ((message: string) => boolean) | undefined,
  size: number,
  start: LogPosition | undefined,
): Promise<Page> {
  const events: LogEvent[] = [];
  let after = start;
  // When the database finds just the lines that match, one more than wanted tells whether there is another page.
  const batchSize = matches ? BATCH : Math.min(size + 1, BATCH);
  for (let lookedAt = 0; lookedAt < MOST_LOOKED_AT; lookedAt += batchSize) {
    const batch = await fetch(batchSize, after);
    for (const event of batch) {
      if (matches && !matches(event.message)) continue;
      events.push(event);
      if (events.length > size) break;
    }
    const fitting = withinBytes(events.slice(0, size));
    const last = fitting.at(-1);
    if (fitting.length < events.length && last) return { events: fitting, next: last };
    if (batch.length < batchSize) return { events };
    after = batch.at(-1);
  }
  return after ? { events, next: after } : { events };
}

/** FilterLogEvents: the lines of all streams of a group, or of some, that match a pattern. */
export async function filterLogEvents(
  store: TelemetryStore,
  groups: LogGroups,
  input: Input,
): Promise<object> {
  const { name: group } = groupOf(groups, input);
  const streams = textList(input, 'logStreamNames');
  const streamPrefix = text(input, 'logStreamNamePrefix');
  if (streams && streamPrefix !== undefined) {
    throw invalidParameter('logStreamNames and logStreamNamePrefix cannot both be given.');
  }
  const to = integer(input, 'endTime');
  const { hints, isHintEnough, matches } = parseFilterPattern(text(input, 'filterPattern') ?? '');
  const given = text(input, 'nextToken');
  const fetch: Fetch = (size, after) =>
    store.logEvents({
      group,
      streams,
      streamPrefix,
      from: integer(input, 'startTime'),
      // Here, unlike in GetLogEvents, the end is included.
      to: to === undefined ? undefined : to + 1,
      ...hints,
      limit: size,
      after,
    });
  const { events, next } = await collect(
    fetch,
    isHintEnough ? undefined : matches,
    limit(input, MOST_EVENTS),
    given === undefined ? undefined : readToken(given).position,
  );
  return {
    events: events.map(filtered),
    // CloudWatch has told no streams here since 2020.
    searchedLogStreams: [],
    ...(next ? { nextToken: token('f', next) } : {}),
  };
}
