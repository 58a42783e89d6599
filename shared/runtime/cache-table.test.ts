import { gzipSync } from 'node:zlib';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { describe, expect, test } from 'vitest';
import { createCacheTable } from './cache-table.ts';

/** A cache whose table answers so, whatever it is asked. */
const cacheAnswering = (answer: () => Promise<object>) =>
  createCacheTable({ send: answer } as unknown as DynamoDBDocumentClient, 'cache');

const claim = { until: 2_000, now: 1_000, seen: undefined };

describe('a table of answers', () => {
  test('tells that somebody else holds the claim', async () => {
    const held = new ConditionalCheckFailedException({ message: 'held', $metadata: {} });
    const table = cacheAnswering(() => Promise.reject(held));
    expect(await table.claim('key', claim)).toBe(false);
    // What somebody else has taken over meanwhile is not to be given back.
    await expect(table.release('key', 2_000)).resolves.toBeUndefined();
  });

  test('does not take a table that does not answer for a claim of somebody else', async () => {
    const broken = new Error('The table is gone');
    const table = cacheAnswering(() => Promise.reject(broken));
    await expect(table.claim('key', claim)).rejects.toBe(broken);
    await expect(table.release('key', 2_000)).rejects.toBe(broken);
  });

  test('holds no answer while the first is still being asked for', async () => {
    // A claim alone has an end, and neither answer nor time.
    for (const Item of [undefined, { k: 'key', c: 2_000, e: 2 }, { k: 'key', a: gzipSync('{}'), e: 2 }])
      expect(await cacheAnswering(async () => ({ Item })).read('key')).toBeUndefined();
  });

  test('holds an answer with its times', async () => {
    const Item = { k: 'key', a: gzipSync('{"total":7}'), t: 1_000, e: 2 };
    expect(await cacheAnswering(async () => ({ Item })).read('key')).toEqual({
      answer: { total: 7 },
      cachedAt: 1_000,
      expiresAt: 2_000,
    });
  });
});
