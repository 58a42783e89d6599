import { expect, test } from 'vitest';
import { Concurrency } from './concurrency.ts';
import type { DeployedFunction } from './function-registry.ts';

const fn = (reservedConcurrency?: number) => ({ reservedConcurrency, running: 0 }) as DeployedFunction;

test('functions without a reservation share what the reservations leave', () => {
  const [reserved, one, other] = [fn(890), fn(), fn()];
  const concurrency = new Concurrency(() => [reserved, one, other]);
  const taken = Array.from({ length: 110 }, (_, index) => concurrency.take(index % 2 ? one : other));
  expect(taken.every((place) => typeof place === 'function')).toBe(true);
  expect(concurrency.take(one)).toBe('ConcurrentInvocationLimitExceeded');
  expect(typeof concurrency.take(reserved)).toBe('function');
  const [release] = taken;
  if (typeof release === 'function') release();
  expect(typeof concurrency.take(one)).toBe('function');
});
