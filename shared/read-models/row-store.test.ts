import { ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import { wasOvertaken } from './row-store.ts';

const about = { message: '', $metadata: {} };
const cancelled = (...codes: string[]) =>
  new TransactionCanceledException({ ...about, CancellationReasons: codes.map((Code) => ({ Code })) });

test('a write was overtaken where another stream wrote the same row or position first', () => {
  expect(wasOvertaken(new ConditionalCheckFailedException(about))).toBe(true);
  expect(wasOvertaken(cancelled('None', 'ConditionalCheckFailed'))).toBe(true);
  expect(wasOvertaken(cancelled('TransactionConflict', 'None'))).toBe(true);
});

test('a write was not overtaken where DynamoDB refused it for another reason, or for none that it tells', () => {
  expect(wasOvertaken(cancelled('None', 'ThrottlingError'))).toBe(false);
  expect(wasOvertaken(new TransactionCanceledException(about))).toBe(false);
  expect(wasOvertaken(new Error('ConditionalCheckFailed'))).toBe(false);
});
