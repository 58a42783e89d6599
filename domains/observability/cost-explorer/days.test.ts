import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays, dayAt, daysBetween, firstOfMonth, firstOfMonthAfter, isDay } from './days.ts';

const days = fc
  .integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2035, 0, 1) })
  .map((instant) => dayAt(instant));

test.each([
  ['2026-11-21', true],
  ['2028-02-29', true],
  ['2026-02-29', false],
  ['2026-13-01', false],
  ['2026-1-1', false],
  ['2026-11-21T00:00:00Z', false],
  ['', false],
])('"%s" is a day of the calendar: %s', (text, is) => {
  expect(isDay(text)).toBe(is);
});

test.each([
  ['2028-02-28', 1, '2028-02-29'],
  ['2027-02-28', 1, '2027-03-01'],
  ['2026-12-31', 1, '2027-01-01'],
  ['2026-03-01', -1, '2026-02-28'],
])('%s and %d days make %s', (day, count, result) => {
  expect(addDays(day, count)).toBe(result);
});

test.each([
  ['2026-11-30', 3, '2027-02-01'],
  ['2028-01-31', 1, '2028-02-01'],
  ['2026-01-31', -13, '2024-12-01'],
])('%d months from %s begin on %s', (day, months, result) => {
  expect(firstOfMonthAfter(day, months)).toBe(result);
});

test('every day comes back from any number of days away', () => {
  fc.assert(
    fc.property(days, fc.integer({ min: -800, max: 800 }), (day, count) => {
      const other = addDays(day, count);
      expect(isDay(other)).toBe(true);
      expect(daysBetween(day, other)).toBe(count);
      expect(addDays(other, -count)).toBe(day);
      expect(other < day).toBe(count < 0);
    }),
  );
});

test('every day lies in its month, which ends where the next begins', () => {
  fc.assert(
    fc.property(days, (day) => {
      expect(firstOfMonth(day) <= day).toBe(true);
      expect(day < firstOfMonthAfter(day, 1)).toBe(true);
      expect(firstOfMonthAfter(day, 0)).toBe(firstOfMonth(day));
    }),
  );
});
