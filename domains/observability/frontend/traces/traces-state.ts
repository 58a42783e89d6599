import { resolveRange, type TimeRange } from '#shared/frontend/time-range.ts';
import { text } from '#shared/frontend/url-state.ts';
import { both, correlated } from './filter-expression.ts';
import type { TraceItem, TraceWish } from './types.ts';

/** What the traces page keeps in the address, beside the time range. */
export const tracesKeys = {
  /** A filter expression of X-Ray's. */
  filter: text(),
  /** A correlation id: only the traces of that request. */
  request: text(),
} as const;

/** X-Ray keeps traces for 30 days. */
const longest = 30 * 86_400_000;

/** What to ask of the API; a range that begins before the oldest trace is shortened to what there is. */
export function wishOf(range: TimeRange, now: number, state: { filter: string; request: string }): TraceWish {
  const { from, to } = resolveRange(range, now, 60);
  const filter = both(state.request === '' ? '' : correlated(state.request), state.filter);
  const begin = Math.max(Date.parse(from), Date.parse(to) - longest);
  return { from: new Date(begin).toISOString(), to, ...(filter === '' ? {} : { filter }) };
}

/** The value below which this share of the durations lies, by nearest rank. */
export function percentile(sorted: readonly number[], share: number): number | undefined {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
}

/** A trace at a place of the chart. */
export interface Point {
  id: string;
  time: number;
  /** What the caller waited for; the whole duration where X-Ray does not say. */
  milliseconds: number;
  failed: boolean;
}

/** The traces that have a length. */
export function pointsOf(traces: readonly TraceItem[]): Point[] {
  return traces.flatMap(({ id, start, responseTime, duration, fault, error, throttle }) => {
    const milliseconds = responseTime ?? duration;
    if (milliseconds === undefined) return [];
    return [{ id, time: Date.parse(start), milliseconds, failed: fault || error || throttle }];
  });
}

/** Each trace once: where two windows of the search meet, X-Ray tells it in both. */
export function distinctTraces(traces: readonly TraceItem[]): TraceItem[] {
  return [...new Map(traces.map((trace) => [trace.id, trace])).values()];
}
