import type { TelemetryStore } from '../../telemetry/index.ts';
import { streamExists } from './get-events.ts';
import type { LogGroups } from './groups.ts';
import { groupOf, type Input, integer, invalidParameter, notFound, requiredText } from './input.ts';
import { MOST_BYTES, MOST_EVENTS } from './positions.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const TWO_WEEKS = 14 * DAY;
const TWO_HOURS = 2 * HOUR;

interface Entry {
  time: number;
  message: string;
}

/** Writes lines as every writer of logs does, so that embedded metrics are found whoever wrote them. */
export type WriteLines = (group: string, stream: string, entries: Entry[]) => void;

function readEntries(input: Input): Entry[] {
  const events = input['logEvents'];
  if (!Array.isArray(events) || events.length === 0) {
    throw invalidParameter(
      "1 validation error detected: Value at 'logEvents' failed to satisfy constraint: Member must have length greater than or equal to 1",
    );
  }
  if (events.length > MOST_EVENTS) {
    throw invalidParameter(
      `1 validation error detected: Value at 'logEvents' failed to satisfy constraint: Member must have length less than or equal to ${MOST_EVENTS}`,
    );
  }
  return events.map((event: Input) => {
    const time = integer(event, 'timestamp');
    if (time === undefined) throw invalidParameter('Every log event must have a timestamp.');
    return { time, message: requiredText(event, 'message') };
  });
}

function check(entries: readonly Entry[]): void {
  const size = entries.reduce((sum, { message }) => sum + Buffer.byteLength(message) + 26, 0);
  if (size > MOST_BYTES) {
    throw invalidParameter(`Upload too large: ${size} bytes exceeds limit of ${MOST_BYTES}`);
  }
  if (entries.some((entry, index) => entry.time < (entries[index - 1]?.time ?? 0))) {
    throw invalidParameter('Log events in a single PutLogEvents request must be in chronological order.');
  }
  const span = (entries.at(-1)?.time ?? 0) - (entries[0]?.time ?? 0);
  if (span > DAY) {
    throw invalidParameter(
      'The batch of log events in a single PutLogEvents request cannot span more than 24 hours.',
    );
  }
}

/** How many of the first entries are older than `time`. */
function countBefore(entries: readonly Entry[], time: number): number {
  const first = entries.findIndex((entry) => entry.time >= time);
  return first === -1 ? entries.length : first;
}

/** PutLogEvents: on disk, and with those that subscribe to the group, when this resolves. What is too old or too new is left out, and told. */
export async function putLogEvents(
  store: TelemetryStore,
  groups: LogGroups,
  { write, saved }: { write: WriteLines; saved(): Promise<void> },
  input: Input,
): Promise<object> {
  const { name: group, retentionInDays } = groupOf(groups, input);
  const stream = requiredText(input, 'logStreamName');
  if (!(await streamExists(store, groups, group, stream))) throw notFound('log stream');
  const entries = readEntries(input);
  check(entries);
  const now = Date.now();
  const tooOld = countBefore(entries, now - TWO_WEEKS);
  const expired = retentionInDays === undefined ? 0 : countBefore(entries, now - retentionInDays * DAY);
  const tooNew = countBefore(entries, now + TWO_HOURS + 1);
  write(group, stream, entries.slice(Math.max(tooOld, expired), tooNew));
  await saved();
  const rejected = {
    ...(tooNew < entries.length ? { tooNewLogEventStartIndex: tooNew } : {}),
    ...(tooOld > 0 ? { tooOldLogEventEndIndex: tooOld } : {}),
    ...(expired > tooOld ? { expiredLogEventEndIndex: expired } : {}),
  };
  return {
    nextSequenceToken: String(now).padStart(56, '0'),
    ...(Object.keys(rejected).length > 0 ? { rejectedLogEventsInfo: rejected } : {}),
  };
}
