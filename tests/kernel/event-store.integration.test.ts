import { createHash } from 'node:crypto';
import {
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sizeOf, streamKey } from '#shared/event-store/commit.ts';
import { createEventStore, type EventStore } from '#shared/event-store/event-store.ts';
import { snapshotInterval, snapshotKey } from '#shared/event-store/snapshot.ts';
import type { StreamName } from '#shared/messages/envelope.ts';
import { createMemoryEventStore, type MemoryStreams } from '#shared/testing/memory-event-store.ts';
import { type Breaker, describeCorruption } from './corruption-contract.ts';
import { describeEventStore } from './event-store-contract.ts';
import { eventStoreTable, type KernelPlatform, startKernelPlatform } from './platform.ts';
import { alertsRaised, at, countedTimes, newStream, originOf, record, recordCommits } from './recording.ts';
import { describeReservations } from './reservation-contract.ts';
import { describeSnapshots, takeSnapshot } from './snapshot-contract.ts';
import { measureUnits, type Units } from './units.ts';

let platform: KernelPlatform;
let client: DynamoDBClient;
let store: EventStore;
let units: Units;

beforeAll(async () => {
  platform = await startKernelPlatform();
  client = new DynamoDBClient({});
  units = measureUnits(client);
  store = createEventStore(client, eventStoreTable);
});
afterAll(async () => {
  client.destroy();
  await platform.stop();
});

const streams: MemoryStreams = new Map();
const memory = createMemoryEventStore(streams);
describeEventStore('in memory', () => memory);
describeEventStore('on DynamoDB', () => store);
describeCorruption(
  'in memory',
  () => memory,
  () => inMemory,
);
describeCorruption(
  'on DynamoDB',
  () => store,
  () => onDynamoDb(client),
);
describeReservations('in memory', () => memory);
describeReservations('on DynamoDB', () => store);
describeSnapshots('in memory', () => memory);
describeSnapshots('on DynamoDB', () => store);

const keyOf = (stream: StreamName, commit: number) => ({
  s: { S: streamKey(stream) },
  c: { N: `${commit}` },
});

/** Breaks what the store in memory keeps. */
const inMemory: Breaker = {
  async remove(stream, commit) {
    streams.get(streamKey(stream))?.splice(commit - 1, 1);
  },
  async set(stream, commit, attribute, value) {
    Object.assign(at(streams.get(streamKey(stream)) ?? [], commit - 1), { [attribute]: value });
  },
};

/** Breaks what stands in the table. */
const onDynamoDb = (by: DynamoDBClient): Breaker => ({
  remove: (stream, commit) =>
    by.send(new DeleteItemCommand({ TableName: eventStoreTable, Key: keyOf(stream, commit) })),
  set: (stream, commit, attribute, value) =>
    by.send(
      new UpdateItemCommand({
        TableName: eventStoreTable,
        Key: keyOf(stream, commit),
        UpdateExpression: 'SET #name = :value',
        ExpressionAttributeNames: { '#name': attribute },
        ExpressionAttributeValues: { ':value': value },
      }),
    ),
});

