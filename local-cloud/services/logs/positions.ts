import type { LogPosition } from '../../telemetry/index.ts';
import { invalidParameter } from './input.ts';

export type Direction = 'f' | 'b';

/** A page of events holds at most so many of them, and so many bytes. */
export const MOST_EVENTS = 10_000;
export const MOST_BYTES = 1_048_576;

/** A token is a place between two lines and the direction in which reading goes on from there. */
export function token(direction: Direction, { time, sequence }: LogPosition): string {
  return `${direction}/${time}/${sequence}/s`;
}

export function readToken(value: string): { direction: Direction; position: LogPosition } {
  const [, direction, time, sequence] = /^([fb])\/(\d{1,16})\/(\d{1,16})\/s$/.exec(value) ?? [];
  if (!direction) throw invalidParameter('The specified nextToken is invalid.');
  return {
    direction: direction === 'f' ? 'f' : 'b',
    position: { time: Number(time), sequence: Number(sequence) },
  };
}

/** As many of the first events as one answer holds; at least one, or reading would never end. */
export function withinBytes<Event extends { message: string }>(events: readonly Event[]): Event[] {
  let bytes = 0;
  const end = events.findIndex(({ message }, index) => {
    bytes += Buffer.byteLength(message) + 26;
    return bytes > MOST_BYTES && index > 0;
  });
  return end === -1 ? [...events] : events.slice(0, end);
}

/** What a line is called wherever it is told: the same in FilterLogEvents and to subscribers. */
export function eventIdOf({ time, sequence }: LogPosition): string {
  return `${String(time).padStart(28, '0')}${String(sequence).padStart(28, '0')}`;
}
