import { expect, test } from 'vitest';
import { formatValue, plural } from './format.ts';

test.each([
  [1204, 'count', '1,204'],
  [0.123456, 'milliseconds', '0.1235 ms'],
  [123_456.7, 'milliseconds', '123,457 ms'],
  [3_565_158, 'bytes', '3.4 MiB'],
  [512, 'bytes', '512 B'],
  [12.5, 'percent', '12.5 %'],
  [0, 'dollars', '$0.00'],
  [12, 'dollars', '$12.00'],
  [1_204_567.891, 'dollars', '$1,204,567.89'],
  [-3.2, 'dollars', '−$3.20'],
  [0.1, 'dollars', '$0.10'],
  [0.0997, 'dollars', '$0.10'],
  [0.0159, 'dollars', '$0.016'],
  [0.01, 'dollars', '$0.01'],
  [0.0000123, 'dollars', '$0.000012'],
  [-0.0000000256, 'dollars', '−$0.000000026'],
  [2e-16, 'dollars', '$0.00'],
  [-2e-16, 'dollars', '$0.00'],
] as const)('%d as %s reads %s', (value, unit, text) => {
  expect(formatValue(value, unit)).toBe(text);
});

test('one thing is singular, none and many are plural', () => {
  expect([plural(0, 'rule'), plural(1, 'rule'), plural(2, 'match', 'matches')]).toEqual([
    '0 rules',
    '1 rule',
    '2 matches',
  ]);
});
