import { beforeEach, describe, expect, test, vi } from 'vitest';
import { cached } from './cache.ts';
import type { CacheTable, KeptAnswer } from './cache-table.ts';
import { log } from './log.ts';

/** A table as DynamoDB keeps it: each call sees what the one before left. */
function memoryTable() {
  const kept = new Map<string, KeptAnswer>();
  const claims = new Map<string, number>();
  const table: CacheTable = {
    read: async (key) => kept.get(key),
    claim: async (key, { until, now, seen }) => {
      if ((claims.get(key) ?? 0) >= now || kept.get(key)?.cachedAt !== seen) return false;
      claims.set(key, until);
      return true;
    },
    release: async (key, until) => {
      if (claims.get(key) === until) claims.delete(key);
    },
    write: async (key, answer) => {
      kept.set(key, answer);
      claims.delete(key);
    },
  };
  return { table, claims };
}

/** What is asked, how often, and what each of the answers says. */
function counted(pause = Promise.resolve()) {
  let asked = 0;
  return Object.assign(
    async () => {
      asked++;
      await pause;
      return { answer: asked };
    },
    { times: () => asked },
  );
}

const hour = 3600;
const start = Date.parse('2026-11-21T10:00:00.000Z');

beforeEach(() => {
  vi.spyOn(log, 'error').mockImplementation(() => undefined);
  return () => void vi.restoreAllMocks();
});

describe('a dear answer', () => {
  test('says when it was had and when it will be asked for again', async () => {
    const answer = await cached(memoryTable().table, 'a', counted(), { seconds: hour, now: () => start });
    expect(answer).toEqual({
      answer: 1,
      cachedAt: '2026-11-21T10:00:00.000Z',
      expiresAt: '2026-11-21T11:00:00.000Z',
    });
  });

  test('is asked for once as long as it is kept, and again afterwards', async () => {
    const { table } = memoryTable();
    const ask = counted();
    const at = (time: number) => cached(table, 'a', ask, { seconds: hour, now: () => time });
    await at(start);
    expect(await at(start + hour * 1000 - 1)).toMatchObject({ answer: 1 });
    expect(await at(start + hour * 1000)).toMatchObject({ answer: 2 });
    expect(ask.times()).toBe(2);
  });

  test('is kept apart by its key', async () => {
    const { table } = memoryTable();
    await cached(table, 'a', counted(), { seconds: hour });
    const other = counted();
    await cached(table, 'b', other, { seconds: hour });
    expect(other.times()).toBe(1);
  });

  test.each([false, true])('is asked for once by many at the same time (refreshed: %s)', async (refresh) => {
    const { table } = memoryTable();
    if (refresh) await cached(table, 'a', counted(), { seconds: hour, now: () => start });
    let open = () => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const ask = counted(gate);
    const now = () => start + 1;
    const callers = Array.from({ length: 20 }, () =>
      cached(table, 'a', ask, { seconds: hour, refresh, now, step: 1 }),
    );
    await vi.waitFor(() => expect(ask.times()).toBe(1));
    open();
    const answers = await Promise.all(callers);
    expect(ask.times()).toBe(1);
    expect(new Set(answers.map(({ answer, cachedAt }) => `${answer} ${cachedAt}`)).size).toBe(1);
  });

  test('is asked for again when a person wants it new', async () => {
    const { table } = memoryTable();
    const ask = counted();
    await cached(table, 'a', ask, { seconds: hour, now: () => start });
    const later = await cached(table, 'a', ask, { seconds: hour, now: () => start + 1, refresh: true });
    expect(later).toMatchObject({ answer: 2, cachedAt: '2026-11-21T10:00:00.001Z' });
  });

  test('is not kept when asking failed, and the next caller asks at once', async () => {
    const { table } = memoryTable();
    const failing = () => Promise.reject(new Error('throttled'));
    await expect(cached(table, 'a', failing, { seconds: hour })).rejects.toThrow('throttled');
    const ask = counted();
    expect(await cached(table, 'a', ask, { seconds: hour })).toMatchObject({ answer: 1 });
  });

  test('is given to who paid for it even where it cannot be kept', async () => {
    const { table } = memoryTable();
    const full = { ...table, write: () => Promise.reject(new Error('Item size has exceeded')) };
    expect(await cached(full, 'a', counted(), { seconds: hour })).toMatchObject({ answer: 1 });
    expect(log.error).toHaveBeenCalled();
  });

  test('is taken over from who claimed to ask and never came back', async () => {
    const { table, claims } = memoryTable();
    claims.set('a', start - 1);
    expect(await cached(table, 'a', counted(), { seconds: hour, now: () => start })).toMatchObject({
      answer: 1,
    });
  });

  test('is not waited for without end', async () => {
    const { table, claims } = memoryTable();
    claims.set('a', Number.POSITIVE_INFINITY);
    let time = start;
    const now = () => {
      time += 3000;
      return time;
    };
    await expect(cached(table, 'a', counted(), { seconds: hour, now, step: 1 })).rejects.toMatchObject({
      status: 503,
      slug: 'still-asked',
      headers: { 'retry-after': '5' },
    });
  });
});
