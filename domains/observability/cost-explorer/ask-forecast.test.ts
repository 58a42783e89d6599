import type { CostExplorerClient } from '@aws-sdk/client-cost-explorer';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { askForecast, forecastRange } from './ask-forecast.ts';
import { dayAt, daysBetween } from './days.ts';

interface Asked {
  TimePeriod: { Start: string; End: string };
  Granularity: string;
}

function clientOf(answer: (asked: Asked) => unknown) {
  const asked: Asked[] = [];
  const send = async ({ input }: { input: Asked }) => {
    asked.push(input);
    return answer(input);
  };
  return { client: { send } as unknown as Pick<CostExplorerClient, 'send'>, asked };
}

const refusal = (name: string, message: string) =>
  Object.assign(new Error(message), { name, $fault: 'client' });
const noon = () => Date.parse('2026-11-30T12:00:00Z');

describe('a forecast', () => {
  test('covers the rest of this month and the next two, also on its last day', async () => {
    const { client, asked } = clientOf(() => ({}));
    await askForecast(client, 'monthly', noon);
    expect(asked).toEqual([
      {
        TimePeriod: { Start: '2026-11-30', End: '2027-02-01' },
        Granularity: 'MONTHLY',
        Metric: 'UNBLENDED_COST',
        PredictionIntervalLevel: 80,
      },
    ]);
  });

  test('begins today in UTC and ends later, within what AWS forecasts by day, at every instant', () => {
    const instants = fc.integer({ min: Date.UTC(2024, 0, 1), max: Date.UTC(2040, 0, 1) });
    fc.assert(
      fc.property(instants, (instant) => {
        const { from, to } = forecastRange(instant);
        expect(from).toBe(dayAt(instant));
        expect(daysBetween(from, to)).toBeGreaterThan(57);
        expect(daysBetween(from, to)).toBeLessThanOrEqual(92);
        expect(to.endsWith('-01')).toBe(true);
      }),
    );
  });

  test.each(['2026-11-30T23:59:59.999Z', '2028-02-29T00:00:00.000Z', '2026-12-31T23:59:59.999Z'])(
    'is made at %s',
    (instant) => {
      const { from, to } = forecastRange(Date.parse(instant));
      expect(from < to).toBe(true);
    },
  );

  test('tells mean and bounds of each period', async () => {
    const { client } = clientOf(() => ({
      Total: { Amount: '41.5', Unit: 'USD' },
      ForecastResultsByTime: [
        {
          TimePeriod: { Start: '2026-12-01', End: '2027-01-01' },
          MeanValue: '20.5',
          PredictionIntervalLowerBound: '18',
          PredictionIntervalUpperBound: '0.000025',
        },
      ],
    }));
    expect(await askForecast(client, 'monthly', noon)).toMatchObject({
      available: true,
      intervalPercent: 80,
      unit: 'USD',
      total: 41.5,
      periods: [{ from: '2026-12-01', to: '2027-01-01', mean: 20.5, lower: 18, upper: 0.000025 }],
      price: 0.01,
    });
  });

  test('that AWS tells without bounds has the mean for both', async () => {
    const TimePeriod = { Start: '2026-12-01', End: '2027-01-01' };
    const { client } = clientOf(() => ({ ForecastResultsByTime: [{ TimePeriod, MeanValue: '20.5' }] }));
    expect(await askForecast(client, 'monthly', noon)).toMatchObject({
      periods: [{ mean: 20.5, lower: 20.5, upper: 20.5 }],
    });
  });

  test('without enough history is an answer that says so', async () => {
    const { client } = clientOf(() => {
      throw refusal('DataUnavailableException', 'Insufficient amount of historical data.');
    });
    expect(await askForecast(client, 'daily', noon)).toMatchObject({
      available: false,
      reason: 'Insufficient amount of historical data.',
      periods: [],
    });
  });

  test('is asked for again when midnight passed at AWS first', async () => {
    const { client, asked } = clientOf(({ TimePeriod }) => {
      if (TimePeriod.Start === '2026-11-30')
        throw refusal('ValidationException', 'Start must not be in the past.');
      return {};
    });
    const answer = await askForecast(client, 'monthly', () => Date.parse('2026-11-30T23:59:58Z'));
    expect(asked.map(({ TimePeriod }) => TimePeriod)).toEqual([
      { Start: '2026-11-30', End: '2027-02-01' },
      { Start: '2026-12-01', End: '2027-03-01' },
    ]);
    expect(answer).toMatchObject({ available: true, from: '2026-12-01' });
  });

  test.each([
    ['ValidationException', 400],
    ['LimitExceededException', 429],
    ['AccessDeniedException', 502],
  ])('is not had on %s', async (name, status) => {
    const { client, asked } = clientOf(() => {
      throw refusal(name, 'No.');
    });
    await expect(askForecast(client, 'monthly', noon)).rejects.toMatchObject({ status });
    expect(asked).toHaveLength(1);
  });
});
