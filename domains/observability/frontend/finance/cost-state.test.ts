import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { costRange } from '../../cost-explorer/cost-range.ts';
import { addDays, dayAt } from '../../cost-explorer/days.ts';
import { barPeriods, changeOf, changeText, costBars, costRows, mostBars, shareText } from './cost-bars.ts';
import { groupings, spanNames, wishOf } from './cost-state.ts';
import { expectations, forecastSeries } from './forecast-series.ts';
import { cost, forecastOfToday } from './testing.ts';

const choice = { span: '30d', first: '', last: '', step: 'auto', by: 'service' } as const;

describe('the range of the cost page', () => {
  test('is of 30 days with today unless another is chosen', () => {
    expect(wishOf(choice, '2026-11-21')).toEqual({
      from: '2026-10-23',
      to: '2026-11-22',
      granularity: 'daily',
      groupBy: 'service',
    });
  });

  test.each([
    ['month', '2026-11-01', '2026-12-01'],
    ['last-month', '2026-10-01', '2026-11-01'],
    ['12m', '2025-12-01', '2026-12-01'],
  ] as const)('%s is right on the last day of a month', (span, from, to) => {
    expect(wishOf({ ...choice, span }, '2026-11-30')).toMatchObject({ from, to });
  });

  test('of one’s own has both its days counted', () => {
    const own = { ...choice, span: 'custom', first: '2028-02-28', last: '2028-02-29' } as const;
    expect(wishOf(own, '2028-03-05')).toMatchObject({ from: '2028-02-28', to: '2028-03-01' });
  });

  test('is always one that the API takes', () => {
    const instants = fc.integer({ min: Date.UTC(2024, 0, 1), max: Date.UTC(2032, 0, 1) });
    const steps = fc.constantFrom('auto' as const, 'daily' as const, 'monthly' as const);
    fc.assert(
      fc.property(instants, fc.constantFrom(...spanNames), steps, (now, span, step) => {
        const wish = wishOf({ span, step, first: '', last: '', by: groupings[0] }, dayAt(now));
        expect(costRange(wish, now)).toMatchObject({ from: wish.from, to: wish.to });
      }),
    );
  });
});

describe('bars and rows', () => {
  const groups = Array.from({ length: mostBars + 5 }, (_, index) => ({
    name: `g${index}`,
    amounts: [1, 2],
    total: 3,
  }));

  test('hold what there is, the rest of many groups as one', () => {
    const bars = costBars({ groups, periods: cost.periods });
    expect(bars).toHaveLength(mostBars);
    expect(bars.at(-1)).toEqual({ name: 'Everything else', amounts: [6, 12] });
    expect(costBars(cost).map(({ name }) => name)).toEqual(['Amazon DynamoDB', 'AWS Lambda']);
  });

  test('are of weeks where there are too many days, and add up to the same', () => {
    const days = Array.from({ length: 92 }, (_, index) => ({
      from: addDays('2026-08-22', index),
      to: addDays('2026-08-23', index),
      estimated: index > 80,
      total: 2,
    }));
    const many = { periods: days, groups: [{ name: 'a', amounts: days.map(() => 2), total: 184 }] };
    const { periods, groups: drawn } = barPeriods(many);
    expect(periods).toHaveLength(14);
    expect(periods[0]).toEqual({ from: '2026-08-22', to: '2026-08-29', estimated: false, total: 14 });
    expect(periods.at(-1)).toEqual({ from: '2026-11-21', to: '2026-11-22', estimated: true, total: 2 });
    expect(drawn[0]?.amounts.reduce((total, amount) => total + amount, 0)).toBe(184);
    expect(barPeriods(cost)).toBe(cost);
  });

  test('hand over every amount', () => {
    const rows = costRows(cost);
    expect(rows).toHaveLength(1 + 2 * 2);
    expect(rows.at(-1)).toEqual(['2026-11-21', '2026-11-22', 'AWS Lambda', 0.000012, 'USD', 'yes']);
  });
});

test.each([
  [3, 2, '+50 %'],
  [1, 2, '−50 %'],
  [2, 2, '0 %'],
  [100, 1, 'more than +1,000 %'],
] as const)('%d after %d is a change of %s', (now, before, text) => {
  expect(changeText(changeOf(now, before) ?? Number.NaN)).toBe(text);
});

test('there is no change against nothing', () => {
  expect([changeOf(3, 0), changeOf(3, undefined)]).toEqual([undefined, undefined]);
});

test.each([
  [1, 4, '25 %'],
  [0.0001, 4, 'under 0.1 %'],
  [0, 4, '0 %'],
  [1, 0, '0 %'],
] as const)('%d of %d is a share of %s', (part, whole, text) => {
  expect(shareText(part, whole)).toBe(text);
});

describe('what a month will have cost', () => {
  const known = {
    periods: [
      { from: '2026-10-01', to: '2026-11-01', estimated: false, total: 20 },
      { from: '2026-11-01', to: '2026-11-22', estimated: true, total: 15 },
    ],
  };
  const forecast = forecastOfToday(Date.parse('2026-11-21T10:00:00Z'));

  test('is what it has cost and what is expected of its rest', () => {
    expect(expectations(forecast, known)[0]).toMatchObject({
      from: '2026-11-01',
      mean: 25,
      lower: 23,
      upper: 27.5,
      soFar: 15,
    });
    expect(expectations(forecast, known)[1]).toMatchObject({ from: '2026-12-01', mean: 10, soFar: 0 });
  });

  test('is the forecast alone where that covers the month already', () => {
    const whole = {
      ...forecast,
      periods: forecast.periods.map((each, index) => (index === 0 ? { ...each, from: '2026-11-01' } : each)),
    };
    expect(expectations(whole, known)[0]).toMatchObject({ mean: 10, soFar: 0 });
  });

  test('is never bounded below what has been spent', () => {
    const wild = { ...forecast, periods: forecast.periods.map((each) => ({ ...each, lower: -100 })) };
    expect(expectations(wild, known)[0]?.lower).toBe(15);
  });

  test('is drawn on from the last month that is known', () => {
    const [actual, mean, upper, lower] = forecastSeries(forecast, known, true);
    expect(actual?.values).toEqual([20]);
    expect(mean?.values).toEqual([20, 25, 10, 10]);
    expect([upper?.values[0], lower?.values[0]]).toEqual([20, 20]);
  });

  test('stands apart from what is known in the table, where nothing has to meet', () => {
    const [, mean] = forecastSeries(forecast, known, false);
    expect(mean?.values).toEqual([25, 10, 10]);
  });

  test('is not drawn where there is no forecast, only what is known', () => {
    const series = forecastSeries({ ...forecast, available: false, periods: [] }, known, true);
    expect(series.map(({ id, values }) => [id, values])).toEqual([['actual', [20, 15]]]);
  });
});