describe('the event store on DynamoDB', () => {
  test('reads a stream of several pages whole', async () => {
    const stream = newStream();
    const noise = Array.from({ length: 6_000 }, (_, index) =>
      createHash('sha256').update(`${index}`).digest('base64'),
    ).join('');
    for (let commit = 0; commit < 9; commit++)
      await record(store, stream, [{ type: 'Noted', data: `${commit}${noise}` }]);
    units.reset();
    const { events } = await store.load(stream);
    expect(events.map(({ version }) => version)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(events.map(({ data }) => String(data).charAt(0)).join('')).toBe('012345678');
    expect(units.requests).toBeGreaterThan(1);
  });

  test('throws what DynamoDB throws', async () => {
    const elsewhere = createEventStore(client, 'no-such-table');
    const { head } = await store.load(newStream());
    await expect(elsewhere.append(head, countedTimes(1), originOf())).rejects.toThrow(
      expect.objectContaining({ name: 'ResourceNotFoundException' }),
    );
  });

  test('stores a commit in the attributes that are documented, and no others', async () => {
    const stream = newStream();
    await record(store, stream, countedTimes(1));
    const { Item: item = {} } = await client.send(
      new GetItemCommand({ TableName: eventStoreTable, Key: keyOf(stream, 1) }),
    );
    expect(Object.keys(item).sort()).toEqual(['b', 'c', 'f', 'h', 'k', 'n', 's', 't', 'v', 'y']);
  });
});

describe('what the event store costs', () => {
  async function costOf(work: () => Promise<unknown>) {
    units.reset();
    await work();
    return { requests: units.requests, consumed: units.consumed };
  }

  test.each([
    [1, 1],
    [5, 1],
    [10, 1],
    [50, 3],
  ])('an append of %i events is %i write units at most, in one request', async (count, most) => {
    const { head } = await store.load(newStream());
    const cost = await costOf(() => store.append(head, alertsRaised(count), originOf()));
    expect(cost.requests).toBe(1);
    expect(cost.consumed).toBeLessThanOrEqual(most);
  });

  test('a refused append is the one write unit of its attempt, and no read', async () => {
    const { head } = await store.load(newStream());
    await store.append(head, alertsRaised(1), originOf());
    expect(await costOf(() => store.append(head, alertsRaised(1), originOf()))).toMatchObject({
      requests: 1,
    });
  });

  test('a load is one request, at the read units of the bytes that are there and no more', async () => {
    const stream = newStream();
    for (let commit = 0; commit < 20; commit++) await record(store, stream, alertsRaised(5));
    const { Items: items = [] } = await client.send(
      new QueryCommand({
        TableName: eventStoreTable,
        KeyConditionExpression: 's = :s',
        ExpressionAttributeValues: { ':s': { S: streamKey(stream) } },
      }),
    );
    const bytes = items.reduce((sum, item) => sum + sizeOf(item), 0);
    const cost = await costOf(() => store.load(stream));
    expect(cost).toEqual({ requests: 1, consumed: Math.ceil(bytes / 4096) });
    // As reckoned for heads of 200 bytes and 100 events of 270 bytes, deflated to a third.
    expect(cost.consumed).toBeLessThanOrEqual(Math.ceil((20 * 200 + 0.33 * 100 * 270) / 4096));
  });

  test('a load of nothing is half a unit or one', async () => {
    expect((await costOf(() => store.load(newStream()))).consumed).toBeLessThanOrEqual(1);
  });
});

describe('the state of a long stream, with a snapshot', () => {
  /** Strongly consistent: one unit for each 4 KB begun. */
  const readUnits = (bytes: number) => Math.ceil(bytes / 4096);

  test('costs one query and the units of the snapshot and the commits that one page holds', async () => {
    const stream = newStream();
    await recordCommits(
      store,
      stream,
      Array.from({ length: 200 }, () => 1),
    );
    await takeSnapshot(store, stream);
    await recordCommits(store, stream, [1, 1, 1]);
    units.reset();
    const tail = await store.loadTail(stream, 'this');
    expect(tail.events).toHaveLength(3);
    const page = await client.send(
      new QueryCommand({
        TableName: eventStoreTable,
        KeyConditionExpression: 's = :s',
        ExpressionAttributeValues: { ':s': { S: streamKey(stream) } },
        ScanIndexForward: false,
        Limit: snapshotInterval + 2,
      }),
    );
    const bytes = (page.Items ?? []).reduce((sum, item) => sum + sizeOf(item), 0);
    expect(units.requests).toBe(2);
    expect(units.consumed - readUnits(bytes) / 2).toBe(readUnits(bytes));
  });

  test('costs the same after a hundred events as after five hundred', async () => {
    const costs: number[] = [];
    for (const commits of [100, 500]) {
      const stream = newStream();
      await recordCommits(
        store,
        stream,
        Array.from({ length: commits }, () => 1),
      );
      await takeSnapshot(store, stream, { commands: new Map() });
      units.reset();
      await store.loadTail(stream, 'this');
      costs.push(units.consumed);
    }
    expect(costs[1]).toBe(costs[0]);
  });

  test('is found by the second page when the snapshot is late', async () => {
    const stream = newStream();
    await recordCommits(store, stream, [1]);
    await takeSnapshot(store, stream);
    await recordCommits(
      store,
      stream,
      Array.from({ length: snapshotInterval + 5 }, () => 1),
    );
    const tail = await store.loadTail(stream, 'this');
    expect(tail.snapshot?.head.version).toBe(1);
    expect(tail.events).toHaveLength(snapshotInterval + 5);
  });

  test('is folded from all events when the snapshot cannot be read', async () => {
    const stream = newStream();
    await recordCommits(store, stream, [1, 1]);
    await takeSnapshot(store, stream);
    await client.send(
      new UpdateItemCommand({
        TableName: eventStoreTable,
        Key: keyOf(stream, snapshotKey),
        UpdateExpression: 'SET b = :b',
        ExpressionAttributeValues: { ':b': { B: Buffer.from('{') } },
      }),
    );
    expect((await store.loadTail(stream, 'this')).events).toHaveLength(2);
  });
});
