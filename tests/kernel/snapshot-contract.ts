import { describe, expect, test } from 'vitest';
import type { EventStore } from '#shared/event-store/event-store.ts';
import type { Snapshot } from '#shared/event-store/snapshot.ts';
import type { StreamName } from '#shared/messages/envelope.ts';
import { countedTimes, newStream, originOf, record, recordCommits } from './recording.ts';

/** A snapshot of the stream as it stands, in the fingerprint and state given. */
export async function takeSnapshot(
  store: EventStore,
  stream: StreamName,
  changes: Partial<Snapshot> = {},
): Promise<void> {
  const { head, commands } = await store.load(stream);
  await store.keepSnapshot({
    head,
    fingerprint: 'this',
    state: { total: head.version },
    commands,
    ...changes,
  });
}

/** What every event store must hold to about snapshots, whatever it stands on. */
export function describeSnapshots(name: string, store: () => EventStore): void {
  describe(`a snapshot in a store ${name}`, () => {
    const tailOf = (stream: StreamName, fingerprint = 'this') => store().loadTail(stream, fingerprint);

    test('stands for all events before it', async () => {
      const stream = newStream();
      await recordCommits(store(), stream, [2, 1]);
      await takeSnapshot(store(), stream);
      await record(store(), stream, countedTimes(2));
      const tail = await tailOf(stream);
      expect(tail.snapshot?.state).toEqual({ total: 3 });
      expect(tail.events.map(({ version }) => version)).toEqual([4, 5]);
      expect(tail.head).toMatchObject({ commit: 3, version: 5 });
    });

    test('is a head to append to, when nothing was recorded since', async () => {
      const stream = newStream();
      await recordCommits(store(), stream, [2]);
      await takeSnapshot(store(), stream);
      const { head, events } = await tailOf(stream);
      expect(events).toEqual([]);
      expect(await store().append(head, countedTimes(1), originOf())).toMatchObject({
        head: { commit: 2, version: 3 },
      });
      expect((await store().load(stream)).events).toHaveLength(3);
    });

    test('still knows the commands that came before it', async () => {
      const stream = newStream();
      await record(store(), stream, countedTimes(2), { commandId: 'before' });
      await takeSnapshot(store(), stream);
      await record(store(), stream, countedTimes(1), { commandId: 'after' });
      const { commands } = await tailOf(stream);
      expect([...commands].map(([id, { version }]) => [id, version])).toEqual([
        ['before', 2],
        ['after', 3],
      ]);
    });

    test('of other code is not used: every event is folded', async () => {
      const stream = newStream();
      await recordCommits(store(), stream, [2, 1]);
      await takeSnapshot(store(), stream, { fingerprint: 'other' });
      const tail = await tailOf(stream);
      expect(tail.snapshot).toBeUndefined();
      expect(tail.events.map(({ version }) => version)).toEqual([1, 2, 3]);
    });

    test('that does not carry the hash of its commit is not used', async () => {
      const stream = newStream();
      await recordCommits(store(), stream, [1, 1]);
      const { head } = await store().load(stream);
      await takeSnapshot(store(), stream, { head: { ...head, hash: new Uint8Array(32) } });
      expect((await tailOf(stream)).events).toHaveLength(2);
    });

    test('from beyond the end of the stream is not used', async () => {
      const stream = newStream();
      await recordCommits(store(), stream, [1, 1]);
      const { head } = await store().load(stream);
      await takeSnapshot(store(), stream, { head: { ...head, commit: 3, version: 3 } });
      expect((await tailOf(stream)).events).toHaveLength(2);
    });

    test('without a stream is no stream', async () => {
      const stream = newStream();
      const head = { stream, commit: 3, version: 3, hash: new Uint8Array(32) };
      await store().keepSnapshot({ head, fingerprint: 'this', state: {}, commands: new Map() });
      expect((await tailOf(stream)).head.version).toBe(0);
    });

    test('is overwritten by a newer one, and by other code at the same place, but by no older one', async () => {
      const stream = newStream();
      const older = await record(store(), stream, countedTimes(1));
      await record(store(), stream, countedTimes(1));
      await takeSnapshot(store(), stream);
      await takeSnapshot(store(), stream, { head: older, state: 'older', fingerprint: 'other' });
      expect((await tailOf(stream)).snapshot?.state).toEqual({ total: 2 });
      await takeSnapshot(store(), stream, { state: 'other code', fingerprint: 'other' });
      expect((await tailOf(stream, 'other')).snapshot?.state).toBe('other code');
      await record(store(), stream, countedTimes(1));
      await takeSnapshot(store(), stream);
      expect((await tailOf(stream)).snapshot?.state).toEqual({ total: 3 });
    });

    test('too large to keep is not kept, and harms nothing', async () => {
      const stream = newStream();
      await recordCommits(store(), stream, [1]);
      const noise = Array.from({ length: 500_000 }, (_, index) =>
        String.fromCodePoint(0x100 + ((index * 7919) % 0x4000)),
      ).join('');
      await takeSnapshot(store(), stream, { state: noise });
      expect((await tailOf(stream)).events).toHaveLength(1);
    });

    test('is seen by no reader of events', async () => {
      const stream = newStream();
      await recordCommits(store(), stream, [1, 1]);
      await takeSnapshot(store(), stream);
      expect((await store().load(stream)).events).toHaveLength(2);
      expect(await store().loadFrom(stream, 2)).toHaveLength(1);
    });
  });
}
