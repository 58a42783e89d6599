import { NoSuchBucket, type S3Client } from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { createMemoryBucket } from '../testing/memory-bucket.ts';
import { type Heads, headsRoot, type Seal, sealRoot } from './seal.ts';
import { createSealArchive, SealBroken, sealedHeads } from './seal-archive.ts';

const bucketOf = (objects?: Map<string, Uint8Array>) =>
  createSealArchive(createMemoryBucket(objects), 'seals');
const headAt = (commit: number) => ({ commit, hash: Buffer.alloc(32, commit) });
const segmentOf = (segment: number, object: string, heads: Heads) => ({
  segment,
  object,
  root: Buffer.from(headsRoot(heads)).toString('hex'),
  streams: heads.size,
  commits: 1,
  sealedAt: '2026-01-02T03:04:05.678Z',
});
const sealAt = (time: string, segments: Seal['segments'] = []): Seal => ({
  format: 1,
  time,
  begun: time,
  table: 'events',
  streams: 1,
  commits: 1,
  root: sealRoot(segments),
  previous: '',
  segments,
});

describe('the archive of seals', () => {
  test('finds the newest seal, and none where none was made', async () => {
    const archive = bucketOf();
    expect(await archive.newest()).toBeUndefined();
    await archive.keepSeal(sealAt('2026-01-02T00:00:00.000Z'));
    const newest = await archive.keepSeal(sealAt('2026-01-03T00:00:00.000Z'));
    await archive.keepSeal(sealAt('2025-12-31T00:00:00.000Z'));
    expect(await archive.newest()).toEqual(newest);
  });

  test('refuses a seal whose segments do not give its root', async () => {
    const archive = bucketOf();
    await archive.keepSeal({ ...sealAt('2026-01-02T00:00:00.000Z'), root: '00' });
    await expect(archive.newest()).rejects.toThrow(SealBroken);
  });

  test('writes no seal over another', async () => {
    const archive = bucketOf();
    const first = await archive.keepSeal(sealAt('2026-01-02T00:00:00.000Z'));
    const other = { ...sealAt('2026-01-02T00:00:00.000Z'), table: 'other' };
    await expect(archive.keepSeal(other)).rejects.toMatchObject({ name: 'PreconditionFailed' });
    expect(await archive.newest()).toEqual(first);
  });

  test('gives a slot to whoever comes first', async () => {
    const archive = bucketOf();
    expect(await archive.claim(1)).toBe(true);
    expect(await archive.claim(1)).toBe(false);
    expect(await archive.claim(2)).toBe(true);
  });

  test('takes no failure for somebody who came first', async () => {
    const gone = new NoSuchBucket({ message: '', $metadata: {} });
    const client = { send: () => Promise.reject(gone) } as unknown as S3Client;
    await expect(createSealArchive(client, 'seals').claim(1)).rejects.toBe(gone);
  });

  test('refuses leaves that do not give the root that was sealed, and those of which nothing is left', async () => {
    const objects = new Map<string, Uint8Array>();
    const archive = bucketOf(objects);
    const heads = new Map([['skafu#counter#one', headAt(1)]]);
    const object = await archive.keepHeads(3, 0, heads);
    const segment = segmentOf(3, object, heads);
    expect(await archive.headsOf(segment)).toEqual(heads);
    await expect(archive.headsOf({ ...segment, root: '00' })).rejects.toThrow(SealBroken);
    await expect(archive.headsOf({ ...segment, object: 'gone' })).rejects.toThrow('There is no gone.');
    const empty = { send: async () => ({}) } as unknown as S3Client;
    await expect(createSealArchive(empty, 'seals').headsOf(segment)).rejects.toThrow();
  });
});

test('a stream that several segments tell of ends where the longest has it, in whatever order they stand', async () => {
  const archive = bucketOf();
  const [short, long] = [new Map([['stream', headAt(2)]]), new Map([['stream', headAt(5)]])];
  const segments = [
    segmentOf(0, await archive.keepHeads(0, 0, short), short),
    segmentOf(1, await archive.keepHeads(1, 0, long), long),
  ];
  for (const order of [segments, segments.toReversed()])
    expect(await sealedHeads(archive, sealAt('2026-01-02T00:00:00.000Z', order))).toEqual(long);
});
