import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import { aggregate } from '../definition/aggregate.ts';
import { Counted, counter } from '../testing/counter.ts';
import { createMemoryEventStore, type MemoryStreams } from '../testing/memory-event-store.ts';
import { createMemoryTable } from '../testing/memory-table.ts';
import type { CommitItem } from './commit.ts';
import { reservationItem } from './reservation.ts';
import { estimateVerification, type VerifyOptions, verifyOneStream, verifyStore } from './verify-store.ts';

/** Every counter has its total to itself. */
const { events, initial, evolve } = counter;
const unique = { total: ({ total }: typeof initial) => `${total}` };
const aggregates = [aggregate('testing/counter', { events, initial, evolve, unique })];

const streamOf = (id: string, tenant = 'skafu') => ({ tenant, type: 'counter', id });
const reserved = (id: string, total: number, isTaken = true) =>
  reservationItem(streamOf(id), `total=${total}`, isTaken);

/** The items of a stream with this many commits, each of which counts one. */
async function counted(id: string, commits: number, tenant = 'skafu'): Promise<CommitItem[]> {
  const streams: MemoryStreams = new Map();
  const store = createMemoryEventStore(streams);
  let head = (await store.load(streamOf(id, tenant))).head;
  for (let commit = 1; commit <= commits; commit++) {
    const appended = await store.append(head, [Counted({ by: 1 })], {
      domain: 'testing',
      commandId: `${commit}`,
      actor: { type: 'user', id: 'somebody' },
      correlationId: `${commit}`,
      causationId: `${commit}`,
      time: 0,
    });
    if ('head' in appended) ({ head } = appended);
  }
  return [...streams.values()].flat();
}

const verify = (
  standing: readonly CommitItem[],
  { scanned, ...options }: Partial<VerifyOptions> & { scanned?: readonly CommitItem[] } = {},
) => verifyStore(createMemoryTable(standing, scanned), 'events', { aggregates, ...options });

describe('a store', () => {
  test('is whole when each stream holds what is reserved for it', async () => {
    const items = [...(await counted('one', 2)), ...(await counted('two', 3))];
    const result = await verify([
      ...items,
      reserved('one', 2),
      reserved('two', 3),
      reserved('two', 1, false),
    ]);
    expect(result).toMatchObject({ streams: 2, commits: 5, events: 5, reservations: 3, flaws: [] });
    expect(result.readUnits).toBeGreaterThanOrEqual(4);
  });

  test('of one tenant is read without what others have', async () => {
    const items = [...(await counted('one', 2)), ...(await counted('two', 3, 'other'))];
    const result = await verify([...items, reserved('one', 2)], { tenant: 'skafu', segments: 1 });
    expect(result).toMatchObject({ streams: 1, commits: 2, flaws: [] });
  });

  test('tells each thousand commits, and at the end, how far it has come', async () => {
    const told: number[] = [];
    const items = [...(await counted('one', 1_001)), reserved('one', 1_001)];
    await verify(items, { segments: 1, onProgress: ({ commits }) => told.push(commits) });
    expect(told).toEqual([1_000, 1_001]);
  });
});

describe('what a store does not hold against the states that need it', () => {
  test('is a key that was given back, or is reserved for another', async () => {
    const items = await counted('one', 2);
    const stream = 'skafu#counter#~total=2';
    expect((await verify([...items, reserved('one', 2, false)])).flaws).toEqual([
      { stream, what: 'skafu#counter#one holds it, and it is not reserved' },
    ]);
    const { flaw } = await verifyOneStream(
      createMemoryTable([...items, reserved('other', 2)]),
      'events',
      'skafu#counter#one',
      { aggregates },
    );
    expect(flaw).toEqual({ stream, what: 'skafu#counter#one holds it, and it is reserved for other' });
  });

  test('is a key that no state holds', async () => {
    const items = [...(await counted('one', 2)), reserved('one', 2), reserved('one', 9)];
    expect((await verify(items)).flaws).toEqual([
      { stream: 'skafu#counter#~total=9', what: expect.stringContaining('whose state does not hold it') },
    ]);
  });

  test('is no key of an aggregate that is not known', async () => {
    expect((await verify([reserved('one', 9)], { aggregates: [] })).flaws).toEqual([]);
  });

  test('is no key of a stream that is at fault itself, which is named instead', async () => {
    const items = [...(await counted('one', 3)).slice(1), reserved('one', 9)];
    expect((await verify(items)).flaws).toMatchObject([{ stream: 'skafu#counter#one', commit: 1 }]);
  });
});

describe('a scan that lags behind', () => {
  test('finds no flaw in a stream that is whole by now', async () => {
    const items = [...(await counted('one', 3)), reserved('one', 3)];
    const withoutTheFirst = items.slice(1);
    expect((await verify(items, { scanned: withoutTheFirst })).flaws).toEqual([]);
  });

  test('finds no key needless that was taken or given back meanwhile', async () => {
    const items = [...(await counted('one', 3)), reserved('one', 3), reserved('one', 2, false)];
    const [first = {}, second = {}, third = {}] = items;
    for (const scanned of [
      [first, second, reserved('one', 2)],
      [first, second, reserved('one', 3)],
      [first, second, third, reserved('one', 3), reserved('one', 2)],
    ])
      expect((await verify(items, { scanned })).flaws).toEqual([]);
  });
});

describe('a verification', () => {
  const tableOf = (answer: unknown) => ({ send: async () => answer }) as unknown as DynamoDBClient;

  test('costs half a read unit for each four kilobytes begun', async () => {
    const table = tableOf({ Table: { ItemCount: 3, TableSizeBytes: 4_097 } });
    expect(await estimateVerification(table, 'events')).toEqual({
      items: 3,
      bytes: 4_097,
      readUnits: 1,
      dollars: 0.125 / 1_000_000,
    });
  });

  test('of a table that nobody has counted yet is estimated to cost nothing', async () => {
    const nothing = { items: 0, bytes: 0, readUnits: 0, dollars: 0 };
    for (const answer of [{}, { Table: {} }])
      expect(await estimateVerification(tableOf(answer), 'events')).toEqual(nothing);
  });
});
