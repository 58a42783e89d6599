import { describe, expect, test } from 'vitest';
import { StreamCorrupt } from '../event-store/errors.ts';
import { failureOf } from './failure.ts';

describe('a failure', () => {
  test('falls together with another of the same cause, whatever ids and numbers they name', () => {
    const one = failureOf(new Error('Stream 01990000-0000-7000-8000-000000000001 took 12 ms'));
    const other = failureOf(new Error('Stream 01990000-0000-7000-8000-000000000002 took 345 ms'));
    expect(one.fingerprint).toBe(other.fingerprint);
    expect(one.fingerprint).not.toBe(failureOf(new TypeError('Stream took 12 ms')).fingerprint);
  });

  test('names the stream that is corrupt, and does without a stack', () => {
    const error = new StreamCorrupt('skafu#counter#1', 'commit 2 is missing');
    delete error.stack;
    const failure = failureOf(error);
    expect(failure).toMatchObject({ name: 'StreamCorrupt', stream: 'skafu#counter#1' });
    expect(failure).not.toHaveProperty('stack');
  });

  test('is told even when what was thrown is no error', () => {
    expect(failureOf('just text', { correlationId: 'c' })).toMatchObject({
      name: 'Error',
      message: 'just text',
      correlationId: 'c',
    });
  });
});
