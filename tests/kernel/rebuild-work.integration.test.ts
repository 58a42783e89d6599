import { randomUUID } from 'node:crypto';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { runRebuild } from '#domains/events/reactors/run-rebuild.ts';
import { RebuildCancelled } from '#domains/events/rebuild/rebuild.ts';
import type { EventStore } from '#shared/event-store/event-store.ts';
import type { StreamName } from '#shared/messages/envelope.ts';
import { projectEvent } from '#shared/read-models/projector.ts';
import { emptyTable } from '#shared/read-models/rebuild/empty-table.ts';
import {
  appointmentMilliseconds,
  type Control,
  cacheMilliseconds,
  createControl,
  holdMilliseconds,
} from '#shared/read-models/rebuild/generations.ts';
import { createRowStore } from '#shared/read-models/row-store.ts';
import { documents, eventStore } from '#shared/runtime/clients.ts';
import { log } from '#shared/runtime/log.ts';
import { serveReactor } from '#shared/runtime/serve-reactor.ts';
import { sums } from './models.ts';
import { type KernelPlatform, readModelTables, startKernelPlatform } from './platform.ts';
import {
  contentOf,
  definitions,
  first,
  historyOf,
  models,
  notify,
  type Pause,
  rebuildAt,
  run,
  second,
  stateOf,
  streamOf,
  typesOf,
  untilDead,
} from './rebuilding.ts';
import { at, newStream, record, recordCommits } from './recording.ts';

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
  for (const table of [first, second]) await emptyTable(await documents(), table, async () => false);
  await project(await servingTable());
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
    // Who signs a request, or checks that, looks at the true clock.
    const signs = () => /@smithy|@aws-sdk|local-cloud/u.test(new Error().stack ?? '');
    // Each other look at the clock is a minute later, so that there is time for nothing.
    const later = () => clock() + (signs() ? 0 : 60_000 * jumps++);
    const hurry = () => vi.spyOn(Date, 'now').mockImplementation(later);
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
