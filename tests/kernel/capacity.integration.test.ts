import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { countUnits, readUnits, writeUnits } from '#scripts/bench/capacity.ts';
import { type Item, itemBytes } from '#scripts/bench/item-size.ts';
import { alignedTable } from '#scripts/bench/lines.ts';
import type { ReadModel } from '#shared/definition/read-model.ts';
import { createEventStore, type EventStore } from '#shared/event-store/event-store.ts';
import { keyChanges } from '#shared/event-store/reservation.ts';
import { snapshotInterval } from '#shared/event-store/snapshot.ts';
import type { StreamName } from '#shared/messages/envelope.ts';
import { projectEvent } from '#shared/read-models/projector.ts';
import { createRowStore } from '#shared/read-models/row-store.ts';
import { Counted } from '#shared/testing/counter.ts';
import { steps, sums, totals } from './models.ts';
import { eventStoreTable, type KernelPlatform, modelTables, startKernelPlatform } from './platform.ts';
import { alertsRaised, at, countedTimes, newStream, originOf, record, recordCommits } from './recording.ts';
import { takeSnapshot } from './snapshot-contract.ts';

let platform: KernelPlatform;
let client: DynamoDBClient;
let documents: DynamoDBDocumentClient;
let store: EventStore;

beforeAll(async () => {
  platform = await startKernelPlatform();
  client = new DynamoDBClient({});
  documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  store = createEventStore(client, eventStoreTable);
});
afterAll(async () => {
  client.destroy();
  await platform.stop();
});

/** What an operation costs: requests, write units of the table and of its index, and read units. */
interface Cost {
  readonly requests: number;
  readonly write: number;
  readonly index?: number;
  readonly read: number;
  /** What the formula allows, in write or read units, where there is one. */
  readonly most?: number;
}

/** The example that the formulas are reckoned with: heads of 200 bytes, events of 277, deflated to a third. */
const [head, event, deflated] = [200, 277, 0.33];
const mostToAppend = (events: number) => writeUnits(head + (events === 1 ? 1 : deflated) * events * event);
const mostToLoad = (commits: number, events: number, more = 0) =>
  readUnits(more + commits * (head + deflated * events * event));

/** Every operation with what it costs; its preparation answers the work that is counted. */
const told: { readonly operation: string; readonly cost: Cost }[] = [];

function costs(operation: string, cost: Cost, prepare: () => Promise<() => Promise<unknown>>): void {
  told.push({ operation, cost });
  test(`${operation}: ${cost.requests} requests, ${cost.write} WCU, ${cost.read} RCU`, async () => {
    const work = await prepare();
    let index = 0;
    const counted = await countUnits(client, async () => {
      const answer = await work();
      if (typeof answer === 'number') index = answer;
    });
    const { most = Number.POSITIVE_INFINITY, ...expected } = cost;
    expect({ ...counted, index }).toEqual({ index: 0, ...expected });
    expect(Math.max(counted.write, counted.read)).toBeLessThanOrEqual(most);
  });
}

/** A stream of so many commits of so many events each. */
async function streamOf(commits: number, events: number): Promise<StreamName> {
  const stream = newStream();
  let { head } = await store.load(stream);
  for (let commit = 0; commit < commits; commit++) {
    const appended = await store.append(head, alertsRaised(events), originOf());
    if (!('head' in appended)) throw new Error('Somebody else was first.');
    head = appended.head;
  }
  return stream;
}

describe('commands', () => {
  for (const [count, write] of [
    [1, 1],
    [5, 1],
    [10, 1],
    [50, 2],
  ] as const) {
    costs(
      `append of ${count} ${count === 1 ? 'event' : 'events'}`,
      { requests: 1, write, read: 0, most: mostToAppend(count) },
      async () => {
        const { head } = await store.load(newStream());
        return () => store.append(head, alertsRaised(count), originOf());
      },
    );
  }

  costs(
    'append refused, one behind: the winner comes along',
    { requests: 1, write: 1, read: 0 },
    async () => {
      const { head } = await store.load(newStream());
      await store.append(head, alertsRaised(1), originOf());
      return async () => {
        expect(await store.append(head, alertsRaised(1), originOf())).toHaveProperty('conflict');
      };
    },
  );

  const withKeys = (before: readonly string[], after: readonly string[]) => async () => {
    const stream = newStream(`tenant-${crypto.randomUUID()}`);
    const { head } = await store.load(stream);
    const first = await store.append(head, countedTimes(1), originOf(), undefined, keyChanges([], before));
    if (!('head' in first)) throw new Error('Nobody else has the key.');
    return () => store.append(first.head, countedTimes(1), originOf(), undefined, keyChanges(before, after));
  };
  costs('append that takes a unique value', { requests: 1, write: 4, read: 0 }, withKeys([], ['name=a']));
  costs(
    'append that changes a unique value',
    { requests: 1, write: 6, read: 0 },
    withKeys(['name=a'], ['name=b']),
  );
});

