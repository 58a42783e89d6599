import { fieldOf, rowsOf } from './log-rows.ts';
import type { LogCount } from './types.ts';

/** Lines over time: `times` are when bars begin, in epoch milliseconds; each has a count, 0 where there was no line. */
export interface Bars {
  times: number[];
  counts: number[];
  /** Length of a bar in milliseconds. */
  length: number;
}

/** The counts of an answer as bars without gaps over its whole range. */
export function barsOf(count: LogCount): Bars {
  const length = count.bin * 1000;
  const bin = count.fields.find((field) => field.startsWith('bin(')) ?? '';
  const found = new Map(
    rowsOf(count).map((row) => [Date.parse(fieldOf(row, bin) ?? ''), Number(fieldOf(row, 'lines') ?? 0)]),
  );
  const times: number[] = [];
  const end = Date.parse(count.to);
  for (let time = Math.floor(Date.parse(count.from) / length) * length; time < end; time += length) {
    times.push(time);
  }
  return { times, counts: times.map((time) => found.get(time) ?? 0), length };
}
