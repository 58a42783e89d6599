import { type InvalidField, invalid } from '#shared/messages/problem.ts';
import { addDays, type Day, dayAt, daysBetween, firstOfMonth, firstOfMonthAfter, isDay } from './days.ts';

export type Granularity = 'daily' | 'monthly';

/** The days of a bill: `from` is counted, `to` is not. `previousFrom` begins the period of equal length before it. */
export interface CostRange {
  readonly from: Day;
  readonly to: Day;
  /** Absent where AWS does not keep the days before. */
  readonly previousFrom?: Day;
}

const defaultDays = 30;
const longestDays = 366;
/** AWS keeps the running month and the 13 before it. */
const monthsKept = 13;

/**
 * The range that is asked for, by default the 30 days up to and including today in UTC. Throws a 400 problem that names
 * what no bill can show.
 */
export function costRange(
  asked: { from?: string | undefined; to?: string | undefined; granularity: Granularity },
  now: number,
): CostRange {
  const tomorrow = addDays(dayAt(now), 1);
  const to = asked.to ?? tomorrow;
  const from = asked.from ?? defaultFrom(isDay(to) ? to : tomorrow, asked.granularity);
  const oldest = firstOfMonthAfter(dayAt(now), -monthsKept);
  const errors: InvalidField[] = [];
  const refuse = (field: string, detail: string) => errors.push({ pointer: `#/${field}`, detail });

  if (!isDay(from)) refuse('from', 'must be a day of the calendar such as 2026-11-21');
  else if (from < oldest) refuse('from', `must not be before ${oldest}: AWS keeps no cost of earlier days`);
  else if (asked.granularity === 'monthly' && from !== firstOfMonth(from))
    refuse('from', 'must be the first day of a month when the granularity is monthly');
  if (!isDay(to)) refuse('to', 'must be a day of the calendar such as 2026-11-21');
  else if (to > tomorrow) refuse('to', `must not be after ${tomorrow}; it is not counted itself`);
  else if (isDay(from) && from >= to) refuse('to', 'must be later than from; it is not counted itself');
  else if (isDay(from) && daysBetween(from, to) > longestDays)
    refuse('to', 'must be at most 12 months after from');
  if (errors.length > 0)
    throw invalid(`Mend ${errors.map(({ pointer }) => pointer).join(', ')} and send it again.`, errors);

  const previousFrom = addDays(from, -daysBetween(from, to));
  return { from, to, ...(previousFrom < oldest ? {} : { previousFrom }) };
}

/** Months are shown whole: a monthly range begins with the month in which 30 days ago lies. */
function defaultFrom(to: Day, granularity: Granularity): Day {
  const from = addDays(to, -defaultDays);
  return granularity === 'monthly' ? firstOfMonth(from) : from;
}
