import type { Unit } from '../format.ts';

/** A line on a chart. `times` are epoch milliseconds, ascending, one for each value. */
export interface Series {
  id: string;
  label: string;
  unit: Unit;
  times: readonly number[];
  values: readonly number[];
}

/** Two series, by their ids, between which the chart is filled: bounds of what may be. */
export interface Band {
  upper: string;
  lower: string;
}

/** Series on one common time axis; `null` where a series has no value. */
export interface Aligned {
  times: number[];
  columns: (number | null)[][];
}

/**
 * Puts series on one axis that has every multiple of `period` (seconds) between first and last, so that gaps show. Periods
 * of different lengths, such as months, have no `period`; then the axis has the times of the series alone.
 */
export function align(series: readonly Series[], period: number | undefined): Aligned {
  const step = period === undefined ? Number.POSITIVE_INFINITY : period * 1000;
  const known = new Set<number>();
  for (const each of series) for (const time of each.times) known.add(time);
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const time of known) {
    first = Math.min(first, time);
    last = Math.max(last, time);
  }
  for (let time = first; time < last; time += step) known.add(time);
  const times = [...known].sort((left, right) => left - right);
  const columns = series.map((each) => {
    const values = new Map(each.times.map((time, index) => [time, each.values[index] ?? null]));
    return times.map((time) => values.get(time) ?? null);
  });
  return { times, columns };
}

/** The units of some series, each once, in order. */
export function unitsOf(series: readonly Series[]): Unit[] {
  return [...new Set(series.map((each) => each.unit))];
}
