import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Envelope } from '../messages/envelope.ts';
import { Counted } from '../testing/counter.ts';
import { createMemoryEventStore } from '../testing/memory-event-store.ts';
import { projectEvent } from './projector.ts';
import { type Position, PositionMoved, type RowStore, start } from './row-store.ts';

/** Rows that only note which versions were applied, in order. */
function notingRows(): Pick<RowStore, 'position' | 'apply'> & {
  applied: number[];
  beforeApply: (() => Promise<unknown>)[];
} {
  let position: Position = start;
  const applied: number[] = [];
  const beforeApply: (() => Promise<unknown>)[] = [];
  return {
    applied,
    beforeApply,
    position: async () => position,
    apply: async (event, from) => {
      await beforeApply.shift()?.();
      if (from.version !== position.version) throw new PositionMoved();
      expect(event.version).toBe(position.version + 1);
      applied.push(event.version);
      position = { version: event.version, commit: event.commit };
      return position;
    },
  };
}

/** A stream whose commits hold the given numbers of events. */
async function recorded(...sizes: number[]) {
  const store = createMemoryEventStore();
  const stream = { tenant: 'skafu', type: 'counter', id: 'c1' };
  let { head } = await store.load(stream);
  for (const [index, size] of sizes.entries()) {
    const origin = {
      domain: 'testing',
      commandId: `${index}`,
      actor: { type: 'user' as const, id: 'u' },
      correlationId: '',
      causationId: '',
      time: 0,
    };
    const result = await store.append(
      head,
      Array.from({ length: size }, () => Counted({ by: 1 })),
      origin,
    );
    if ('head' in result) head = result.head;
  }
  return { store, events: (await store.load(stream)).events };
}

const at = (events: readonly Envelope[], index: number): Envelope => {
  const event = events[index];
  if (!event) throw new Error(`There is no event ${index}.`);
  return event;
};

describe('a projection', () => {
  test('applies each event once, however the bus repeats, reorders and loses, if only the last arrives', async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(
        sizes,
        fc.infiniteStream(fc.nat()),
        fc.integer({ min: 0, max: 40 }),
        async (commits, picks, deliveries) => {
          const { store, events } = await recorded(...commits);
          const rows = notingRows();
          for (let delivery = 0; delivery < deliveries; delivery++) {
            await projectEvent(at(events, picks.next().value % events.length), rows, store);
          }
          await projectEvent(at(events, events.length - 1), rows, store);
          expect(rows.applied).toEqual(events.map((event) => event.version));
        },
      ),
    );
  });

  test('drops an event that it knows', async () => {
    const { store, events } = await recorded(1);
    const rows = notingRows();
    expect(await projectEvent(at(events, 0), rows, store)).toBe(1);
    expect(await projectEvent(at(events, 0), rows, store)).toBe(0);
  });

  test('reads an event that was too large for the bus from the store', async () => {
    const { store, events } = await recorded(1);
    const { data: _, ...withoutData } = at(events, 0);
    let read = 0;
    const counting = {
      loadFrom: (...parts: Parameters<typeof store.loadFrom>) => {
        read++;
        return store.loadFrom(...parts);
      },
    };
    await projectEvent(
      { ...withoutData, data: undefined, dataref: 'event-store:counter/c1@1' },
      notingRows(),
      counting,
    );
    expect(read).toBe(1);
  });

  test('looks again when another delivery was first', async () => {
    const { store, events } = await recorded(1, 1);
    const rows = notingRows();
    rows.beforeApply.push(() => projectEvent(at(events, 0), rows, store));
    expect(await projectEvent(at(events, 0), rows, store)).toBe(0);
    expect(rows.applied).toEqual([1]);
  });

  test('gives up when it is overtaken without end, and passes on what is not its own', async () => {
    const { store, events } = await recorded(1);
    const busy: Pick<RowStore, 'position' | 'apply'> = {
      position: async () => start,
      apply: () => Promise.reject(new PositionMoved()),
    };
    await expect(projectEvent(at(events, 0), busy, store)).rejects.toThrow(/overtaken/);
    const broken: Pick<RowStore, 'position' | 'apply'> = {
      position: async () => start,
      apply: () => Promise.reject(new Error('broken')),
    };
    await expect(projectEvent(at(events, 0), broken, store)).rejects.toThrow('broken');
  });
});
