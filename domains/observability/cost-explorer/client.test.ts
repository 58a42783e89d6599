import { expect, test } from 'vitest';
import { amountOf, periodOf } from './client.ts';

test.each([
  [{ Amount: '12.3400000001' }, 12.3400000001],
  [{ Amount: '-0.5' }, -0.5],
  [{ Amount: 'a lot' }, 0],
  [{ Amount: 'Infinity' }, 0],
  [{}, 0],
  [undefined, 0],
])('the amount of %j is %d', (metric, amount) => {
  expect(amountOf(metric)).toBe(amount);
});

test('a period is told from its first day to the day after its last', () => {
  expect(periodOf({ Start: '2026-11-20', End: '2026-11-21' })).toEqual({
    from: '2026-11-20',
    to: '2026-11-21',
  });
});

test.each([undefined, { Start: undefined, End: undefined }])(
  'a period of which AWS tells nothing is empty: %j',
  (interval) => {
    expect(periodOf(interval)).toEqual({ from: '', to: '' });
  },
);
