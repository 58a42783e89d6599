import { type Input, invalid, requiredObject, requiredText } from './input.ts';

export type Granularity = 'HOURLY' | 'DAILY' | 'MONTHLY';
export const granularities = ['DAILY', 'MONTHLY', 'HOURLY'] as const;

/** Epoch milliseconds; `to` is exclusive. */
export interface Interval {
  from: number;
  to: number;
}

const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
const HOURLY_DAYS = 14;
const MONTHS_BACK = 14;

export function startOfDay(time: number): number {
  return Math.floor(time / DAY) * DAY;
}

/** The first moment of the month (UTC) that lies `months` after the one of a time. */
export function startOfMonth(time: number, months = 0): number {
  const date = new Date(time);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1);
}

/** The time as the API spells it: a date, or with the hour. */
export function spelled(time: number, granularity: Granularity): string {
  const text = new Date(time).toISOString();
  return granularity === 'HOURLY' ? `${text.slice(0, 19)}Z` : text.slice(0, 10);
}

/** `TimePeriod` as it is written. Throws `ValidationException` for what is no date, or not in order. */
export function readInterval(input: Input, granularity: Granularity): Interval {
  const given = requiredObject(input, 'TimePeriod');
  const from = readTime('Start', requiredText(given, 'Start'), granularity);
  const to = readTime('End', requiredText(given, 'End'), granularity);
  if (from >= to) throw invalid('Start date (and hour) should be before end date (and hour)');
  return { from, to };
}

function readTime(name: 'Start' | 'End', text: string, granularity: Granularity): number {
  const format = granularity === 'HOURLY' ? 'yyyy-MM-ddTHH:mm:ssZ' : 'yyyy-MM-dd';
  const shape = granularity === 'HOURLY' ? /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/ : /^\d{4}-\d\d-\d\d$/;
  const time = shape.test(text) ? Date.parse(text) : Number.NaN;
  // A day that the month lacks is moved into the next one by the parser.
  if (Number.isNaN(time) || spelled(time, granularity) !== text) {
    throw invalid(`${name} time ${text} is invalid. Valid format is: ${format}.`);
  }
  return time;
}

/** As `readInterval`, for the past: only as far back as Cost Explorer keeps data, and no further than this month. */
export function readPastInterval(input: Input, granularity: Granularity, now: number): Interval {
  const interval = readInterval(input, granularity);
  if (interval.to > startOfMonth(now, 1)) throw invalid('end date past the beginning of next month');
  if (interval.from > now) throw invalid('Start date must be no later than the current date');
  if (granularity === 'HOURLY' && interval.from < startOfDay(now) - HOURLY_DAYS * DAY) {
    throw invalid(`Hourly data is available for the past ${HOURLY_DAYS} days only`);
  }
  if (interval.from < startOfMonth(now, -MONTHS_BACK)) {
    throw invalid(`You haven't enabled historical data beyond ${MONTHS_BACK} months`);
  }
  return interval;
}

/** Cuts an interval into its hours, days or calendar months (UTC). */
export function periodsOf({ from, to }: Interval, granularity: Granularity): Interval[] {
  const periods: Interval[] = [];
  for (let start = from; start < to; ) {
    const end = Math.min(to, nextStart(start, granularity));
    periods.push({ from: start, to: end });
    start = end;
  }
  return periods;
}

function nextStart(time: number, granularity: Granularity): number {
  if (granularity === 'MONTHLY') return startOfMonth(time, 1);
  const step = granularity === 'HOURLY' ? HOUR : DAY;
  return (Math.floor(time / step) + 1) * step;
}
