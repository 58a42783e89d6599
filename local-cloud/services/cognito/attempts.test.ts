import { expect, it } from 'vitest';
import { Attempts } from './attempts.ts';

it('locks a user for a second after five wrong passwords, then twice as long each time', () => {
  let now = 0;
  const attempts = new Attempts(() => now);
  const isLocked = () => {
    try {
      attempts.check('pool', 'ada');
      return false;
    } catch {
      return true;
    }
  };
  for (let count = 0; count < 4; count += 1) attempts.failed('pool', 'ada');
  expect(isLocked()).toBe(false);
  attempts.failed('pool', 'ada');
  expect(isLocked()).toBe(true);
  now = 1000;
  expect(isLocked()).toBe(false);
  attempts.failed('pool', 'ada');
  now = 2999;
  expect(isLocked()).toBe(true);
  attempts.succeeded('pool', 'ada');
  expect(isLocked()).toBe(false);
});
