import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ReadModel } from '#shared/definition/read-model.ts';
import { createEventStore, type EventStore } from '#shared/event-store/event-store.ts';
import type { Envelope, StreamName } from '#shared/messages/envelope.ts';
import { projectEvent } from '#shared/read-models/projector.ts';
import { copyRuns } from '#shared/read-models/rebuild/copy-runs.ts';
import { type CopyJob, copiedSoFar, copyStore } from '#shared/read-models/rebuild/copy-store.ts';
import { emptyTable } from '#shared/read-models/rebuild/empty-table.ts';
import {
  appointmentMilliseconds,
  type Control,
  cacheMilliseconds,
  createControl,
  isControl,
  tablesOf,
} from '#shared/read-models/rebuild/generations.ts';
import {
  createKnownGenerations,
  type KnownGenerations,
} from '#shared/read-models/rebuild/known-generations.ts';
import { createRowStore } from '#shared/read-models/row-store.ts';
import { createRows } from '#shared/read-models/rows.ts';
import { Closed, Counted } from '#shared/testing/counter.ts';
import { emptyEventStore } from './empty-event-store.ts';
import { steps, sums, type Total, totals } from './models.ts';
import { eventStoreTable, type KernelPlatform, rebuiltTables, startKernelPlatform } from './platform.ts';
import { at, newStream, originOf, record, recordCommits } from './recording.ts';

const isDeep = process.env['SKAFU_DEEP'] === '1';
const models: Readonly<Record<string, { model: ReadModel; first: string }>> = {
  'one row per stream': { model: totals, first: rebuiltTables[0] },
  'many rows per stream': { model: steps, first: rebuiltTables[1] },
  'rows that join streams': { model: sums, first: rebuiltTables[2] },
};

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
beforeEach(forgetEverything);

const never = async () => false;

/** A rebuild reads the whole store, so what earlier runs left would make each slower than the one before. */
async function forgetEverything(): Promise<void> {
  await emptyEventStore(plain, eventStoreTable);
  for (const first of rebuiltTables)
    for (const table of tablesOf(first)) await emptyTable(client, table, never);
}

function jobOf(model: ReadModel, first: string, parts: Partial<CopyJob> = {}): CopyJob {
  return {
    rebuild: randomUUID(),
    segments: 3,
    scan: plain,
    eventStoreTable,
    firstTable: first,
    target: { client, table: tablesOf(first)[1], model, store },
    isOver: never,
    ...parts,
  };
}

/** Every row and position of a tenant, whatever the bookkeeping beside it. */
async function contentOf(table: string, tenant: string): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  let start: Record<string, unknown> | undefined;
  do {
    const page = await client.send(
      new ScanCommand({ TableName: table, ConsistentRead: true, ExclusiveStartKey: start }),
    );
    for (const { k, w: _, ...content } of page.Items ?? []) {
      if (!isControl(String(k)) && String(k).startsWith(`${tenant}#`)) found[String(k)] = content;
    }
    start = page.LastEvaluatedKey;
  } while (start);
  return found;
}

/** What a table holds after every event was delivered once and in order. */
async function expectedOf(model: ReadModel, first: string, streams: readonly StreamName[], tenant: string) {
  const rows = createRowStore(client, first, model);
  for (const stream of streams)
    for (const event of (await store.load(stream)).events) await projectEvent(event, rows, store);
  return contentOf(first, tenant);
}

