import { describe, expect, it } from 'vitest';
import { prices } from './price-list.ts';
import { costOfMonth, priced, priceOf } from './pricing.ts';

const use = (time: string, quantity: number, resource = 'a') => ({
  service: 'Amazon API Gateway',
  usageType: 'USE1-ApiGatewayHttpRequest',
  operation: 'ApiGatewayHttpApi',
  time: Date.parse(time),
  quantity,
  resource,
});
const costs = (...sums: ReturnType<typeof use>[]) => priced(sums).map(({ cost }) => cost);

describe('the price list', () => {
  it('names each usage type once, with tiers that rise to no end', () => {
    expect(new Set(prices.map(({ service, usageType }) => `${service} ${usageType}`)).size).toBe(
      prices.length,
    );
    for (const { tiers } of prices) {
      const limits = tiers.map(({ upTo }) => upTo);
      expect(limits).toEqual(limits.toSorted((one, other) => one - other));
      expect(limits.at(-1)).toBe(Number.POSITIVE_INFINITY);
    }
  });

  it('knows nothing of what it does not hold', () => {
    expect(priceOf({ service: 'AWS Lambda', usageType: 'Moon-Dust' })).toBeUndefined();
    expect(priced([{ ...use('2026-01-01', 5), usageType: 'Moon-Dust' }])).toMatchObject([{ cost: 0 }]);
  });
});

describe('tiers', () => {
  const storage = priceOf({ service: 'Amazon Simple Storage Service', usageType: 'TimedStorage-ByteHrs' });

  it.each([
    [0, 0],
    [100, 100 * 0.023],
    [51_200, 51_200 * 0.023],
    [51_300, 51_200 * 0.023 + 100 * 0.022],
    [600_000, 51_200 * 0.023 + 460_800 * 0.022 + 88_000 * 0.021],
  ])('make %d gigabytes cost %d dollars', (quantity, cost) => {
    expect(costOfMonth(storage?.tiers ?? [], quantity)).toBeCloseTo(cost, 9);
  });

  it('count the quantity of the month so far', () => {
    const [first, second] = costs(use('2026-01-01', 299_000_000), use('2026-01-02', 2_000_000));
    expect(first).toBeCloseTo(299, 9);
    expect(second).toBeCloseTo(1 + 0.9, 9);
  });

  it('count what the month had used before', () => {
    const [sum] = priced([use('2026-01-05', 2_000_000)], [use('2026-01-01', 299_000_000)]);
    expect(sum?.cost).toBeCloseTo(1.9, 9);
  });

  it('begin anew with each month', () => {
    const [, second] = costs(use('2026-01-31', 400_000_000), use('2026-02-01', 1_000_000));
    expect(second).toBeCloseTo(1, 9);
  });

  it('are shared by the resources of a period by their quantity', () => {
    const [one, other] = costs(use('2026-01-01', 300_000_000, 'a'), use('2026-01-01', 100_000_000, 'b'));
    expect(one).toBeCloseTo((390 * 3) / 4, 9);
    expect(other).toBeCloseTo(390 / 4, 9);
  });
});
