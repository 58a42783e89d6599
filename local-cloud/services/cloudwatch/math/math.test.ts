import { describe, expect, it } from 'vitest';
import { evaluate } from './evaluate.ts';
import { parseExpression } from './parse.ts';
import type { Series, Value } from './values.ts';

const MINUTE = 60_000;

/** Values of the minutes 0, 1, 2 …; undefined is a missing point. */
function series(id: string, ...values: (number | undefined)[]): Series {
  const points = new Map<number, number>();
  values.forEach((value, minute) => {
    if (value !== undefined) points.set(minute * MINUTE, value);
  });
  return { id, label: id, period: 60, points };
}

const m1 = series('m1', 1, 2, 3, 4);
const m2 = series('m2', 10, undefined, 0, 40);
const errors1 = series('errors1', 5);

function compute(text: string, metrics: Series[] = [m1, m2, errors1]): Value {
  return evaluate(parseExpression(text), {
    metrics,
    grid: () => [0, 1, 2, 3].map((minute) => minute * MINUTE),
    resolve(id) {
      const found = metrics.find((each) => each.id === id);
      if (!found) throw new Error(`no ${id}`);
      return { kind: 'series', series: found };
    },
  });
}

/** A number, or values by minute. */
function result(text: string): unknown {
  const value = compute(text);
  if (value.kind === 'number') return value.value;
  const minutes = (each: Series) =>
    Object.fromEntries([...each.points].map(([time, point]) => [time / MINUTE, point]));
  if (value.kind === 'series') return minutes(value.series);
  return value.kind === 'list' ? value.list.map(minutes) : value;
}

describe('arithmetic', () => {
  it.each([
    ['1 + 2 * 3', 7],
    ['(1 + 2) * 3', 9],
    ['2 ^ 3 ^ 2', 512],
    ['-2 ^ 2', -4],
    ['10 / 4 - 1.5e0', 1],
    ['2 > 1 AND 1 >= 2 || 3 == 3', 1],
  ])('computes %s', (text, expected) => {
    expect(result(text)).toBe(expected);
  });

  it('computes series with numbers point by point', () => {
    expect(result('m1 * 2 + 1')).toEqual({ 0: 3, 1: 5, 2: 7, 3: 9 });
    expect(result('100 - m1')).toEqual({ 0: 99, 1: 98, 2: 97, 3: 96 });
  });

  it('joins two series where both have a point', () => {
    expect(result('m2 - m1')).toEqual({ 0: 9, 2: -3, 3: 36 });
  });

  it('leaves out what was divided by zero', () => {
    expect(result('m1 / m2')).toEqual({ 0: 0.1, 3: 0.1 });
  });

  it('computes lists member by member', () => {
    expect(result('[m1, m2] * 2')).toEqual([
      { 0: 2, 1: 4, 2: 6, 3: 8 },
      { 0: 20, 2: 0, 3: 80 },
    ]);
  });
});

describe('functions', () => {
  it.each([
    ['SUM(m1)', 10],
    ['AVG(m1)', 2.5],
    ['MIN(m2)', 0],
    ['MAX(m2)', 40],
    ['STDDEV(m1)', Math.sqrt(1.25)],
    ['PERIOD(m1)', 60],
    ['ABS(-3)', 3],
    ['CEIL(1.2) + FLOOR(1.8)', 3],
    ['IF(1 > 2, 10, 20)', 20],
  ])('computes %s', (text, expected) => {
    expect(result(text)).toBe(expected);
  });

  it('aggregates a list into one series from the points there are', () => {
    expect(result('SUM(METRICS())')).toEqual({ 0: 16, 1: 2, 2: 3, 3: 44 });
    expect(result('AVG([m1, m2])')).toEqual({ 0: 5.5, 1: 2, 2: 1.5, 3: 22 });
    expect(result('SUM(METRICS("errors"))')).toEqual({ 0: 5 });
  });

  it('fills gaps with a number, the value before, or a line', () => {
    expect(result('FILL(m2, 7)')).toEqual({ 0: 10, 1: 7, 2: 0, 3: 40 });
    expect(result('FILL(m2, REPEAT)')).toEqual({ 0: 10, 1: 10, 2: 0, 3: 40 });
    expect(result('FILL(m2, LINEAR)')).toEqual({ 0: 10, 1: 5, 2: 0, 3: 40 });
    expect(result('FILL(m2, m1)')).toEqual({ 0: 10, 1: 2, 2: 0, 3: 40 });
  });

  it('compares with the point before', () => {
    expect(result('DIFF(m1)')).toEqual({ 1: 1, 2: 1, 3: 1 });
    expect(result('RATE(m2) * 60')).toEqual({ 2: -5, 3: 40 });
    expect(result('RUNNING_SUM(m1)')).toEqual({ 0: 1, 1: 3, 2: 6, 3: 10 });
  });

  it('chooses point by point', () => {
    expect(result('IF(m1 > 2, m1, 0)')).toEqual({ 0: 0, 1: 0, 2: 3, 3: 4 });
    expect(result('IF(m1 >= 3, m2)')).toEqual({ 2: 0, 3: 40 });
  });
});

describe('what cannot be computed', () => {
  it.each([
    ['SEARCH("x", "Sum", 60)', /does not support the function SEARCH/],
    ['ANOMALY_DETECTION_BAND(m1, 2)', /does not support the function ANOMALY_DETECTION_BAND/],
    ['1 +', /ends too early/],
    ['(1', /expected \)/],
    ['m1 m2', /unexpected m2/],
    ['m1 # 2', /unexpected character/],
    ['[m1] + [m2]', /two lists/],
    ['SUM(1)', /takes a time series/],
    ['FILL(m1)', /two parameters/],
    [`${'('.repeat(500)}1`, /nested too deeply/],
  ])('is refused: %s', (text, message) => {
    expect(() => compute(text)).toThrow(message);
  });
});
