import { describe, expect, test } from 'vitest';
import type { EventStore } from '../event-store/event-store.ts';
import { Closed, Counted, close, count, counter } from '../testing/counter.ts';
import { createMemoryEventStore } from '../testing/memory-event-store.ts';
import { type Execution, execute } from './execute.ts';

const stream = { tenant: 'skafu', type: 'counter', id: 'c1' };

function counting(
  store: EventStore,
  by: number,
  changes: Partial<Execution<never, never, never>> & { commandId?: string } = {},
) {
  const { commandId = crypto.randomUUID(), ...rest } = changes;
  return execute({ ...executionOn(store, commandId), decide: count, input: { by }, ...(rest as object) });
}

function executionOn(store: EventStore, commandId: string = crypto.randomUUID()) {
  return {
    store,
    aggregate: counter,
    stream,
    input: {},
    context: { actor: { type: 'user' as const, id: 'u' }, now: '2026-01-01T00:00:00.000Z' },
    origin: {
      domain: 'testing',
      commandId,
      actor: { type: 'user' as const, id: 'u' },
      correlationId: 'c',
      causationId: commandId,
      time: 0,
    },
    mustExist: false,
  };
}

/** A store in which somebody else records a commit just before our next append. */
function overtaken(store: EventStore, others: (() => Promise<unknown>)[]): EventStore {
  return {
    ...store,
    append: async (...parts) => {
      await others.shift()?.();
      return store.append(...parts);
    },
  };
}

describe('executing a command', () => {
  test('records what was decided, and answers the version', async () => {
    const store = createMemoryEventStore();
    expect((await counting(store, 1)).version).toBe(1);
    expect((await counting(store, 2)).version).toBe(2);
    expect((await store.load(stream)).events.map((event) => event.data)).toEqual([{ by: 1 }, { by: 2 }]);
  });

  test('that decides nothing records nothing', async () => {
    const store = createMemoryEventStore();
    expect((await counting(store, 0)).version).toBe(0);
  });

  test('answers a repeated command with what the first try recorded', async () => {
    const store = createMemoryEventStore();
    await counting(store, 1, { commandId: 'same' });
    await counting(store, 1);
    expect((await counting(store, 1, { commandId: 'same' })).version).toBe(1);
    expect((await store.load(stream)).head.version).toBe(2);
  });

  test('decides again on the state of whoever was first', async () => {
    const store = createMemoryEventStore();
    const closed = () => counting(store, 0, { decide: close, input: {} } as never);
    await expect(counting(overtaken(store, [closed]), 1)).rejects.toMatchObject({ slug: 'counter-closed' });
  });

  test('loses nothing when several were first', async () => {
    const store = createMemoryEventStore();
    const other = () => counting(store, 10);
    expect((await counting(overtaken(store, [other, other, other]), 1)).version).toBe(4);
    expect((await store.load(stream)).events.map((event) => event.data)).toEqual([
      { by: 10 },
      { by: 10 },
      { by: 10 },
      { by: 1 },
    ]);
  });

  test('records each event at the version of its schema, and at 1 what the aggregate does not list', async () => {
    const store = createMemoryEventStore();
    const same = (data: Readonly<Record<string, unknown>>) => data;
    const later = {
      ...counter,
      events: [{ ...Counted, type: Counted.type, schemaVersion: 3, upcasts: [same, same] }],
    };
    await execute({
      ...executionOn(store),
      aggregate: later,
      decide: () => [Counted({ by: 1 }), Closed({})],
    });
    expect((await store.load(stream)).events.map(({ type, schemaVersion }) => [type, schemaVersion])).toEqual(
      [
        ['Counted', 3],
        ['Closed', 1],
      ],
    );
  });

  test('recognises its own earlier try in the commit that was first', async () => {
    const store = createMemoryEventStore();
    const earlier = () => counting(store, 1, { commandId: 'same' });
    expect((await counting(overtaken(store, [earlier]), 1, { commandId: 'same' })).version).toBe(1);
    expect((await store.load(stream)).head.version).toBe(1);
  });

  test('gives up politely where writers never end', async () => {
    const store = createMemoryEventStore();
    const other = () => counting(store, 1);
    const crowd = Array.from({ length: 50 }, () => other);
    await expect(counting(overtaken(store, crowd), 1)).rejects.toMatchObject({
      status: 503,
      headers: { 'retry-after': '1' },
    });
  });

  test('refuses an unknown stream where one must exist', async () => {
    await expect(counting(createMemoryEventStore(), 1, { mustExist: true })).rejects.toMatchObject({
      status: 404,
    });
  });

  test('refuses when the stream is not at the version the caller saw', async () => {
    const store = createMemoryEventStore();
    await counting(store, 1);
    await expect(counting(store, 1, { expectedVersion: 3 })).rejects.toMatchObject({ status: 412 });
    expect((await counting(store, 1, { expectedVersion: 1 })).version).toBe(2);
    const other = () => counting(store, 1);
    await expect(counting(overtaken(store, [other]), 1, { expectedVersion: 2 })).rejects.toMatchObject({
      status: 412,
    });
  });
});

describe('a value that must be unique', () => {
  const named = {
    ...counter,
    unique: { total: ({ total }: { total: number }) => (total ? `${total}` : undefined) },
  };
  const other = { ...stream, id: 'c2' };
  const on = (store: EventStore, by: number, more: object = {}) =>
    execute({ ...executionOn(store), aggregate: named, decide: count, input: { by }, ...more });

  test('is refused to a second stream, by its name', async () => {
    const store = createMemoryEventStore();
    await on(store, 5);
    await expect(on(store, 5, { stream: other })).rejects.toMatchObject({
      status: 409,
      slug: 'total-taken',
      message: 'Another counter already has the total "5".',
    });
    expect((await store.load(other)).events).toEqual([]);
  });

  test('is free as soon as its stream has another', async () => {
    const store = createMemoryEventStore();
    await on(store, 5);
    await on(store, 1);
    expect((await on(store, 5, { stream: other })).version).toBe(1);
    await expect(on(store, 1, { stream: other })).rejects.toMatchObject({ slug: 'total-taken' });
  });
});
