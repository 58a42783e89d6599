import { expect, test } from 'vitest';
import { summarize } from './coverage-report.ts';

test('the coverage report says each part in one line, then only the files below the bar, weakest first', () => {
  const lines = summarize([
    { file: 'shared/store.ts', total: 20, covered: 20 },
    { file: 'shared/relay.ts', total: 10, covered: 9 },
    { file: 'domains/sales/order/order.ts', total: 4, covered: 1 },
    { file: 'shared/types.ts', total: 0, covered: 0 },
  ]);
  expect(lines).toEqual([
    'branches covered, kernel: 96.7 % (bar 95 %, 3 files)',
    'branches covered, decisions: 25.0 % (bar 95 %, 1 files)',
    '   25.0 %  domains/sales/order/order.ts',
    '   90.0 %  shared/relay.ts',
  ]);
});
