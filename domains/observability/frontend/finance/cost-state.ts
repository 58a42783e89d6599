import { oneOf, type Parameter } from '#shared/frontend/url-state.ts';
import {
  addDays,
  type Day,
  daysBetween,
  firstOfMonth,
  firstOfMonthAfter,
  isDay,
} from '../../cost-explorer/days.ts';
import { chartViewKeys } from '../chart-view.ts';
import type { CostWish, Granularity } from './api.ts';

/** The ranges that follow the calendar of UTC, each with its days; the last is not counted. */
export const spans = {
  '7d': { text: 'Last 7 days', days: (tomorrow: Day) => [addDays(tomorrow, -7), tomorrow] },
  '30d': { text: 'Last 30 days', days: (tomorrow: Day) => [addDays(tomorrow, -30), tomorrow] },
  '90d': { text: 'Last 90 days', days: (tomorrow: Day) => [addDays(tomorrow, -90), tomorrow] },
  month: { text: 'This month', days: (tomorrow: Day) => [monthsBefore(tomorrow, 0), tomorrow] },
  'last-month': {
    text: 'Last month',
    days: (tomorrow: Day) => [monthsBefore(tomorrow, 1), monthsBefore(tomorrow, 0)],
  },
  '6m': { text: 'Last 6 months', days: (tomorrow: Day) => [monthsBefore(tomorrow, 5), tomorrow] },
  '12m': { text: 'Last 12 months', days: (tomorrow: Day) => [monthsBefore(tomorrow, 11), tomorrow] },
} as const satisfies Record<string, { text: string; days: (tomorrow: Day) => [Day, Day] }>;

export type Span = keyof typeof spans | 'custom';
export const spanNames = Object.keys(spans) as (keyof typeof spans)[];

const day: Parameter<Day> = {
  absent: '',
  read: (value) => (isDay(value) ? value : undefined),
  write: (value) => value,
};

export const groupings = ['service', 'usage-type', 'region', 'tag:domain', 'tag:environment'] as const;

/** What the cost page shows, in the address. `first` and `last` are the days of a range of one's own, both counted. */
export const costKeys = {
  span: oneOf([...spanNames, 'custom'], '30d'),
  first: day,
  last: day,
  step: oneOf(['auto', 'daily', 'monthly'], 'auto'),
  by: oneOf(groupings, 'service'),
  ...chartViewKeys,
} as const;

export interface CostChoice {
  span: Span;
  first: Day;
  last: Day;
  step: 'auto' | Granularity;
  by: (typeof groupings)[number];
}

/** Days beyond which bars of single days say less than months. */
const mostDays = 92;

/** What to ask for, given today in UTC. Months are shown from their first day on. */
export function wishOf({ span, first, last, step, by }: CostChoice, today: Day): CostWish {
  const tomorrow = addDays(today, 1);
  const [from, to] =
    span === 'custom' && first !== '' && last !== ''
      ? [first, addDays(last, 1)]
      : spans[span === 'custom' ? '30d' : span].days(tomorrow);
  const granularity = step === 'auto' ? (daysBetween(from, to) > mostDays ? 'monthly' : 'daily') : step;
  return { from: granularity === 'monthly' ? firstOfMonth(from) : from, to, granularity, groupBy: by };
}

/** The first day of the month that is `count` before that of the day before `tomorrow`. */
function monthsBefore(tomorrow: Day, count: number): Day {
  return firstOfMonthAfter(addDays(tomorrow, -1), -count);
}
