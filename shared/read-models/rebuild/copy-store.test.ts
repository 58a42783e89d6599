import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { expect, test } from 'vitest';
import { readModel } from '../../definition/read-model.ts';
import { answeringClient } from '../../testing/answering-client.ts';
import { counter } from '../../testing/counter.ts';
import { createMemoryEventStore } from '../../testing/memory-event-store.ts';
import { type CopyJob, copiedSoFar, copyStore } from './copy-store.ts';

const model = readModel({ follows: counter, listed: () => ({ list: 'all', order: '' }), project: {} });

/** A table that keeps what is put under a key. */
function tableOf() {
  const items = new Map<unknown, unknown>();
  const send = async ({ input }: { input: { Item?: { k: unknown }; Key?: { k: unknown } } }) => {
    if (input.Item) items.set(input.Item.k, input.Item);
    return { Item: items.get(input.Key?.k) };
  };
  return { items, client: { send } as unknown as DynamoDBDocumentClient };
}

const jobOf = (table: ReturnType<typeof tableOf>, scan: DynamoDBClient, rebuild = 'r1'): CopyJob => ({
  rebuild,
  segments: 1,
  scan,
  eventStoreTable: 'store',
  firstTable: 'rows',
  target: { client: table.client, table: 'rows-2', model, store: createMemoryEventStore() },
  isOver: async () => false,
});
/** An item that no model follows. */
const item = { s: { S: 't#other#1' }, c: { N: '1' } };
const place = { s: { S: 't#counter#c1' }, c: { N: '7' } };

test('each page begins where the one before ended, and a checkpoint tells how far it is', async () => {
  const table = tableOf();
  const { client, asked } = answeringClient<DynamoDBClient>(
    { Items: [item, item], LastEvaluatedKey: place, ConsumedCapacity: { CapacityUnits: 128 } },
    { ConsumedCapacity: { CapacityUnits: 2 } },
  );
  const job = jobOf(table, client);
  const copied = { items: 2, events: 0, rows: 0, readUnits: 130 };
  expect(await copyStore(job)).toEqual({ isDone: true, copied });
  expect(asked.map(({ ExclusiveStartKey: start }) => start)).toEqual([undefined, place]);
  expect(await copiedSoFar(table.client, job)).toEqual(copied);
});

test('what died between two pages goes on with the second, and another rebuild begins anew', async () => {
  const table = tableOf();
  const dying = answeringClient<DynamoDBClient>(
    { Items: [item], LastEvaluatedKey: place },
    new Error('killed'),
  );
  await expect(copyStore(jobOf(table, dying.client))).rejects.toThrow('killed');
  expect(table.items.get('@segment-0')).toMatchObject({ isDone: false, next: { s: 't#counter#c1', c: 7 } });

  const going = answeringClient<DynamoDBClient>({ Items: [item] }, { Items: [item] });
  expect(await copyStore(jobOf(table, going.client))).toMatchObject({ isDone: true, copied: { items: 2 } });
  expect(await copiedSoFar(table.client, jobOf(table, going.client, 'r2'))).toMatchObject({ items: 0 });
  expect(await copyStore(jobOf(table, going.client, 'r2'))).toMatchObject({ copied: { items: 1 } });
  expect(going.asked.map(({ ExclusiveStartKey: start }) => start)).toEqual([place, undefined]);
});
