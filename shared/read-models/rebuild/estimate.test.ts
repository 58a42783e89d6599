import { expect, test } from 'vitest';
import { assumedRowsPerSecond, estimateOf } from './estimate.ts';

const nothing = { items: 0, bytes: 0 };

test('a rebuild of a million events in 250 MB costs less than a cent to read', () => {
  const estimate = estimateOf({
    store: { items: 1_000_000, bytes: 250_000_000 },
    serving: nothing,
    idle: nothing,
    hasOwnPositions: false,
  });
  expect(estimate.readUnits).toBe(Math.ceil(250_000_000 / 4_096));
  expect(estimate.dollars).toBeLessThan(0.01);
  expect(estimate.segments).toBe(16);
});

test('each row is written to the table and its index, twice where its position stands apart', () => {
  const of = { store: nothing, serving: { items: 10, bytes: 15_000 }, idle: nothing };
  expect(estimateOf({ ...of, hasOwnPositions: false }).writeUnits).toBe(10 * 2 * 2);
  expect(estimateOf({ ...of, hasOwnPositions: true }).writeUnits).toBe(10 * 2 * 3);
  const left = { ...of, idle: { items: 5, bytes: 500 } };
  expect(estimateOf({ ...left, hasOwnPositions: false }).writeUnits).toBe(40 + 10);
});

test('the time is that of the last rebuild, and without one a careful guess', () => {
  const of = {
    store: { items: 1, bytes: 1 },
    serving: { items: 1_000, bytes: 1_000 },
    idle: nothing,
    hasOwnPositions: false,
  };
  expect(estimateOf(of).seconds).toBe(15 + 1_000 / assumedRowsPerSecond);
  expect(estimateOf({ ...of, rowsPerSecond: 100 }).seconds).toBe(25);
  expect(estimateOf(of).segments).toBe(1);
});