describe.each(Object.entries(models))('a rebuild of a model with %s', (_, { model, first }) => {
  const [, second] = tablesOf(first);

  test('ends equal to the fold of the store, however writers and deliveries meet it and wherever it dies', async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 5 });
    const work = fc.record({
      streams: fc.array(sizes, { minLength: 1, maxLength: 6 }),
      closed: fc.boolean(),
      picks: fc.array(fc.nat(), { maxLength: 12 }),
      late: fc.array(fc.nat(), { maxLength: 4 }),
      /** After how many pages each slice dies. */
      deaths: fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(work, async ({ streams, closed, picks, late, deaths }) => {
        const tenant = `tenant-${randomUUID()}`;
        const names = streams.map(() => newStream(tenant));
        for (const [index, commits] of streams.entries())
          await recordCommits(store, at(names, index), commits);
        if (closed) await record(store, at(names, 0), [Closed({})]);
        const known = (await Promise.all(names.map((name) => store.load(name)))).flatMap(
          ({ events }) => events,
        );
        const rows = createRowStore(client, second, model);
        const deliver = (event: Envelope) => projectEvent(event, rows, store, event.version);
        const job = jobOf(model, first);
        const copying = (async () => {
          for (const death of deaths) await dieAfter(job, death);
          expect((await copyStore(job)).isDone).toBe(true);
        })();
        const live = picks.map((pick) => deliver(at(known, pick % known.length)));
        const writing = (async () => {
          for (const pick of late) {
            const stream = at(names, pick % names.length);
            const { version } = await record(store, stream, [Counted({ by: 1 + (pick % 3) })]);
            await deliver(at((await store.load(stream)).events, version - 1));
          }
        })();
        await Promise.all([copying, writing, ...live]);
        expect(await contentOf(second, tenant)).toEqual(await expectedOf(model, first, names, tenant));
        await forgetEverything();
      }),
      { numRuns: isDeep ? 200 : 8 },
    );
  }, 900_000);

  test('goes on where it was left, and reads no page twice', async () => {
    const tenant = `tenant-${randomUUID()}`;
    const names = [newStream(tenant), newStream(tenant)];
    for (const name of names) await recordCommits(store, name, [2, 1]);
    let pages = 0;
    const job = jobOf(model, first, { segments: 4, isOver: async () => pages++ >= 2 });
    const once = await copyStore(job);
    expect(once.isDone).toBe(false);
    const rest = await copyStore({ ...job, isOver: never });
    expect(rest.isDone).toBe(true);
    const whole = await copyStore(jobOf(model, first, { segments: 4 }));
    expect(rest.copied.items).toBe(whole.copied.items);
    expect(await copiedSoFar(client, { ...job, firstTable: first })).toEqual({
      items: 0,
      events: 0,
      rows: 0,
      readUnits: 0,
    });
    expect(await contentOf(second, tenant)).toEqual(await expectedOf(model, first, names, tenant));
  });

  /** A stream that closes at its end, and what a page holds of it that begins with this version. */
  async function closing(version: number) {
    const stream = newStream(`tenant-${randomUUID()}`);
    await recordCommits(store, stream, [2, 1]);
    await record(store, stream, [Closed({})]);
    const { events } = await store.load(stream);
    const [begin, ...others] = events.slice(version - 1);
    if (!begin) throw new Error(`There is no event ${version}.`);
    return { stream, events, run: { stream, events: [begin, ...others] as const } };
  }

  test.each([
    ['reads from the store what came before a page', 0, 4],
    ['applies what follows where the table stands', 3, 2],
    ['takes away a row that goes in another page than it came', 3, 4],
    ['writes nothing where the table is as far already', 4, 3],
  ])('%s', async (_, standing, begin) => {
    const { stream, events, run } = await closing(begin);
    const rows = createRowStore(client, second, model);
    for (const event of events.slice(0, standing)) await projectEvent(event, rows, store);
    const { target } = jobOf(model, first);
    expect((await copyRuns(target, [run])) > 0).toBe(standing < events.length);
    expect(await contentOf(second, stream.tenant)).toEqual(
      await expectedOf(model, first, [stream], stream.tenant),
    );
    expect(await copyRuns(target, [run])).toBe(0);
  });

  test('copies a commit of more events than a transaction takes rows', async () => {
    const tenant = `tenant-${randomUUID()}`;
    const names = [newStream(tenant), newStream(tenant)];
    for (const name of names) await recordCommits(store, name, [210]);
    expect((await copyStore(jobOf(model, first))).isDone).toBe(true);
    expect(await contentOf(second, tenant)).toEqual(await expectedOf(model, first, names, tenant));
  });
});

/** Copies until so many requests were sent, then fails as a process that is killed does: in the middle of anything. */
async function dieAfter(job: CopyJob, requests: number): Promise<void> {
  let sent = 0;
  const dying = DynamoDBDocumentClient.from(new DynamoDBClient({}), {
    marshallOptions: { removeUndefinedValues: true },
  });
  dying.middlewareStack.add(
    (next) => async (args) => {
      if (sent++ >= requests) throw new Error('killed');
      return next(args);
    },
    { step: 'initialize' },
  );
  try {
    await copyStore({ ...job, target: { ...job.target, client: dying } });
  } catch (error) {
    expect(error).toMatchObject({ message: 'killed' });
  } finally {
    dying.destroy();
  }
}

