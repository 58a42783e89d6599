import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aggregate } from '../definition/aggregate.ts';
import type { StreamName } from '../messages/envelope.ts';
import type { DomainEvent } from '../messages/event.ts';
import { Counted, counter } from '../testing/counter.ts';
import { createMemoryEventStore } from '../testing/memory-event-store.ts';
import type { EventStore } from './event-store.ts';
import { rememberFingerprints } from './fingerprints.ts';
import { loadState, snapshotState } from './load-state.ts';

const { events, initial, evolve } = counter;
const built = aggregate('testing/built-counter', { events, initial, evolve });
rememberFingerprints({ 'testing/built-counter': 'of-this-code' });

const stream: StreamName = { tenant: 'skafu', type: 'built-counter', id: 'one' };

async function append(
  store: EventStore,
  events: readonly DomainEvent[],
  commandId = 'command',
): Promise<void> {
  const { head } = await store.load(stream);
  await store.append(head, events, {
    domain: 'testing',
    commandId,
    actor: { type: 'user', id: 'somebody' },
    correlationId: 'correlation',
    causationId: 'command',
    time: 0,
  });
}

describe('the state of a stream', () => {
  test('is the same with snapshots, taken whenever, as without any', async () => {
    const step = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constant('snapshot' as const));
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const store = createMemoryEventStore();
        let total = 0;
        for (const each of steps) {
          if (each === 'snapshot') await snapshotState(store, built, stream);
          else {
            total += each;
            await append(store, [Counted({ by: each })]);
          }
          const { state, head } = await loadState(store, built, stream);
          expect(state.total).toBe(total);
          expect(head).toEqual((await store.load(stream)).head);
        }
      }),
    );
  });

  test('comes from the snapshot and the events since', async () => {
    const store = createMemoryEventStore();
    await append(store, [Counted({ by: 5 })], 'first');
    await snapshotState(store, built, stream);
    await append(store, [Counted({ by: 2 })], 'second');
    const tail = await store.loadTail(stream, 'of-this-code');
    expect([tail.snapshot?.state, tail.events.length]).toEqual([{ total: 5, closed: false }, 1]);
    const { state, commands } = await loadState(store, built, stream);
    expect(state.total).toBe(7);
    expect([...commands.keys()]).toEqual(['first', 'second']);
  });

  test('is folded from all events by code whose fingerprint nobody told', async () => {
    const store = createMemoryEventStore();
    await append(store, [Counted({ by: 5 })]);
    const untold = aggregate('testing/untold-counter', { events, initial, evolve });
    expect((await loadState(store, untold, stream)).state.total).toBe(5);
    await expect(snapshotState(store, untold, stream)).rejects.toThrow('no fingerprint of untold-counter');
  });
});

describe('a snapshot', () => {
  test('is the one that was taken, and none where none was', async () => {
    const store = createMemoryEventStore();
    await append(store, [Counted({ by: 5 })]);
    expect(await store.loadSnapshot(stream)).toBeUndefined();
    await snapshotState(store, built, stream);
    expect(await store.loadSnapshot(stream)).toMatchObject({
      head: { commit: 1, version: 1 },
      fingerprint: 'of-this-code',
      state: { total: 5 },
    });
  });

  test('of an empty stream is not made', async () => {
    const store = createMemoryEventStore();
    await snapshotState(store, built, stream);
    expect((await store.loadTail(stream, 'of-this-code')).snapshot).toBeUndefined();
  });

  test.each([
    ['a map', new Map()],
    ['a date', new Date(0)],
    ['no number', Number.NaN],
    ['a function', () => 0],
    ['a big integer', 1n],
  ])('is refused of a state with %s, which JSON cannot keep', async (_, value) => {
    const store = createMemoryEventStore();
    await append(store, [Counted({ by: 1 })]);
    const odd = aggregate<{ held: unknown[] }, DomainEvent>('testing/built-counter', {
      events: [Counted],
      initial: { held: [] },
      evolve: () => ({ held: [value] }),
    });
    await expect(snapshotState(store, odd, stream)).rejects.toThrow(
      'built-counter.held.0 holds what JSON cannot keep',
    );
  });
});
