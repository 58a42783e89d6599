import { expect, test } from 'vitest';
import { spread } from './plot-spread.ts';
import { align, type Series } from './series.ts';

const series = (id: string, points: [number, number][]): Series => ({
  id,
  label: id,
  unit: 'count',
  times: points.map(([time]) => time),
  values: points.map(([, value]) => value),
});

test('series share one time axis, and each has a gap where it has no value', () => {
  const aligned = align(
    [
      series('a', [
        [0, 1],
        [60_000, 2],
      ]),
      series('b', [[60_000, 5]]),
    ],
    60,
  );
  expect(aligned).toEqual({
    times: [0, 60_000],
    columns: [
      [1, 2],
      [null, 5],
    ],
  });
});

test('a period without any value is a gap and not a line across', () => {
  const aligned = align(
    [
      series('a', [
        [0, 1],
        [180_000, 2],
      ]),
    ],
    60,
  );
  expect(aligned.columns).toEqual([[1, null, null, 2]]);
});

test('periods without a common length leave no gaps', () => {
  const months = [0, 31, 59].map((day): [number, number] => [day * 86_400_000, day]);
  expect(align([series('a', months)], undefined).columns).toEqual([[0, 31, 59]]);
});

test('no series make an empty axis', () => {
  expect(align([], 60)).toEqual({ times: [], columns: [] });
});

test('the height of a chart always holds zero and the threshold', () => {
  expect(spread(5, 10, { value: 40, label: '' })[1]).toBeGreaterThan(40);
  expect(spread(5, 10, undefined)[0]).toBe(0);
  expect(spread(-5, -1, undefined)[1]).toBe(0);
  expect(spread(null, null, undefined)).toEqual([0, 1]);
});
