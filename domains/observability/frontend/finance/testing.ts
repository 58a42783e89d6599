import type { FakeAnswer, FakeRequest } from '#shared/frontend/testing/fake-api.ts';
import { addDays, dayAt, firstOfMonthAfter } from '../../cost-explorer/days.ts';
import type { Cost, Forecast } from './api.ts';

const asked = {
  cachedAt: '2026-11-21T08:00:00.000Z',
  expiresAt: '2026-11-21T14:00:00.000Z',
  requests: 1,
  price: 0.01,
};

export const cost: Cost = {
  ...asked,
  from: '2026-11-20',
  to: '2026-11-22',
  previousFrom: '2026-11-18',
  granularity: 'daily',
  groupBy: 'service',
  unit: 'USD',
  periods: [
    { from: '2026-11-20', to: '2026-11-21', estimated: false, total: 3 },
    { from: '2026-11-21', to: '2026-11-22', estimated: true, total: 1.000012 },
  ],
  groups: [
    { name: 'Amazon DynamoDB', amounts: [3, 1], total: 4, previousTotal: 2 },
    { name: 'AWS Lambda', amounts: [0, 0.000012], total: 0.000012, previousTotal: 0 },
  ],
  groupsTogether: 0,
  total: 4.000012,
  previousTotal: 2,
  estimated: true,
  partial: false,
};

/** A forecast made today, as the API makes it: the rest of this month, and the next two. */
export function forecastOfToday(now = Date.now()): Forecast {
  const from = dayAt(now);
  const starts = [from, firstOfMonthAfter(from, 1), firstOfMonthAfter(from, 2), firstOfMonthAfter(from, 3)];
  return {
    ...asked,
    from,
    to: starts[3] ?? addDays(from, 1),
    granularity: 'monthly',
    intervalPercent: 80,
    available: true,
    total: 30,
    periods: starts.slice(0, 3).map((start, index) => ({
      from: start,
      to: starts[index + 1] ?? '',
      mean: 10,
      lower: 8,
      upper: 12.5,
    })),
  };
}

export const noForecast: Forecast = {
  ...forecastOfToday(),
  available: false,
  reason: 'Insufficient amount of historical data.',
  periods: [],
};

/** Answers finance's queries; what is asked again is answered with a new time. */
export function financeAnswer({ path, query }: FakeRequest): FakeAnswer {
  const again = query.get('refresh') === 'true' ? { cachedAt: '2026-11-21T09:30:00.000Z' } : {};
  if (path === 'observability/finance/cost') return { body: { ...cost, ...again } };
  if (path === 'observability/finance/forecast') return { body: { ...forecastOfToday(), ...again } };
  return { status: 404, body: { title: 'Not found', status: 404 } };
}
