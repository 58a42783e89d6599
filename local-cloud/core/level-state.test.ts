import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LevelState, openLevelState, StateLockedError } from './level-state.ts';
import { createMemoryState } from './memory-state.ts';
import type { StateStore } from './state.ts';

let folder: string;
let level: LevelState;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'state-'));
  level = await openLevelState(folder);
});

afterEach(async () => {
  await level.close();
  rmSync(folder, { recursive: true, force: true });
});

describe.each([
  ['on disk', () => level as StateStore],
  ['in memory', () => createMemoryState()],
])('the state store %s', (_where, open) => {
  it('gives back what was put, and nothing for what was deleted', async () => {
    const users = open().namespace('users');
    await users.put('ada', { name: 'Ada', tags: ['a'] });
    expect(await users.get('ada')).toEqual({ name: 'Ada', tags: ['a'] });
    await users.delete('ada');
    expect(await users.get('ada')).toBeUndefined();
  });

  it('keeps namespaces apart', async () => {
    const store = open();
    await store.namespace('one').put('key', 1);
    expect(await store.namespace('two').get('key')).toBeUndefined();
    expect(await store.namespace('two').list()).toEqual([]);
  });

  it('lists a prefix in order of key, in pages and backwards', async () => {
    const store = open().namespace('list');
    await store.batch(['b/1', 'a/3', 'a/1', 'a/2', 'a/é', 'a/𝄞'].map((key) => ({ put: key, value: key })));
    const keys = async (options?: Parameters<typeof store.list>[1]) =>
      (await store.list('a/', options)).map(({ key }) => key);
    expect(await keys()).toEqual(['a/1', 'a/2', 'a/3', 'a/é', 'a/𝄞']);
    expect(await keys({ limit: 2, after: 'a/1' })).toEqual(['a/2', 'a/3']);
    expect(await keys({ reverse: true, limit: 2 })).toEqual(['a/𝄞', 'a/é']);
    expect(await keys({ reverse: true, after: 'a/2' })).toEqual(['a/1']);
    expect(await keys({ after: 'a/𝄞' })).toEqual([]);
    expect(await keys({ after: 'A' })).toEqual(['a/1', 'a/2', 'a/3', 'a/é', 'a/𝄞']);
  });

  it('applies a batch with puts and deletes', async () => {
    const store = open().namespace('batch');
    await store.put('old', 1);
    await store.batch([{ delete: 'old' }, { put: 'new', value: 2 }]);
    expect(await store.list()).toEqual([{ key: 'new', value: 2 }]);
  });
});

describe('the state store on disk', () => {
  it('finds everything again after it was closed, also of many writes at once', async () => {
    const store = level.namespace('many');
    await Promise.all(
      Array.from({ length: 200 }, (_, index) => store.put(String(index).padStart(3, '0'), index)),
    );
    await level.close();
    level = await openLevelState(folder);
    const found = await level.namespace('many').list<number>();
    expect(found.map(({ value }) => value)).toEqual(Array.from({ length: 200 }, (_, index) => index));
  });

  it('keeps the value as it was when put, whatever the caller does to it later', async () => {
    const value = { count: 1 };
    const put = level.namespace('copy').put('key', value);
    value.count = 2;
    await put;
    expect(await level.namespace('copy').get('key')).toEqual({ count: 1 });
  });

  it('refuses a second opener', async () => {
    await expect(openLevelState(folder)).rejects.toBeInstanceOf(StateLockedError);
  });

  it('refuses a value that JSON cannot hold', async () => {
    await expect(level.namespace('bad').put('key', undefined)).rejects.toThrow('cannot be written as JSON');
  });
});
