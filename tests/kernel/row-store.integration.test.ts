import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ReadModel } from '#shared/definition/read-model.ts';
import { createEventStore, type EventStore } from '#shared/event-store/event-store.ts';
import { projectEvent } from '#shared/read-models/projector.ts';
import { createRowStore, rowKey } from '#shared/read-models/row-store.ts';
import { createRows } from '#shared/read-models/rows.ts';
import { createMemoryEventStore } from '#shared/testing/memory-event-store.ts';
import { createMemoryRowStore, type MemoryRowStore } from '#shared/testing/memory-row-store.ts';
import { steps, sums, totals } from './models.ts';
import { eventStoreTable, type KernelPlatform, readModelTables, startKernelPlatform } from './platform.ts';
import { newStream, recordCommits } from './recording.ts';
import { describeRowStore } from './row-store-contract.ts';

let platform: KernelPlatform;
let plain: DynamoDBClient;
let client: DynamoDBDocumentClient;
let store: EventStore;

beforeAll(async () => {
  platform = await startKernelPlatform();
  plain = new DynamoDBClient({});
  client = DynamoDBDocumentClient.from(plain, { marshallOptions: { removeUndefinedValues: true } });
  store = createEventStore(plain, eventStoreTable);
});
afterAll(async () => {
  plain.destroy();
  await platform.stop();
});

const tested: readonly ReadModel[] = [totals, steps, sums];
const inMemory = new Map<ReadModel, MemoryRowStore>(
  tested.map((model) => [model, createMemoryRowStore(model)]),
);

function memoryOf(model: ReadModel) {
  const rows = inMemory.get(model);
  if (!rows) throw new Error('A store is kept for each model that is tested.');
  return { rows, row: async (tenant: string, key: string) => rows.rows().get(rowKey(tenant, key)) };
}

function tableOf(model: ReadModel) {
  const table = readModelTables[tested.indexOf(model)] ?? '';
  return {
    rows: createRowStore(client, table, model),
    row: (tenant: string, key: string) => createRows(client, table, tenant).get(key),
  };
}

const memory = createMemoryEventStore();
describeRowStore('in memory', memoryOf, () => memory);
describeRowStore('on DynamoDB', tableOf, () => store);

test('streams take turns also at a row that was written before rows told how often they were', async () => {
  const tenant = 'before-turns';
  const { rows, row } = tableOf(sums);
  const standing = {
    k: `${tenant}#sum-of-${tenant}`,
    r: { counters: 5, timers: 0 },
    l: `${tenant}#sums`,
    o: '5',
  };
  await client.send(new PutCommand({ TableName: readModelTables[tested.indexOf(sums)], Item: standing }));
  const histories = await Promise.all([1, 2, 3].map(() => recordCommits(store, newStream(tenant), [1, 1])));
  await Promise.all(histories.flat().map((event) => projectEvent(event, rows, store)));
  expect(await row(tenant, `sum-of-${tenant}`)).toEqual({ counters: 11, timers: 0 });
});
