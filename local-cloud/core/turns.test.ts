import { expect, test } from 'vitest';
import { Turns } from './turns.ts';

test('no more work at once than there are turns, and those who wait come in the order in which they asked', async () => {
  const turns = new Turns(2);
  const begun: number[] = [];
  const first = await turns.take();
  await turns.take();
  for (const asked of [1, 2]) void turns.take().then(() => begun.push(asked));
  await Promise.resolve();
  expect(turns.takeFree()).toBeUndefined();
  expect(begun).toEqual([]);
  first();
  await Promise.resolve();
  await Promise.resolve();
  expect(begun).toEqual([1]);
});

test('a turn that is given back twice is one turn', async () => {
  const turns = new Turns(1);
  const release = await turns.take();
  release();
  release();
  expect(turns.takeFree()).toBeDefined();
  expect(turns.takeFree()).toBeUndefined();
});

test('a turn is given back by work that fails', async () => {
  const turns = new Turns(1);
  await expect(turns.during(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(await turns.during(async () => 'done')).toBe('done');
});
