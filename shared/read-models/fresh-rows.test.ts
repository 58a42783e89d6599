import { beforeEach, describe, expect, test } from 'vitest';
import { readModel, remove } from '../definition/read-model.ts';
import type { EventStore } from '../event-store/event-store.ts';
import type { Envelope } from '../messages/envelope.ts';
import { Closed, Counted, type CounterEvent, counter } from '../testing/counter.ts';
import { createMemoryEventStore } from '../testing/memory-event-store.ts';
import { createMemoryRowStore } from '../testing/memory-row-store.ts';
import { freshRowsOf } from './fresh-rows.ts';
import { projectEvent } from './projector.ts';

const stream = { tenant: 'skafu', type: 'counter', id: 'c1' };
const totals = readModel({
  follows: counter,
  listed: () => ({ list: 'all', order: '' }),
  project: {
    Counted: (row: { total: number } | undefined, { data }) => ({ total: (row?.total ?? 0) + data.by }),
    Closed: () => remove,
  },
});

let store: EventStore;
beforeEach(() => {
  store = createMemoryEventStore();
});

async function record(...events: readonly CounterEvent[]): Promise<Envelope> {
  const { head } = await store.load(stream);
  const actor = { type: 'user' as const, id: 'u' };
  const commandId = `${head.version}`;
  await store.append(head, events, {
    domain: 'testing',
    commandId,
    actor,
    correlationId: commandId,
    causationId: commandId,
    time: 0,
  });
  const newest = (await store.load(stream)).events.at(-1);
  if (!newest) throw new Error('Nothing was recorded.');
  return newest;
}

describe('rows as they are now', () => {
  test('are those of the table with what it has not followed yet', async () => {
    const rows = createMemoryRowStore(totals);
    await projectEvent(await record(Counted({ by: 1 })), rows, store);
    await record(Counted({ by: 2 }), Counted({ by: 3 }));
    expect(await freshRowsOf(totals, stream, rows, store)).toEqual({
      rows: new Map([['c1', { total: 6 }]]),
      version: 3,
    });
  });

  test('hold none for a row that was removed since, nor for a stream without events', async () => {
    const rows = createMemoryRowStore(totals);
    expect(await freshRowsOf(totals, stream, rows, store)).toEqual({ rows: new Map(), version: 0 });
    await projectEvent(await record(Counted({ by: 1 })), rows, store);
    await record(Closed({}));
    expect(await freshRowsOf(totals, stream, rows, store)).toEqual({
      rows: new Map([['c1', undefined]]),
      version: 2,
    });
  });

  test('count no event twice when the projection gets to it meanwhile', async () => {
    const event = await record(Counted({ by: 1 }));
    const rows = createMemoryRowStore(totals);
    const meanwhile = {
      ...rows,
      readTogether: async (...wanted: Parameters<typeof rows.readTogether>) => {
        await projectEvent(event, rows, store);
        return rows.readTogether(...wanted);
      },
    };
    expect(await freshRowsOf(totals, stream, meanwhile, store)).toEqual({
      rows: new Map([['c1', { total: 1 }]]),
      version: 1,
    });
  });

  test('are given up where the position moves at every look', async () => {
    const rows = createMemoryRowStore(totals);
    const restless = {
      ...rows,
      readTogether: async (...wanted: Parameters<typeof rows.readTogether>) => {
        await projectEvent(await record(Counted({ by: 1 })), rows, store);
        return rows.readTogether(...wanted);
      },
    };
    await expect(freshRowsOf(totals, stream, restless, store)).rejects.toThrow(
      'The position of counter c1 moved 20 times.',
    );
  });
});
