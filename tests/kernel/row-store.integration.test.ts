import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll } from 'vitest';
import type { ReadModel } from '#shared/definition/read-model.ts';
import { createEventStore, type EventStore } from '#shared/event-store/event-store.ts';
import { createRowStore, rowKey } from '#shared/read-models/row-store.ts';
import { createRows } from '#shared/read-models/rows.ts';
import { createMemoryEventStore } from '#shared/testing/memory-event-store.ts';
import { createMemoryRowStore, type MemoryRowStore } from '#shared/testing/memory-row-store.ts';
import { steps, sums, totals } from './models.ts';
import { eventStoreTable, type KernelPlatform, readModelTables, startKernelPlatform } from './platform.ts';
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
