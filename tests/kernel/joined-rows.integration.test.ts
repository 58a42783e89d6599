import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ReadModel } from '#shared/definition/read-model.ts';
import { createEventStore, type EventStore } from '#shared/event-store/event-store.ts';
import { type Envelope, streamPath } from '#shared/messages/envelope.ts';
import { createPositions } from '#shared/read-models/positions.ts';
import { projectEvent } from '#shared/read-models/projector.ts';
import { createRowStore } from '#shared/read-models/row-store.ts';
import { createRows } from '#shared/read-models/rows.ts';
import { everyStream, type Sum, sums } from './models.ts';
import { eventStoreTable, type KernelPlatform, readModelTables, startKernelPlatform } from './platform.ts';
import { at, newStream, recordCommits } from './recording.ts';

const [sumsTable, streamsTable] = readModelTables;
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

const deliver = (event: Envelope, model: ReadModel, table: string) =>
  projectEvent(event, createRowStore(client, table, model), store);

describe('a row that joins several streams', () => {
  const isDeep = process.env['SKAFU_DEEP'] === '1';
  const commits = fc.array(fc.integer({ min: 1, max: 2 }), { minLength: 1, maxLength: 3 });
  const streams = fc.array(fc.tuple(fc.constantFrom('counter', 'timer'), commits), {
    minLength: 1,
    maxLength: 4,
  });

  test('takes every event of each exactly once, however their deliveries meet', async () => {
    await fc.assert(
      fc.asyncProperty(streams, fc.array(fc.nat(), { maxLength: 10 }), async (recorded, picks) => {
        const tenant = `tenant-${randomUUID()}`;
        const histories = await Promise.all(
          recorded.map(([type, sizes]) => recordCommits(store, { ...newStream(tenant), type }, sizes)),
        );
        const events = histories.flat();
        const some = picks.map((pick) => at(events, pick % events.length));
        const last = histories.map((history) => at(history, -1));
        await Promise.all([...some, ...last].map((event) => deliver(event, sums, sumsTable)));
        const of = (type: string) => events.filter(({ stream }) => stream.type === type).length;
        expect(await createRows<Sum>(client, sumsTable, tenant).get(`sum-of-${tenant}`)).toEqual({
          counters: of('counter'),
          timers: of('timer'),
        });
      }),
      { numRuns: isDeep ? 200 : 10 },
    );
  }, 600_000);
});

describe('a read model of everything', () => {
  test('has a row for every stream, of whatever type, also where two have one id', async () => {
    const tenant = `tenant-${randomUUID()}`;
    const counter = newStream(tenant);
    const timer = { ...counter, type: 'timer' };
    for (const stream of [counter, timer]) {
      for (const event of await recordCommits(store, stream, [1, 1]))
        await deliver(event, everyStream, streamsTable);
    }
    const { items } = await createRows(client, streamsTable, tenant).list('streams', { ascending: true });
    expect(items).toEqual(
      [counter, timer].map((stream) => ({ path: streamPath(stream), types: ['Counted', 'Counted'] })),
    );
  });

  test('is found by catch-up to stand where it stands', async () => {
    const stream = newStream(`tenant-${randomUUID()}`);
    const events = await recordCommits(store, stream, [1, 1, 1]);
    expect(await createPositions(client)(streamsTable, [at(events, 2)])).toEqual([0]);
    await deliver(at(events, 1), everyStream, streamsTable);
    expect(await createPositions(client)(streamsTable, [at(events, 2)])).toEqual([3]);
  });
});
