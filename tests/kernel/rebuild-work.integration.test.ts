import { randomUUID } from 'node:crypto';
import { PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { runRebuild } from '#domains/events/reactors/run-rebuild.ts';
import {
  isRunning,
  RebuildCancelled,
  RebuildPlanned,
  RebuildStarted,
  type RebuildStatus,
  RebuildTableEmptied,
  rebuild,
} from '#domains/events/rebuild/rebuild.ts';
import { workAtRebuild } from '#domains/events/rebuild/work.ts';
import { fold } from '#shared/definition/aggregate.ts';
import type { Definitions } from '#shared/definition/definitions.ts';
import { reactor } from '#shared/definition/reactor.ts';
import { readModel } from '#shared/definition/read-model.ts';
import type { EventStore } from '#shared/event-store/event-store.ts';
import type { Envelope, StreamName } from '#shared/messages/envelope.ts';
import type { DomainEvent } from '#shared/messages/event.ts';
import { projectEvent } from '#shared/read-models/projector.ts';
import { emptyTable } from '#shared/read-models/rebuild/empty-table.ts';
import {
  appointmentMilliseconds,
  type Control,
  cacheMilliseconds,
  createControl,
  holdMilliseconds,
  isControl,
  tablesOf,
} from '#shared/read-models/rebuild/generations.ts';
import { createRowStore } from '#shared/read-models/row-store.ts';
import { documents, dynamodb, eventStore } from '#shared/runtime/clients.ts';
import { log } from '#shared/runtime/log.ts';
import { serveReactor } from '#shared/runtime/serve-reactor.ts';
import { counter } from '#shared/testing/counter.ts';
import { sums } from './models.ts';
import { type KernelPlatform, readModelTables, rebuiltTables, startKernelPlatform } from './platform.ts';
import { at, newStream, record, recordCommits } from './recording.ts';

const [, , first] = rebuiltTables;
const [, second] = tablesOf(first);
/** Fails at whatever it is told. */
const broken = readModel({
  follows: counter,
  listed: () => ({ list: 'all', order: '' }),
  project: {
    Counted: () => {
      throw new TypeError(`It cannot count. ${'x'.repeat(3_000)}`);
    },
  },
});
const definitions: Definitions = {
  aggregates: [],
  projections: { 'testing/sums': sums, 'testing/broken': broken, 'testing/alone': sums },
};
const models = [
  { name: 'testing/sums', follows: ['counter', 'timer'], table: first },
  { name: 'testing/broken', follows: ['counter'], table: first },
  // It has no second table, which DynamoDB refuses to tell of.
  { name: 'testing/alone', follows: ['counter'], table: readModelTables[0] },
  { name: 'testing/without-code', follows: ['counter'], table: first },
];

let platform: KernelPlatform;
let store: EventStore;
let control: Control;
let counters: readonly StreamName[];

beforeAll(async () => {
  platform = await startKernelPlatform();
  store = await eventStore();
  control = createControl(await documents(), first);
  counters = [newStream(), newStream(), newStream()];
  for (const [index, name] of counters.entries()) await recordCommits(store, name, [index + 1, 1]);
});
afterAll(() => platform.stop());
beforeEach(async () => {
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  vi.stubEnv('READ_MODELS', JSON.stringify(models));
  for (const table of tablesOf(first)) await emptyTable(await documents(), table, async () => false);
  const { serving } = await control.read();
  await project(tablesOf(first)[serving - 1] ?? first);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** Brings every counter's events into a table. */
async function project(table: string): Promise<void> {
  const rows = createRowStore(await documents(), table, sums);
  for (const name of counters)
    for (const event of (await store.load(name)).events) await projectEvent(event, rows, store);
}

/** Every row and position of a table, whatever the bookkeeping beside it, and however often a row was written. */
async function contentOf(table: string): Promise<Record<string, unknown>> {
  const { Items: items = [] } = await (await documents()).send(
    new ScanCommand({ TableName: table, ConsistentRead: true }),
  );
  return Object.fromEntries(
    items.filter(({ k }) => !isControl(String(k))).map(({ k, w: _, ...content }) => [String(k), content]),
  );
}

const streamOf = (id: string): StreamName => ({ tenant: 'skafu', type: rebuild.type, id });
const historyOf = async (id: string) => (await store.load(streamOf(id))).events;
const typesOf = async (id: string) => (await historyOf(id)).map(({ type }) => type);
const stateOf = async (id: string) => fold(rebuild, (await historyOf(id)) as never);

const estimate = {
  items: 1,
  bytes: 1,
  rows: 1,
  readUnits: 1,
  writeUnits: 1,
  dollars: 0,
  seconds: 1,
  segments: 2,
};

/** A rebuild at one of its steps. */
async function rebuildAt(step: 'planning' | 'emptying' | 'copying', model = 'testing/sums'): Promise<string> {
  const id = randomUUID();
  const steps: DomainEvent[] = [RebuildStarted({ model }), RebuildPlanned(estimate), RebuildTableEmptied({})];
  const count = ['planning', 'emptying', 'copying'].indexOf(step) + 1;
  for (const event of steps.slice(0, count)) await record(store, streamOf(id), [event]);
  return id;
}

type Pause = (milliseconds: number) => Promise<void>;
const atOnce: Pause = async () => undefined;

/** Hands the newest notification to the function, or one that comes so late that others have gone on meanwhile. */
async function notify(id: string, { pause = atOnce, late }: { pause?: Pause; late?: Envelope } = {}) {
  const detail = late ?? at(await historyOf(id), -1);
  const worker = reactor({
    follows: rebuild,
    react: async ({ version, event }, context) => {
      if (event.version === version || late) await workAtRebuild(id, event.version, event.id, context, pause);
    },
  });
  await serveReactor(worker, eventStore, undefined, definitions)({ id: detail.id, detail });
}

/** Notifies of each event as it is recorded, until the rebuild is over. */
async function run(id: string, pause?: Pause): Promise<RebuildStatus> {
  for (let steps = 0; steps < 20 && isRunning(await stateOf(id)); steps++)
    await notify(id, pause ? { pause } : {});
  return (await stateOf(id)).status;
}

/** The table that serves now; throws where a rebuild has not let go of the tables. */
async function servingTable(): Promise<string> {
  const { serving, ...standing } = await control.read();
  expect(standing).toEqual({});
  return serving === 1 ? first : second;
}

/** Nobody holds the right to work at the tables. */
async function expectFree(): Promise<void> {
  expect(await control.lease('somebody', Date.now(), Date.now() + 60_000)).toBe(true);
  await control.release('somebody');
}

/** Writes a row into the table that does not serve. */
async function leaveBehind(): Promise<void> {
  const { serving } = await control.read();
  const row = { k: 'skafu#left-behind', r: {} };
  await (await documents()).send(new PutCommand({ TableName: serving === 1 ? second : first, Item: row }));
}

describe('a rebuild', () => {
  test('goes from its estimate to the switch, each step woken by the one before', async () => {
    const before = await contentOf(first);
    expect(Object.keys(before)).toHaveLength(counters.length + 1);
    const id = await rebuildAt('planning');
    const handler = serveReactor(runRebuild, eventStore, undefined, definitions);
    for (let step = 1; step <= 4; step++) {
      const [newest, earlier] = (await historyOf(id)).toReversed();
      if (!newest) throw new Error('It was started.');
      // One that comes again finds that others have gone on.
      if (earlier) await handler({ id: earlier.id, detail: earlier });
      await handler({ id: newest.id, detail: newest });
      expect(await historyOf(id)).toHaveLength(step + 1);
    }
    const history = await historyOf(id);
    expect(history.map(({ type }) => type)).toEqual([
      'RebuildStarted',
      'RebuildPlanned',
      'RebuildTableEmptied',
      'RebuildCopied',
      'RebuildSwitched',
    ]);
    expect(history[1]?.data).toMatchObject({ rows: counters.length + 2, segments: 1 });
    expect(history[3]?.data).toMatchObject({ events: 9, rows: counters.length + 1 });
    expect(await servingTable()).toBe(second);
    expect(await contentOf(second)).toEqual(before);
    await expectFree();
  });

  test('waits where others may go by what they have read of the tables', async () => {
    const waited: number[] = [];
    const start = Date.now();
    const note: Pause = async (milliseconds) => void waited.push(milliseconds);
    expect(await run(await rebuildAt('planning'), note)).toBe('switched');
    const spent = Date.now() - start;
    expect(waited).toHaveLength(3);
    expect(waited.slice(0, 2)).toEqual([cacheMilliseconds * 2, cacheMilliseconds * 2]);
    const untilOver = appointmentMilliseconds + holdMilliseconds;
    expect(waited[2]).toBeLessThanOrEqual(untilOver);
    expect(waited[2]).toBeGreaterThan(untilOver - spent);
  });

  test('fills whichever table does not serve', async () => {
    const before = await servingTable();
    expect(await run(await rebuildAt('planning'))).toBe('switched');
    const between = await servingTable();
    expect(await run(await rebuildAt('planning'))).toBe('switched');
    expect(await servingTable()).toBe(before);
    expect(await contentOf(before)).toEqual(await contentOf(between));
  });

  test.each([
    ['filled the table', async (dead: string) => void (await control.begin(dead))],
    [
      'turned the readers',
      async (dead: string) => {
        await control.begin(dead);
        await control.appoint(dead, Date.now() - 1_000);
        const { serving } = await control.read();
        await project(serving === 1 ? second : first);
      },
    ],
  ])('clears away one that died while it %s', async (_, die) => {
    const expected = await contentOf(await servingTable());
    await die(randomUUID());
    await leaveBehind();
    expect(await run(await rebuildAt('planning'))).toBe('switched');
    expect(await contentOf(await servingTable())).toEqual(expected);
  });

  test('deletes also what projections write that still know of one given up a moment ago', async () => {
    const expected = await contentOf(await servingTable());
    const givenUp = randomUUID();
    await control.begin(givenUp);
    await control.abandon(givenUp);
    const pauses = [leaveBehind];
    expect(await run(await rebuildAt('planning'), async () => pauses.shift()?.())).toBe('switched');
    expect(await contentOf(await servingTable())).toEqual(expected);
  });

  test('tells how far it is when its time is over, and goes on from there', async () => {
    let jumps = 0;
    const clock = Date.now.bind(Date);
    // Each look at the clock is a minute later, so that there is time for nothing.
    const hurry = () => vi.spyOn(Date, 'now').mockImplementation(() => clock() + 60_000 * jumps++);
    let look = hurry();
    const id = await rebuildAt('emptying');
    await notify(id);
    expect(await typesOf(id)).toEqual(['RebuildStarted', 'RebuildPlanned', 'RebuildResumed']);
    look.mockRestore();
    await notify(id);
    look = hurry();
    await notify(id);
    look.mockRestore();
    const last = at(await historyOf(id), -1);
    expect(last).toMatchObject({ type: 'RebuildProgressed', data: { events: 0, rowsPerSecond: 0 } });
    expect(await run(id)).toBe('switched');
  });

  test('is worked at by one at a time, and by another once that one must be dead', async () => {
    const id = await rebuildAt('planning');
    await control.lease('another', Date.now(), Date.now() + 60_000);
    await notify(id);
    expect(await typesOf(id)).toEqual(['RebuildStarted']);
    await control.lease('another', Date.now(), Date.now() - 1);
    await notify(id);
    expect(await typesOf(id)).toEqual(['RebuildStarted', 'RebuildPlanned']);
    await expectFree();
  });

  test('does nothing for a notification that comes late', async () => {
    const id = await rebuildAt('copying');
    for (const late of (await historyOf(id)).slice(0, -1)) await notify(id, { late });
    expect(await typesOf(id)).toHaveLength(3);
    expect(await control.read()).not.toHaveProperty('rebuild');
    await expectFree();
  });

  test('that has nothing left to do changes nothing', async () => {
    const id = await rebuildAt('planning');
    await run(id);
    const before = [await historyOf(id), await control.read()];
    await notify(id);
    expect([await historyOf(id), await control.read()]).toEqual(before);
  });
});

describe('a rebuild that is cancelled', () => {
  const cancelling = (id: string) => record(store, streamOf(id), [RebuildCancelled({ reason: 'wrong one' })]);

  test('leaves off before the next page, told by whoever hears of it while another copies', async () => {
    const serving = await servingTable();
    const id = await rebuildAt('copying');
    await notify(id, {
      pause: async () => {
        expect(await control.read()).toMatchObject({ rebuild: id });
        await cancelling(id);
        await notify(id);
        expect(await control.read()).not.toHaveProperty('rebuild');
      },
    });
    expect(await typesOf(id)).toEqual([
      'RebuildStarted',
      'RebuildPlanned',
      'RebuildTableEmptied',
      'RebuildCancelled',
    ]);
    expect(await contentOf(serving === first ? second : first)).toEqual({});
    expect(await servingTable()).toBe(serving);
    await expectFree();
  });

  test('lets go of the table even where whoever was told of it came before it was begun', async () => {
    const serving = await servingTable();
    const id = await rebuildAt('copying');
    await notify(id, { pause: async () => void (await cancelling(id)) });
    expect(at(await typesOf(id), -1)).toBe('RebuildCancelled');
    expect(await servingTable()).toBe(serving);
  });
});

describe('a rebuild that cannot go on', () => {
  beforeEach(() => {
    vi.spyOn(log, 'error').mockReturnValue();
  });

  test('fails with what our own code says, and leaves the table that serves as it is', async () => {
    const serving = await servingTable();
    const before = await contentOf(serving);
    const id = await rebuildAt('planning', 'testing/broken');
    expect(await run(id)).toBe('failed');
    const { reason } = at(await historyOf(id), -1).data as { reason: string };
    expect(reason).toMatch(/^TypeError: It cannot count\. x+$/);
    expect(reason).toHaveLength(2_000);
    expect(await servingTable()).toBe(serving);
    expect(await contentOf(serving)).toEqual(before);
    await expectFree();
  });

  test('is tried again where AWS refuses something, and nothing is recorded', async () => {
    const id = await rebuildAt('planning', 'testing/alone');
    await expect(notify(id)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    expect(await typesOf(id)).toEqual(['RebuildStarted']);
    const alone = createControl(await documents(), readModelTables[0]);
    expect(await alone.lease('somebody', Date.now(), Date.now())).toBe(true);
  });

  test.each(['testing/no-such-model', 'testing/without-code'])(
    'fails where there is no %s',
    async (model) => {
      const id = await rebuildAt('planning', model);
      expect(await run(id)).toBe('failed');
      expect(at(await historyOf(id), -1).data).toEqual({ reason: `There is no read model ${model}.` });
    },
  );

  test('fails where another fills the table, and does that one no harm', async () => {
    const id = await rebuildAt('copying');
    const other = randomUUID();
    await control.begin(other);
    await notify(id);
    expect(at(await historyOf(id), -1)).toMatchObject({
      type: 'RebuildFailed',
      data: { reason: 'Error: Another rebuild fills the table.' },
    });
    expect(await control.read()).toMatchObject({ rebuild: other });
    await control.abandon(other);
  });
});

describe('a rebuild whose function dies', () => {
  test('after the readers turned only tells of it when it is woken again', async () => {
    const before = await servingTable();
    const id = await rebuildAt('copying');
    await notify(id);
    expect((await stateOf(id)).status).toBe('switching');
    await control.appoint(id, Date.now());
    await control.finish(id);
    await notify(id, { pause: () => Promise.reject(new Error('There is nothing to wait for.')) });
    expect((await stateOf(id)).status).toBe('switched');
    expect(await servingTable()).not.toBe(before);
  });

  test('at any request comes to the same end when its notification is delivered again', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 6 }), async (deaths) => {
        const before = await servingTable();
        const expected = await contentOf(before);
        const id = await rebuildAt('planning');
        for (const death of deaths) await untilDead(death, () => run(id));
        expect(await run(id)).toBe('switched');
        const after = await servingTable();
        expect(after).not.toBe(before);
        expect(await contentOf(after)).toEqual(expected);
        const types = await typesOf(id);
        expect(new Set(types).size).toBe(types.length);
        await expectFree();
      }),
      { numRuns: process.env['SKAFU_DEEP'] === '1' ? 100 : 8 },
    );
  }, 600_000);
});

/** Does the work until so many requests were sent; from then on none is answered, as in a process that is gone. */
async function untilDead(requests: number, work: () => Promise<unknown>): Promise<void> {
  const client = await dynamodb();
  let sent = 0;
  let die = () => {};
  const dead = new Promise<void>((resolve) => {
    die = resolve;
  });
  client.middlewareStack.add(
    (next) => (args) => {
      if (++sent <= requests) return next(args);
      die();
      return new Promise<never>(() => {});
    },
    { step: 'initialize', name: 'death' },
  );
  await Promise.race([work(), dead]);
  client.middlewareStack.remove('death');
}