describe('loads', () => {
  let long: Promise<StreamName> | undefined;
  const longStream = () => {
    long ??= streamOf(200, 5);
    return long;
  };
  costs(
    'load of a stream that is not there',
    { requests: 1, write: 0, read: 1 },
    async () => () => store.load(newStream()),
  );
  costs(
    'load of 100 events in commits of 5',
    { requests: 1, write: 0, read: 3, most: mostToLoad(20, 5) },
    async () => {
      const stream = await streamOf(20, 5);
      return () => store.load(stream);
    },
  );
  costs(
    'load of 1,000 events in commits of 5',
    { requests: 1, write: 0, read: 25, most: mostToLoad(200, 5) },
    async () => {
      const stream = await longStream();
      return () => store.load(stream);
    },
  );
  costs(
    'load of 1,000 events in commits of 5, from a snapshot',
    { requests: 1, write: 0, read: 7, most: mostToLoad(snapshotInterval + 2, 5, 1024) },
    async () => {
      const stream = await longStream();
      await takeSnapshot(store, stream, { commands: new Map() });
      return () => store.loadTail(stream, 'this');
    },
  );
  costs('snapshot kept, of 1 KB', { requests: 1, write: 1, read: 0 }, async () => {
    const stream = await streamOf(1, 1);
    const { head } = await store.load(stream);
    const state = { note: 'x'.repeat(700) };
    return () => store.keepSnapshot({ head, fingerprint: 'this', state, commands: new Map() });
  });
});

/** What a changed row costs the index `lists`: it is in it, comes, goes, changes in its place, or moves. */
function indexUnits(before: Item | undefined, after: Item | undefined): number {
  const [was, is] = [before, after].map((item) => (item?.['l'] ? item : undefined));
  if (!was || !is) return [was, is].reduce((sum, item) => sum + (item ? writeUnits(itemBytes(item)) : 0), 0);
  const moves = JSON.stringify([was['l'], was['o']]) !== JSON.stringify([is['l'], is['o']]);
  return writeUnits(Math.max(itemBytes(was), itemBytes(is))) * (moves ? 2 : 1);
}

describe('the projection of one event', () => {
  const plain = () => new DynamoDBClient({});
  const itemAt = async (table: string, key: string) => {
    // Not by the client whose units are counted.
    const other = plain();
    const { Item: item } = await other.send(new GetItemCommand({ TableName: table, Key: { k: { S: key } } }));
    other.destroy();
    return item;
  };
  /** Projects the last event of a stream of which the model knows all the others. */
  const projection =
    (model: ReadModel, table: string, rowOf: (stream: StreamName) => string, earlier: number) => async () => {
      const stream = newStream(`tenant-${crypto.randomUUID()}`);
      const events = await recordCommits(
        store,
        stream,
        Array.from({ length: earlier + 1 }, () => 1),
      );
      const rows = createRowStore(documents, table, model);
      if (earlier > 0) await projectEvent(at(events, -2), rows, store);
      const key = `${stream.tenant}#${rowOf(stream)}`;
      const before = await itemAt(table, key);
      return async () => {
        await projectEvent(at(events, -1), rows, store);
        return indexUnits(before, await itemAt(table, key));
      };
    };

  const total = projection(totals, modelTables.totals, ({ id }) => id, 1);
  const firstTotal = projection(totals, modelTables.totals, ({ id }) => id, 0);
  const step = projection(steps, modelTables.steps, ({ id }) => `${id}/2`, 1);
  const sum = projection(sums, modelTables.sums, ({ tenant }) => `sum-of-${tenant}`, 1);
  costs('a new row that is its stream’s position', { requests: 2, write: 1, index: 1, read: 1 }, firstTotal);
  costs('the same row again, moving in its list', { requests: 2, write: 1, index: 2, read: 1 }, total);
  costs('a new row beside the position', { requests: 3, write: 4, index: 1, read: 2 }, step);
  costs('a row that joins streams, moving in its list', { requests: 3, write: 4, index: 2, read: 2 }, sum);
  costs('an event that came before', { requests: 1, write: 0, read: 1 }, async () => {
    const stream = newStream();
    await record(store, stream, [Counted({ by: 1 })]);
    const event = at((await store.load(stream)).events, 0);
    const rows = createRowStore(documents, modelTables.totals, totals);
    await projectEvent(event, rows, store);
    return () => projectEvent(event, rows, store);
  });
});

test('docs/benchmarks.md tells these costs', () => {
  const table = alignedTable(
    ['operation', 'requests', 'WCU', 'WCU of the index', 'RCU', 'formula'],
    told.map(({ operation, cost: { requests, write, index, read, most } }) =>
      [operation, requests, write, index ?? '', read, most ? `≤ ${most}` : ''].map(String),
    ),
  );
  expect(readFileSync(join(import.meta.dirname, '../../docs/benchmarks.md'), 'utf8')).toContain(table);
});
