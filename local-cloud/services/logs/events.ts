import type { Operation } from '../../core/service.ts';
import type { LogEvent, LogPosition, TelemetryStore } from '../../telemetry/index.ts';
import { parseFilterPattern } from './filter-pattern.ts';
import type { LogGroups } from './groups.ts';
import {
  flag,
  groupOf,
  type Input,
  integer,
  invalidParameter,
  limit,
  notFound,
  requiredText,
  text,
  textList,
} from './input.ts';

const MOST_EVENTS = 10_000;
const TWO_WEEKS = 14 * 24 * 3_600_000;
const TWO_HOURS = 2 * 3_600_000;

/** Writes lines as every writer of logs does, so that embedded metrics are found whoever wrote them. */
export type WriteLines = (
  group: string,
  stream: string,
  entries: { time: number; message: string }[],
) => void;

function token(direction: 'f' | 'b', position: LogPosition): string {
  return `${direction}/${position.time}/${position.sequence}`;
}

function readToken(value: string): { direction: 'f' | 'b'; position: LogPosition } {
  const [, direction, time, sequence] = /^([fb])\/(\d+)\/(\d+)$/.exec(value) ?? [];
  if (!direction) throw invalidParameter('The specified nextToken is invalid.');
  return {
    direction: direction === 'f' ? 'f' : 'b',
    position: { time: Number(time), sequence: Number(sequence) },
  };
}

async function streamExists(
  store: TelemetryStore,
  groups: LogGroups,
  group: string,
  stream: string,
): Promise<boolean> {
  if ((await groups.emptyStreams(group)).has(stream)) return true;
  return (await store.logEvents({ group, streams: [stream], limit: 1 })).length > 0;
}

async function getLogEvents(store: TelemetryStore, groups: LogGroups, input: Input): Promise<object> {
  const { name: group } = groupOf(groups, input);
  const stream = requiredText(input, 'logStreamName');
  if (!(await streamExists(store, groups, group, stream))) throw notFound('log stream');
  const given = text(input, 'nextToken');
  const from = given === undefined ? undefined : readToken(given);
  const backward = from ? from.direction === 'b' : !flag(input, 'startFromHead');
  const events = await store.logEvents({
    group,
    streams: [stream],
    from: integer(input, 'startTime'),
    to: integer(input, 'endTime'),
    limit: limit(input, MOST_EVENTS),
    backward,
    after: from?.position,
  });
  if (backward) events.reverse();
  // At either end the token given comes back, by which clients see that they are done.
  const standing = from?.position ?? { time: 0, sequence: 0 };
  return {
    events: events.map(({ time, message, ingestionTime }) => ({ timestamp: time, message, ingestionTime })),
    nextForwardToken: token('f', events.at(-1) ?? standing),
    nextBackwardToken: token('b', events[0] ?? standing),
  };
}

function filtered(event: LogEvent): object {
  return {
    logStreamName: event.stream,
    timestamp: event.time,
    message: event.message,
    ingestionTime: event.ingestionTime,
    eventId: `${String(event.time).padStart(28, '0')}${String(event.sequence).padStart(28, '0')}`,
  };
}

async function filterLogEvents(store: TelemetryStore, groups: LogGroups, input: Input): Promise<object> {
  const { name: group } = groupOf(groups, input);
  const size = limit(input, MOST_EVENTS);
  const given = text(input, 'nextToken');
  const events = await store.logEvents({
    group,
    streams: textList(input, 'logStreamNames'),
    streamPrefix: text(input, 'logStreamNamePrefix'),
    from: integer(input, 'startTime'),
    to: integer(input, 'endTime'),
    ...parseFilterPattern(text(input, 'filterPattern') ?? ''),
    limit: size + 1,
    after: given === undefined ? undefined : readToken(given).position,
  });
  const page = events.slice(0, size);
  const last = page.at(-1);
  return {
    events: page.map(filtered),
    searchedLogStreams: [],
    ...(events.length > size && last ? { nextToken: token('f', last) } : {}),
  };
}

function readEntries(input: Input): { time: number; message: string }[] {
  const events = input['logEvents'];
  if (!Array.isArray(events) || events.length === 0) {
    throw invalidParameter(
      "1 validation error detected: Value at 'logEvents' failed to satisfy constraint: Member must have length greater than or equal to 1",
    );
  }
  if (events.length > MOST_EVENTS) throw invalidParameter('A batch holds at most 10000 log events.');
  const entries = events.map((event: Input) => {
    const time = integer(event, 'timestamp');
    if (time === undefined) throw invalidParameter('Every log event must have a timestamp.');
    return { time, message: requiredText(event, 'message') };
  });
  if (entries.some((entry, index) => entry.time < (entries[index - 1]?.time ?? 0))) {
    throw invalidParameter('Log events in a single PutLogEvents request must be in chronological order.');
  }
  return entries;
}

async function putLogEvents(
  store: TelemetryStore,
  groups: LogGroups,
  write: WriteLines,
  input: Input,
): Promise<object> {
  const { name: group } = groupOf(groups, input);
  const stream = requiredText(input, 'logStreamName');
  if (!(await streamExists(store, groups, group, stream))) throw notFound('log stream');
  const entries = readEntries(input);
  const now = Date.now();
  const tooOldEnd = entries.findIndex(({ time }) => time >= now - TWO_WEEKS);
  const oldEnd = tooOldEnd === -1 ? entries.length : tooOldEnd;
  const tooNewStart = entries.findIndex(({ time }) => time > now + TWO_HOURS);
  const newStart = tooNewStart === -1 ? entries.length : tooNewStart;
  write(group, stream, entries.slice(oldEnd, newStart));
  const rejected = {
    ...(oldEnd > 0 ? { tooOldLogEventEndIndex: oldEnd } : {}),
    ...(newStart < entries.length ? { tooNewLogEventStartIndex: newStart } : {}),
  };
  return {
    nextSequenceToken: String(now).padStart(56, '0'),
    ...(Object.keys(rejected).length > 0 ? { rejectedLogEventsInfo: rejected } : {}),
  };
}

export function eventOperations(
  store: TelemetryStore,
  groups: LogGroups,
  write: WriteLines,
): Record<string, Operation> {
  return {
    GetLogEvents: (input) => getLogEvents(store, groups, input),
    FilterLogEvents: (input) => filterLogEvents(store, groups, input),
    PutLogEvents: (input) => putLogEvents(store, groups, write, input),
  };
}
