import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { platformReactor, type ReactionContext, reactor, scheduledReactor } from '../definition/reactor.ts';
import { readModel } from '../definition/read-model.ts';
import type { EventStore } from '../event-store/event-store.ts';
import { close, count, counter } from '../testing/counter.ts';
import { createMemoryEventStore } from '../testing/memory-event-store.ts';
import { servePlatformReactor, serveReactor } from './serve-reactor.ts';

const stream = { tenant: 'skafu', type: 'counter', id: 'c1' };
let store: EventStore;

beforeEach(() => {
  // Metrics are lines on the standard output.
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  store = createMemoryEventStore();
  const settings = {
    SERVICE: 'testing',
    FUNCTION: 'reactor',
    ENVIRONMENT: 'local',
    INSTALLATION_TENANT: 'skafu',
  };
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const platformEvent = {
  id: 'e1',
  source: 'aws.test',
  'detail-type': 'Test',
  time: '',
  resources: [],
  detail: {},
};

/** Runs work with the context a reactor gets. */
async function withContext(work: (context: ReactionContext) => Promise<unknown>, id = 'e1') {
  const once = platformReactor({
    pattern: () => ({}),
    react: async (_, context) => void (await work(context)),
  });
  await servePlatformReactor(once, async () => store)({ ...platformEvent, id });
}
const counting = (id: string) =>
  withContext(({ execute }) => execute(counter, 'skafu', 'c1', count, { by: 1 }), id);

async function delivery() {
  await counting(crypto.randomUUID());
  const event = (await store.load(stream)).events.at(-1);
  if (!event) throw new Error('Nothing was recorded.');
  return { id: 'bus-1', detail: event };
}

describe('a reactor', () => {
  test('is given the current state, whatever event woke it', async () => {
    const first = await delivery();
    await delivery();
    const seen: number[] = [];
    const watch = reactor({
      follows: counter,
      react: async ({ state, version }) => void seen.push(state.total, version),
    });
    await serveReactor(watch, async () => store)(first);
    expect(seen).toEqual([2, 2]);
  });

  test('acts again when the state changed while it acted', async () => {
    const event = await delivery();
    const seen: number[] = [];
    const watch = reactor({
      follows: counter,
      react: async ({ version }) => {
        seen.push(version);
        if (version < 3) await counting(crypto.randomUUID());
      },
    });
    await serveReactor(watch, async () => store)(event);
    expect(seen).toEqual([1, 2, 3]);
  });

  test('leaves a state that never rests to the next event', async () => {
    const event = await delivery();
    let acted = 0;
    const watch = reactor({
      follows: counter,
      react: async () => {
        acted++;
        await counting(crypto.randomUUID());
      },
    });
    await serveReactor(watch, async () => store)(event);
    expect(acted).toBe(10);
  });

  test('records once for one delivery, however often that comes', async () => {
    await counting('same');
    await counting('same');
    await counting('other');
    expect((await store.load(stream)).head.version).toBe(2);
  });

  test('may take two different decisions for one delivery', async () => {
    await withContext(async ({ execute }) => {
      await execute(counter, 'skafu', 'c1', count, { by: 1 });
      await execute(counter, 'skafu', 'c1', close, {});
    });
    expect((await store.load(stream)).events.map((event) => event.type)).toEqual(['Counted', 'Closed']);
  });

  test('acts in its own name, and says what woke it', async () => {
    await counting('e7');
    expect((await store.load(stream)).events[0]).toMatchObject({
      actor: { type: 'service', id: 'testing/reactor' },
      causationId: 'e7',
      correlationId: 'e7',
    });
  });

  test('can tell the whole history of a stream', async () => {
    await counting('e1');
    await counting('e2');
    let told: readonly string[] = [];
    await withContext(async ({ history }) => {
      told = (await history(counter, 'skafu', 'c1')).map((event) => event.id);
    });
    expect(told).toEqual(['counter/c1/1', 'counter/c1/2']);
  });

  test('reads only the read models that it names', async () => {
    const model = readModel({ follows: counter, listed: () => ({ list: 'all', order: '' }), project: {} });
    await expect(withContext(({ rows }) => rows(model, 'skafu'))).rejects.toThrow('that it names');
  });

  test('on the clock acts at each firing', async () => {
    const ticking = scheduledReactor({
      every: '1 minute',
      react: async (_, { execute }) => void (await execute(counter, 'skafu', 'c1', count, { by: 1 })),
    });
    const tick = servePlatformReactor(ticking, async () => store);
    await tick({ ...platformEvent, id: 'tick-1' });
    await tick({ ...platformEvent, id: 'tick-2' });
    expect((await store.load(stream)).head.version).toBe(2);
  });

  test('throws what went wrong, so that the delivery is tried again', async () => {
    await expect(withContext(() => Promise.reject(new Error('the world is down')))).rejects.toThrow(
      'the world is down',
    );
  });
});
