import { randomUUID } from 'node:crypto';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CacheTable, createCacheTable } from '#shared/runtime/cache-table.ts';
import { documents, dynamodb } from '#shared/runtime/clients.ts';
import { type KernelPlatform, startKernelPlatform } from './platform.ts';

let platform: KernelPlatform;
let table: CacheTable;
beforeAll(async () => {
  platform = await startKernelPlatform();
  const name = `cache-${randomUUID()}`;
  const client = await dynamodb();
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'k', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'k', AttributeType: 'S' }],
    }),
  );
  table = createCacheTable(await documents(), name);
});
afterAll(() => platform.stop());

const kept = { answer: { text: 'naïve – 数', numbers: [0.000012, -3] }, cachedAt: 1_000, expiresAt: 61_000 };

describe('the cache table', () => {
  test('answers what was written, and nothing for what was not', async () => {
    const key = randomUUID();
    expect(await table.read(key)).toBeUndefined();
    await table.write(key, kept);
    expect(await table.read(key)).toEqual(kept);
  });

  test('gives one of many the claim', async () => {
    const key = randomUUID();
    const wishes = Array.from({ length: 10 }, (_, index) =>
      table.claim(key, { until: 2_000 + index, now: 1_000, seen: undefined }),
    );
    expect((await Promise.all(wishes)).filter(Boolean)).toHaveLength(1);
    expect(await table.read(key)).toBeUndefined();
  });

  test('gives the claim again when it ended, was given back, or led to an answer that has been seen', async () => {
    const key = randomUUID();
    const claim = (now: number, seen?: number) => table.claim(key, { until: now + 100, now, seen });
    expect(await claim(1_000)).toBe(true);
    expect(await claim(1_050)).toBe(false);
    expect(await claim(1_101)).toBe(true);
    await table.release(key, 1_100);
    expect(await claim(1_150)).toBe(false);
    await table.release(key, 1_201);
    expect(await claim(1_150)).toBe(true);
    await table.write(key, kept);
    expect(await claim(1_160)).toBe(false);
    expect(await claim(1_160, kept.cachedAt)).toBe(true);
  });

  test('keeps the answer before while a newer one is asked for', async () => {
    const key = randomUUID();
    await table.write(key, kept);
    await table.claim(key, { until: 2_000, now: 1_500, seen: kept.cachedAt });
    expect(await table.read(key)).toEqual(kept);
  });

  test('keeps a year of days by group, which is far more than an item may hold in plain text', async () => {
    const key = randomUUID();
    const groups = Array.from({ length: 51 }, (_, group) => ({
      name: `Service ${group}`,
      amounts: Array.from({ length: 366 }, (_, day) => Math.sin(group * 366 + day) ** 2),
    }));
    expect(JSON.stringify(groups).length).toBeGreaterThan(300_000);
    await table.write(key, { ...kept, answer: { groups } });
    expect(await table.read(key)).toEqual({ ...kept, answer: { groups } });
  });
});
