import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { MovableClock } from './clock.ts';
import { createFirings, type Firings, type Timed } from './firings.ts';
import { createMemoryState } from './memory-state.ts';
import type { StateNamespace } from './state.ts';

const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
const minute = 60_000;
let state: StateNamespace;
let fired: number[];
let firings: Firings;

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
  state = createMemoryState().namespace('firings');
  fired = [];
  firings = createFirings(logger, state, new MovableClock());
});
afterEach(async () => {
  await firings.stop();
  vi.useRealTimers();
});

const everyMinute = (after: number, anchor: number) =>
  anchor + (Math.floor(Math.max(after - anchor, 0) / minute) + 1) * minute;
const timed = (more: Partial<Timed> = {}): Timed => ({
  ...{ id: 'it', expression: 'every minute', next: everyMinute },
  async fire(due, writes) {
    fired.push(due);
    await state.batch(writes);
  },
  ...more,
});

/** As a process that was killed and comes back later. */
async function comeBackAfter(milliseconds: number, more: Partial<Timed> = {}): Promise<void> {
  await firings.stop();
  vi.setSystemTime(Date.now() + milliseconds);
  firings = createFirings(logger, state, new MovableClock());
  await firings.start([timed(more)]);
  await vi.advanceTimersByTimeAsync(1);
}

test('what was due while nothing ran is skipped, and the rhythm stays', async () => {
  await firings.start([timed()]);
  await vi.advanceTimersByTimeAsync(minute);
  await comeBackAfter(2.5 * minute);
  expect(fired).toEqual([minute]);
  await vi.advanceTimersByTimeAsync(minute);
  expect(fired.at(-1)).toBe(4 * minute);
});

test('what may be late is made up for, as far as it may be', async () => {
  await firings.start([timed()]);
  await vi.advanceTimersByTimeAsync(minute);
  fired = [];
  await comeBackAfter(2.5 * minute, { lateness: minute });
  expect(fired).toEqual([3 * minute]);
});

test('put twice at once, it fires once', async () => {
  await firings.start([]);
  await Promise.all([firings.put(timed()), firings.put(timed()), firings.put(timed())]);
  await vi.advanceTimersByTimeAsync(minute);
  expect(fired).toEqual([minute]);
});

test('with another expression it begins anew', async () => {
  await firings.start([timed()]);
  await vi.advanceTimersByTimeAsync(1.5 * minute);
  fired = [];
  await firings.put(timed({ expression: 'another' }));
  await vi.advanceTimersByTimeAsync(minute);
  expect(fired).toEqual([2.5 * minute]);
});

test('when nothing more will be due, that is told', async () => {
  const over = vi.fn(async () => undefined);
  const once = timed({ over, next: (after) => (after < minute ? minute : undefined) });
  await firings.start([once]);
  expect(over).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(2 * minute);
  expect(fired).toEqual([minute]);
  expect(over).toHaveBeenCalledOnce();
});

test('it is spread over the time after it is due', async () => {
  const random = vi.spyOn(Math, 'random').mockReturnValue(0.5);
  await firings.start([
    timed({ spread: 10_000, lateness: 10_000, next: (after) => (after < minute ? minute : undefined) }),
  ]);
  await vi.advanceTimersByTimeAsync(minute + 4_999);
  expect(fired).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(fired).toEqual([minute]);
  random.mockRestore();
});

test('longer than a timer can wait, it waits all the same', async () => {
  const day = 86_400_000;
  await firings.start([timed({ next: (after) => (after < 40 * day ? 40 * day : undefined) })]);
  await vi.advanceTimersByTimeAsync(40 * day);
  expect(fired).toEqual([40 * day]);
});

test('what is due in the moment in which it is made is due, however long the disk takes', async () => {
  const slow: StateNamespace = {
    ...state,
    async put(key, value) {
      await state.put(key, value);
      vi.setSystemTime(Date.now() + 50);
    },
  };
  firings = createFirings(logger, slow, new MovableClock());
  await firings.start([timed({ next: (after, anchor) => (after < anchor ? anchor : undefined) })]);
  await vi.advanceTimersByTimeAsync(1);
  expect(fired).toEqual([0]);
});