describe('the switch to the new table', () => {
  const { model, first } = { model: totals, first: rebuiltTables[0] };

  /** A projection as the function runs it, with its own knowledge of the generations. */
  const deliver = async (known: KnownGenerations, event: Envelope) => {
    for (const table of await known.writtenTables(first)) {
      if (!(await known.writtenTables(first)).includes(table)) continue;
      await projectEvent(event, createRowStore(client, table, model), store, event.version);
    }
  };

  const instances = (count: number) =>
    Array.from({ length: count }, () => createKnownGenerations(async () => client));

  test('shows nobody less than was shown before, while writers go on', async () => {
    const control: Control = createControl(client, first);
    const tenant = `tenant-${randomUUID()}`;
    const names = Array.from({ length: 3 }, () => newStream(tenant));
    const projectors = instances(3);
    const readers = instances(4);
    let ended = false;
    let turn = 0;
    const append = async (name: StreamName) => {
      const { version } = await record(store, name, [Counted({ by: 1 })]);
      const event = at((await store.load(name)).events, version - 1);
      const projector = at(projectors, turn++ % projectors.length);
      await Promise.all([deliver(projector, event), deliver(at(projectors, turn % 3), event)]);
    };
    for (const name of names) await append(name);

    const writing = (async () => {
      while (!ended) for (const name of names) await append(name);
    })();
    const seen = new Map<string, number>();
    let reads = 0;
    const switchedReaders = new Set<string>();
    const reading = (async () => {
      while (!ended) {
        for (const reader of readers) {
          const table = await reader.servingTable(first);
          if (table !== first) switchedReaders.add(`${readers.indexOf(reader)}`);
          for (const name of names) {
            const row = await createRows<Total>(client, table, tenant).get(name.id);
            expect(row, `${name.id} is there`).toBeDefined();
            const version = row?.version ?? 0;
            expect(version).toBeGreaterThanOrEqual(seen.get(name.id) ?? 0);
            seen.set(name.id, version);
            reads++;
          }
          const { items } = await createRows<Total>(client, table, tenant).list('all', {});
          expect(items).toHaveLength(names.length);
        }
      }
    })();

    const rebuild = randomUUID();
    expect(await control.begin(rebuild)).toBe(true);
    await passed(cacheMilliseconds);
    expect((await copyStore(jobOf(model, first, { rebuild }))).isDone).toBe(true);
    const switchAt = await control.appoint(rebuild, Date.now() + appointmentMilliseconds);
    expect(await control.appoint(rebuild, switchAt + 1)).toBe(switchAt);
    expect(await control.abandon(rebuild)).toBe(false);
    await passed(switchAt - Date.now() + cacheMilliseconds);
    await control.finish(rebuild);
    await control.finish(rebuild);
    await passed(cacheMilliseconds);
    ended = true;
    await Promise.all([writing, reading]);

    expect(await control.read()).toEqual({ serving: 2 });
    expect(switchedReaders.size).toBe(readers.length);
    expect(reads).toBeGreaterThan(50);
    for (const name of names) {
      const { head } = await store.load(name);
      const row = await createRows<Total>(client, tablesOf(first)[1], tenant).get(name.id);
      expect(row?.version).toBe(head.version);
    }
  }, 120_000);

  test('is not made by a rebuild that was given up, and the next one may begin', async () => {
    const first = rebuiltTables[1];
    const control = createControl(client, first);
    expect(await control.begin('one')).toBe(true);
    expect(await control.begin('two')).toBe(false);
    expect(await control.abandon('one')).toBe(true);
    await expect(control.appoint('one', 1)).rejects.toThrow('not the one that runs');
    expect(await control.read()).toEqual({ serving: 1 });
    expect(await control.begin('two')).toBe(true);
    await control.abandon('two');
  });

  test('is worked at by one at a time, until the other has left or its time is over', async () => {
    const control = createControl(client, rebuiltTables[2]);
    expect(await control.lease('one', 1_000, 2_000)).toBe(true);
    expect(await control.lease('two', 1_500, 2_500)).toBe(false);
    expect(await control.lease('one', 1_500, 2_500)).toBe(true);
    expect(await control.lease('two', 2_600, 3_600)).toBe(true);
    await control.release('one');
    expect(await control.lease('three', 2_700, 3_700)).toBe(false);
    await control.release('two');
    expect(await control.lease('three', 2_700, 3_700)).toBe(true);
  });
});

test('a large store is copied in bounded memory', async () => {
  const [commits, perCommit] = isDeep ? [10_000, 10] : [500, 10];
  const tenant = `tenant-${randomUUID()}`;
  await Promise.all(
    Array.from({ length: 10 }, async () => {
      let { head } = await store.load(newStream(tenant));
      for (let commit = 0; commit < commits / 10; commit++) {
        const events = Array.from({ length: perCommit }, () => Counted({ by: 1 }));
        const appended = await store.append(head, events, originOf());
        if (!('head' in appended)) throw new Error('Somebody else was first.');
        head = appended.head;
      }
    }),
  );
  const before = process.memoryUsage().heapUsed;
  let most = 0;
  const job = jobOf(sums, rebuiltTables[2], {
    segments: 4,
    isOver: async () => {
      most = Math.max(most, process.memoryUsage().heapUsed - before);
      return false;
    },
  });
  expect((await copyStore(job)).copied.events).toBeGreaterThanOrEqual(commits * perCommit);
  expect(await createRows(client, tablesOf(rebuiltTables[2])[1], tenant).get(`sum-of-${tenant}`)).toEqual({
    counters: commits * perCommit,
    timers: 0,
  });
  expect(most / 1e6).toBeLessThan(400);
}, 900_000);

/** Waits until the clock says so: caches are believed for their time, and nothing else tells that it is over. */
const passed = (milliseconds: number) =>
  new Promise((resolve) => setTimeout(resolve, Math.max(milliseconds, 0)));
