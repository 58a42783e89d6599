import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { aggregate } from '../definition/aggregate.ts';
import { rememberFingerprints } from '../event-store/fingerprints.ts';
import type { Envelope } from '../messages/envelope.ts';
import { Counted, type Counter, type CounterEvent, counter } from '../testing/counter.ts';
import { createMemoryEventStore } from '../testing/memory-event-store.ts';
import { log } from './log.ts';
import { serveSnapshots } from './serve-snapshots.ts';

const snapshotted = aggregate<Counter, CounterEvent>('testing/snapshotted', {
  events: counter.events,
  initial: counter.initial,
  evolve: counter.evolve,
});
rememberFingerprints({ 'testing/snapshotted': 'fingerprint-1' });

let logged: unknown[];
beforeEach(() => {
  logged = [];
  vi.spyOn(log, 'error').mockImplementation((...entry) => {
    logged.push(entry);
  });
});
afterEach(() => vi.restoreAllMocks());

/** A store whose one stream of this type has one event, and the handler that snapshots what it hears of. */
async function setUp(type: string) {
  const store = createMemoryEventStore();
  const stream = { tenant: 'skafu', type, id: 's1' };
  const { head } = await store.load(stream);
  await store.append(head, [Counted({ by: 7 })], {
    domain: 'testing',
    commandId: 'command-1',
    actor: { type: 'user', id: 'u1' },
    correlationId: 'correlation-1',
    causationId: 'command-1',
    time: Date.parse('2026-03-01T10:00:00.000Z'),
  });
  const [detail] = (await store.load(stream)).events as [Envelope];
  const handler = serveSnapshots([snapshotted as never], async () => store);
  return { store, stream, wake: () => handler({ id: 'bus-1', detail }) };
}

describe('the function that keeps snapshots', () => {
  test('keeps the state of the stream that it hears of', async () => {
    const { store, stream, wake } = await setUp('snapshotted');
    await wake();
    expect(await store.loadSnapshot(stream)).toMatchObject({
      fingerprint: 'fingerprint-1',
      state: { total: 7, closed: false },
      head: { version: 1 },
    });
    expect(logged).toEqual([]);
  });

  test('reports a stream of a kind that its domain does not have, and keeps nothing', async () => {
    const { store, stream, wake } = await setUp('stranger');
    const reason = 'stranger is no aggregate of this domain.';
    await expect(wake()).rejects.toThrow(reason);
    expect(await store.loadSnapshot(stream)).toBeUndefined();
    expect(logged).toContainEqual([
      'Unexpected failure',
      { failure: expect.objectContaining({ message: reason, correlationId: 'correlation-1' }) },
    ]);
  });
});
