import { describe, expect, test } from 'vitest';
import { createMemoryBucket } from '../testing/memory-bucket.ts';
import { createMemoryTable } from '../testing/memory-table.ts';
import type { CommitItem } from './commit.ts';
import { reservationItem } from './reservation.ts';
import { createSealArchive, sealedHeads } from './seal-archive.ts';
import { sealedSince, sealStore } from './seal-store.ts';
import { snapshotKey } from './snapshot.ts';

const stream = { tenant: 'skafu', type: 'counter', id: 'one' };
const commitOf = (key: string, commit: number): CommitItem => ({
  s: { S: key },
  c: { N: `${commit}` },
  h: { B: Buffer.alloc(32, commit) },
});
const commits = ['a', 'b', 'c'].flatMap((key) => [1, 2, 3].map((commit) => commitOf(key, commit)));
const hour = 3_600_000;

/** Seals in an archive of its own, each run an hour after the one before. */
function sealing() {
  const archive = createSealArchive(createMemoryBucket(), 'seals');
  let time = Date.parse('2026-01-02T00:00:00.000Z') - hour;
  const options = { readUnits: 1e9, until: Number.POSITIVE_INFINITY, now: () => time };
  const seal = async (
    items: readonly CommitItem[],
    changes: Partial<typeof options> = {},
    scanned = items,
  ) => {
    time += hour;
    const table = createMemoryTable(items, scanned);
    return sealStore(table, 'events', archive, await archive.newest(), { ...options, ...changes });
  };
  const headsOf = async () => {
    const newest = await archive.newest();
    const heads = newest ? await sealedHeads(archive, newest.seal) : [];
    return Object.fromEntries([...heads].map(([key, { commit }]) => [key, commit]));
  };
  return { seal, headsOf };
}

describe('a seal', () => {
  test('holds where each stream ends, in whatever order the scan finds its commits, and nothing else', async () => {
    const { seal, headsOf } = sealing();
    const beside = [
      reservationItem(stream, 'name=a', true),
      { ...commitOf('a', snapshotKey), c: { N: `${snapshotKey}` } },
    ];
    const { made, readUnits } = await seal([...commits.toReversed(), ...beside]);
    expect(await headsOf()).toEqual({ a: 3, b: 3, c: 3 });
    expect(made.seal).toMatchObject({ streams: 3, commits: 9, previous: '' });
    // One unit a page of two items: each stream has two, the reservation one, and sixty segments are empty.
    expect(readUnits).toBe(67);
  });

  test('never gives up what an earlier one knows of a stream', async () => {
    const { seal, headsOf } = sealing();
    await seal(commits);
    const { lost } = await seal(commits.filter(({ s, c }) => !(s?.S === 'b' && c?.N === '3')));
    expect(lost).toEqual(['b']);
    expect(await headsOf()).toEqual({ a: 3, b: 3, c: 3 });
  });

  test('does not report a stream that only the scan did not see whole', async () => {
    const { seal } = sealing();
    await seal(commits);
    const { lost } = await seal(commits, {}, commits.slice(0, 4));
    expect(lost).toEqual([]);
  });

  test('reports a stream that was written anew', async () => {
    const { seal } = sealing();
    await seal(commits);
    const anew = commits.map((item) =>
      item['s']?.S === 'c' ? { ...item, h: { B: Buffer.alloc(32) } } : item,
    );
    expect((await seal(anew)).lost).toEqual(['c']);
  });
});

describe('what is sealed in turns', () => {
  const oneSegment = { readUnits: 0 };

  test('is known since the first seal, until every segment had its turn', async () => {
    const { seal } = sealing();
    const first = (await seal(commits, oneSegment)).made.seal;
    for (let turn = 2; turn < 64; turn++) await seal(commits, oneSegment);
    const last = (await seal(commits, oneSegment)).made.seal;
    const again = (await seal(commits, oneSegment)).made.seal;
    expect([first.segments.length, last.segments.length]).toEqual([1, 64]);
    expect(sealedSince(first)).toBe(Date.parse(first.begun));
    expect(sealedSince(last)).toBe(Date.parse(first.begun));
    expect(sealedSince(again)).toBe(Date.parse(first.begun) + hour);
  });

  test('is no newer than the first seal while a segment was never sealed, however new the others are', async () => {
    const { seal } = sealing();
    const { seal: whole } = (await seal(commits)).made;
    const begun = '2025-12-31T00:00:00.000Z';
    expect(sealedSince({ ...whole, begun })).toBe(Date.parse(whole.time));
    expect(sealedSince({ ...whole, begun, segments: whole.segments.slice(1) })).toBe(Date.parse(begun));
  });

  test('is left to the next run when the time is up', async () => {
    const { seal } = sealing();
    const { made } = await seal(commits, { until: 0 });
    expect(made.seal.segments).toHaveLength(1);
  });
});
