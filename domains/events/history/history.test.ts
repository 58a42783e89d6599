import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fold } from '#shared/definition/aggregate.ts';
import { readModel, remove } from '#shared/definition/read-model.ts';
import { Closed, Counted, type CounterEvent, counter } from '#shared/testing/counter.ts';
import { createMemoryEventStore } from '#shared/testing/memory-event-store.ts';
import { effectOn } from './effect-on.ts';
import { stateAt } from './state-at.ts';
import { eventsUpTo, mostEvents, pageOfEvents } from './stream-pages.ts';

const stream = { tenant: 'skafu', type: 'counter', id: 'c1' };

/** A stream whose commits hold these events. */
async function recorded(commits: readonly (readonly CounterEvent[])[]) {
  const store = createMemoryEventStore();
  let { head } = await store.load(stream);
  for (const [index, events] of commits.entries()) {
    const appended = await store.append(head, events, {
      domain: 'testing',
      commandId: `${index}`,
      actor: { type: 'user', id: 'u' },
      correlationId: '',
      causationId: '',
      time: index,
    });
    if ('head' in appended) head = appended.head;
  }
  return store;
}

const event = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 1, max: 9 }).map((by): CounterEvent => Counted({ by })) },
  { weight: 1, arbitrary: fc.constant<CounterEvent>(Closed({})) },
);
const commits = fc.array(fc.array(event, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 12 });

describe('the state at a version', () => {
  test('is the fold of the events up to it, and before it of all but the last', async () => {
    await fc.assert(
      fc.asyncProperty(commits, fc.nat(), async (recording, pick) => {
        const all = recording.flat();
        const version = (pick % all.length) + 1;
        const { events, event: last } = await eventsUpTo(await recorded(recording), stream, version);
        expect(last.version).toBe(version);
        expect(stateAt(counter, events)).toEqual({
          before: fold(counter, all.slice(0, version - 1)),
          state: fold(counter, all.slice(0, version)),
        });
      }),
    );
  });

  test('is that of the newest where none is named', async () => {
    const store = await recorded([[Counted({ by: 1 })], [Counted({ by: 2 }), Counted({ by: 3 })]]);
    expect((await eventsUpTo(store, stream, undefined)).event.version).toBe(3);
  });

  test('is refused where it would be folded from more events than are read', async () => {
    const store = await recorded([Array.from({ length: mostEvents + 1 }, () => Counted({ by: 1 }))]);
    await expect(eventsUpTo(store, stream, mostEvents + 1)).rejects.toMatchObject({
      status: 409,
      slug: 'stream-too-long',
    });
    expect((await eventsUpTo(store, stream, mostEvents)).events).toHaveLength(mostEvents);
  });

  test('is unknown of a version that is not there yet, and of a stream that is none', async () => {
    const store = await recorded([[Counted({ by: 1 })]]);
    await expect(eventsUpTo(store, stream, 2)).rejects.toMatchObject({ status: 404 });
    await expect(eventsUpTo(store, { ...stream, id: 'none' }, undefined)).rejects.toMatchObject({
      status: 404,
    });
  });

  test('is not told of a stream that ends before the event it should', async () => {
    const store = await recorded([[Counted({ by: 1 })], [Counted({ by: 2 })]]);
    const lacking: typeof store = {
      ...store,
      loadPage: async (name, page) =>
        (await store.loadPage(name, page)).filter(({ head }) => page.backward || head.commit < 2),
    };
    await expect(eventsUpTo(lacking, stream, undefined)).rejects.toThrow(
      'counter/c1 does not have the event 2 that it should.',
    );
  });
});

describe('pages of events', () => {
  test('are empty where there is no such stream, wherever they begin', async () => {
    const none = { ...stream, id: 'none' };
    for (const ascending of [true, false])
      for (const from of [undefined, 5])
        expect(await pageOfEvents(await recorded([]), none, { from, limit: 10, ascending })).toEqual({
          items: [],
        });
  });

  test('hold every event once, from any version on, in both directions', async () => {
    await fc.assert(
      fc.asyncProperty(
        commits,
        fc.nat(),
        fc.integer({ min: 1, max: 7 }),
        fc.boolean(),
        async (recording, pick, limit, ascending) => {
          const store = await recorded(recording);
          const versions = recording.flat().map((_, index) => index + 1);
          const from = (pick % versions.length) + 1;
          const seen: number[] = [];
          let cursor: string | undefined;
          do {
            const page = await pageOfEvents(store, stream, { from, cursor, limit, ascending });
            expect(page.items.length).toBeLessThanOrEqual(limit);
            seen.push(...page.items.map(({ version }) => version));
            cursor = page.nextCursor;
          } while (cursor);
          expect(seen).toEqual(ascending ? versions.slice(from - 1) : versions.slice(0, from).reverse());
        },
      ),
    );
  });

  test('that begin beyond the newest event begin with it, and lead on to none', async () => {
    const store = await recorded([[Counted({ by: 1 })], [Counted({ by: 2 }), Counted({ by: 3 })]]);
    const page = await pageOfEvents(store, stream, { from: 9, limit: 10, ascending: false });
    expect(page.items.map(({ version }) => version)).toEqual([3, 2, 1]);
    expect(await pageOfEvents(store, stream, { from: 9, limit: 10, ascending: true })).toEqual({ items: [] });
  });

  test('end early where the events are large, and go on from there', async () => {
    const large = { type: 'Counted', data: { by: 1, note: 'x'.repeat(1_500_000) } } as CounterEvent;
    const store = await recorded([[large, large, large, large]]);
    const page = await pageOfEvents(store, stream, { limit: 10, ascending: true });
    expect([page.items.length, page.nextCursor]).toEqual([2, '3-1']);
  });
});

describe('the effect of an event on a row', () => {
  const totals = readModel({
    follows: counter,
    key: ({ version }) => (version > 2 ? 'late' : 'early'),
    listed: () => ({ list: 'all', order: '' }),
    project: {
      Counted: (row: { total: number } | undefined, { data }) => {
        if (data.by === 9) throw new Error('Nine is too much.');
        if (data.by === 8) throw 'Eight is no error.';
        return { total: (row?.total ?? 0) + data.by };
      },
      Closed: () => remove,
    },
  });
  const effectOf = async (...all: CounterEvent[]) => {
    const { events, event: last } = await eventsUpTo(await recorded([all]), stream, undefined);
    return effectOn(totals, events, last);
  };

  test('is folded from the events of that row alone', async () => {
    const [one, two, four] = [Counted({ by: 1 }), Counted({ by: 2 }), Counted({ by: 4 })];
    expect(await effectOf(one, two)).toEqual({ key: 'early', before: { total: 1 }, after: { total: 3 } });
    expect(await effectOf(one, two, four)).toEqual({ key: 'late', after: { total: 4 } });
    expect(await effectOf(one, Closed({}))).toEqual({ key: 'early', before: { total: 1 } });
  });

  test('is told as the reason where the projection refuses the event', async () => {
    expect(await effectOf(Counted({ by: 9 }))).toEqual({ key: 'early', error: 'Nine is too much.' });
    expect(await effectOf(Counted({ by: 8 }))).toEqual({ key: 'early', error: 'Eight is no error.' });
  });
});
