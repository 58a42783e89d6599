import { describe, expect, test } from 'vitest';
import { failureOf } from './failure.ts';

describe('a failure', () => {
  test('falls together with another of the same cause, whatever ids and numbers they name', () => {
    const one = failureOf(new Error('Stream 01990000-0000-7000-8000-000000000001 took 12 ms'));
    const other = failureOf(new Error('Stream 01990000-0000-7000-8000-000000000002 took 345 ms'));
    expect(one.fingerprint).toBe(other.fingerprint);
    expect(one.fingerprint).not.toBe(failureOf(new TypeError('Stream took 12 ms')).fingerprint);
  });

  test('is told even when what was thrown is no error', () => {
    expect(failureOf('just text', { correlationId: 'c' })).toMatchObject({
      name: 'Error',
      message: 'just text',
      correlationId: 'c',
    });
  });
});
