import type { Known } from './failure.ts';
import { type Occurrence, targetKey } from './occurrence.ts';

// A failure may come thousands of times in a minute. What an operator needs is kept of each cause and of each stream;
// the rest is counted, so that a storm costs few writes whatever its size.

/** An occurrence as it arrived. */
export type Reported = Occurrence & { readonly stack?: string | undefined };

/** What one event will tell: `times` occurrences, of which it describes the last. */
export type Told = Reported & { readonly times: number; readonly newlyAffected?: boolean };

/** A failure remembers this many streams; those beyond are only counted. */
export const maximumAffected = 1_000;
/** So many occurrences of a minute are told one by one. */
export const maximumInMinute = 10;
/** A commit has room for so many streams; those beyond fail again, and are told then. */
export const maximumStreams = 100;
/** A stream that waits behind the same failure is told again after this long, in milliseconds. */
const repeatAfter = 60 * 60_000;

export const minuteOf = (at: string): string => at.slice(0, 16);

/** Puts occurrences together, oldest first, into what is worth an event each. */
export function tell(known: Known, occurrences: readonly Reported[]): Told[] {
  const lines = new Map<string, Told>();
  let singles = 0;
  let streams = 0;
  const roomFor = (at: string) => maximumInMinute - (minuteOf(at) === known.minute ? known.inMinute : 0);
  const add = (key: string, told: Reported, more: object = {}) =>
    lines.set(key, { ...lines.get(key), ...told, ...more, times: (lines.get(key)?.times ?? 0) + 1 });

  for (const occurrence of occurrences.toSorted((left, right) => (left.at < right.at ? -1 : 1))) {
    const { target, ...untargeted } = occurrence;
    if (target) {
      const key = targetKey(target);
      const before = known.affected[key];
      if (before && !before.redriven && age(occurrence.at, before.recordedAt) < repeatAfter) continue;
      const isNew = !before && !lines.has(key);
      const fits =
        lines.has(key) ||
        (streams < maximumStreams &&
          (!isNew || Object.keys(known.affected).length + streams < maximumAffected));
      if (fits) {
        if (!lines.has(key)) streams++;
        add(key, occurrence, isNew ? { newlyAffected: true } : {});
        continue;
      }
    }
    if (!target && singles < roomFor(occurrence.at)) add(`#${++singles}`, untargeted);
    else add('#', untargeted);
  }
  return [...lines.values()];
}

const age = (at: string, before: string): number => Date.parse(at) - Date.parse(before);
