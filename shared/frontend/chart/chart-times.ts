import { formatInstant, formatMinute } from '../time.ts';

/** What a point of a chart stands for: an instant, or the whole day or month that begins there. */
export type ChartTimes = 'instants' | 'days' | 'months';

const parts = { days: { day: 'numeric', month: 'short' }, months: { month: 'short' } } as const;

/** A time on the axis, where the neighbours say the rest. */
export function tickText(time: number, zone: string, times: ChartTimes): string {
  return times === 'instants' ? formatMinute(time, zone) : dateText(time, zone, times, times === 'months');
}

/** A time that stands alone: `21 Nov 2026, 07:57:42 UTC`, `21 Nov 2026`, `Nov 2026`. */
export function timeText(time: number, zone: string, times: ChartTimes): string {
  return times === 'instants' ? formatInstant(time, zone) : dateText(time, zone, times, true);
}

function dateText(time: number, zone: string, times: keyof typeof parts, withYear: boolean): string {
  const year = withYear ? { year: 'numeric' as const } : {};
  return new Intl.DateTimeFormat('en-GB', { ...parts[times], ...year, timeZone: zone }).format(time);
}
