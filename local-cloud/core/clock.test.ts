import { expect, test } from 'vitest';
import { MovableClock } from './clock.ts';
import { createMemoryState } from './memory-state.ts';

const minute = 60_000;

test('a wait ends when the clock is moved to its time, and not before', async () => {
  const clock = new MovableClock();
  const ended: string[] = [];
  clock.after(10 * minute, 'ten minutes', () => ended.push('ten'));
  clock.after(5 * minute, 'five minutes', () => ended.push('five'));
  expect(clock.waits.map(({ what }) => what)).toEqual(['five minutes', 'ten minutes']);
  expect(await clock.advance(9 * minute)).toBe(1);
  expect(ended).toEqual(['five']);
  await clock.advance(minute);
  expect(ended).toEqual(['five', 'ten']);
  expect(clock.waits).toEqual([]);
});

test('a wait that begins when another ends begins at that one’s time', async () => {
  const clock = new MovableClock();
  const began = clock.now();
  const ticks: number[] = [];
  const tick = () => {
    ticks.push(Math.round((clock.now() - began) / minute));
    clock.after(minute, 'the next minute', tick);
  };
  clock.after(minute, 'the first minute', tick);
  await clock.advance(5 * minute + 1_000);
  expect(ticks).toEqual([1, 2, 3, 4, 5]);
  expect(clock.now() - began).toBeGreaterThanOrEqual(5 * minute);
  expect(clock.now() - began).toBeLessThan(6 * minute);
});

test('a wait that was called off does not end', async () => {
  const clock = new MovableClock();
  let ended = false;
  clock.after(minute, 'a minute', () => {
    ended = true;
  })();
  await clock.advance(2 * minute);
  expect(ended).toBe(false);
});

test('a wait also ends by itself, longer than a timer of Node can wait', async () => {
  const clock = new MovableClock();
  clock.after(40 * 24 * 60 * minute, 'forty days', () => undefined);
  await new Promise<void>((resolve) => clock.after(5, 'a moment', resolve));
  expect(clock.waits).toHaveLength(1);
});

test('how far the clock is ahead outlasts a restart', async () => {
  const state = createMemoryState().namespace('clock');
  await (await MovableClock.open(state)).advance(minute);
  const again = await MovableClock.open(state);
  expect(again.ahead).toBeGreaterThanOrEqual(minute - 100);
});

test('moves follow each other', async () => {
  const clock = new MovableClock();
  const began = clock.now();
  await Promise.all([clock.advance(minute), clock.advance(minute)]);
  expect(clock.now() - began).toBeGreaterThanOrEqual(2 * minute);
});
