import { describe, expect, it } from 'vitest';
import { createForecast, deviationsOf } from './forecast.ts';
import { DAY } from './periods.ts';

const monday = Date.UTC(2026, 0, 5);
const days = (totals: number[]) => totals.map((total, index) => ({ time: monday + index * DAY, total }));
const end = (count: number) => monday + count * DAY;

describe('a forecast', () => {
  it('of days that are all alike is certain', () => {
    const forecast = createForecast(days(Array(10).fill(3)));
    expect(forecast.mean(end(10), end(17))).toBeCloseTo(21, 9);
    expect(forecast.deviation(end(10), end(17))).toBeCloseTo(0, 9);
  });

  it('of days without cost is nothing', () => {
    const forecast = createForecast(days(Array(40).fill(0)));
    expect(forecast.mean(end(40), end(41))).toBe(0);
    expect(forecast.deviation(end(40), end(41))).toBe(0);
  });

  it('follows a change of level', () => {
    const forecast = createForecast(days([...Array(60).fill(1), ...Array(28).fill(5)]));
    const next = forecast.mean(end(88), end(89));
    expect(next).toBeGreaterThan(3.5);
    expect(next).toBeLessThan(5);
  });

  it('learns the weekend, with caution', () => {
    const week = [10, 10, 10, 10, 10, 1, 1];
    const forecast = createForecast(days(Array(12).fill(week).flat()));
    const saturday = forecast.mean(end(84 + 5), end(84 + 6));
    const weekday = forecast.mean(end(84), end(85));
    expect(saturday).toBeLessThan(4);
    expect(weekday).toBeGreaterThan(9);
    expect(forecast.mean(end(84), end(91))).toBeGreaterThan(45);
    expect(forecast.mean(end(84), end(91))).toBeLessThan(59);
  });

  it('holds the next day within its interval as often as it says', () => {
    let seed = 7;
    const random = () => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed / 2_147_483_647;
    };
    const noise = () => Array.from({ length: 12 }, random).reduce((sum, each) => sum + each, 0) - 6;
    let held = 0;
    const tries = 400;
    for (let each = 0; each < tries; each += 1) {
      const totals = Array.from({ length: 41 }, () => 100 + 10 * noise());
      const forecast = createForecast(days(totals.slice(0, 40)));
      const margin = deviationsOf(80) * forecast.deviation(end(40), end(41));
      if (Math.abs((totals[40] ?? 0) - forecast.mean(end(40), end(41))) <= margin) held += 1;
    }
    expect(held / tries).toBeGreaterThan(0.74);
    expect(held / tries).toBeLessThan(0.87);
  });

  it.each([
    [51, 0.690309],
    [80, 1.281552],
    [95, 1.959964],
    [99, 2.575829],
  ])('at %s percent reaches %s deviations', (level, deviations) => {
    expect(deviationsOf(level)).toBeCloseTo(deviations, 5);
  });
});
