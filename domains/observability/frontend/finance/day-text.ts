import { addDays, type Day } from '../../cost-explorer/days.ts';
import type { Granularity } from './api.ts';

const day = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
});
const shortDay = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
const month = new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' });
const shortMonth = new Intl.DateTimeFormat('en-GB', { month: 'short', year: 'numeric', timeZone: 'UTC' });

/** `21 Nov 2026`. */
export function dayText(date: Day): string {
  return day.format(Date.parse(date));
}

/** `November 2026`. */
export function monthText(date: Day): string {
  return month.format(Date.parse(date));
}

/** The days of a range whose end is not counted: `23 Oct 2026 to 21 Nov 2026 (UTC)`. */
export function rangeText(from: Day, to: Day): string {
  const last = addDays(to, -1);
  return from === last ? `${dayText(from)} (UTC)` : `${dayText(from)} to ${dayText(last)} (UTC)`;
}

/** A period of a bill where it stands in a row or on an axis. */
export function periodText(from: Day, granularity: Granularity, short = false): string {
  if (granularity === 'monthly') return shortMonth.format(Date.parse(from));
  return short ? shortDay.format(Date.parse(from)) : dayText(from);
}
