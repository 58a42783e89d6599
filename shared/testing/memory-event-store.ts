import { type CommitItem, decodeCommit, encodeCommit, streamKey } from '../event-store/commit.ts';
import type { EventStore } from '../event-store/event-store.ts';
import { assertDense, loadedFrom, readTail } from '../event-store/loaded-stream.ts';
import { noKeyChanges } from '../event-store/reservation.ts';
import { decodeSnapshot, encodeSnapshot } from '../event-store/snapshot.ts';
import type { StreamName } from '../messages/envelope.ts';
import { createMemoryPersonalKeys } from './memory-personal-keys.ts';

/** The commits of each stream, by its key, as the store keeps them. */
export type MemoryStreams = Map<string, CommitItem[]>;

/** An event store in memory, for tests of what stands above the store. It writes and reads the very items DynamoDB would. */
export function createMemoryEventStore(streams: MemoryStreams = new Map()): EventStore {
  const personal = createMemoryPersonalKeys();
  const snapshots = new Map<string, CommitItem>();
  const owners = new Map<string, string>();
  const commitsOf = (stream: StreamName) => (streams.get(streamKey(stream)) ?? []).map(decodeCommit);

  return {
    personal,

    async load(stream) {
      return loadedFrom(stream, commitsOf(stream));
    },

    async loadTail(stream, fingerprint) {
      const snapshot = snapshots.get(streamKey(stream));
      const commits = (streams.get(streamKey(stream)) ?? []).toReversed();
      return readTail(stream, fingerprint, each(snapshot ? [snapshot, ...commits] : commits));
    },

    async loadPage(stream, { from, limit, backward = false }) {
      const commits = commitsOf(stream);
      const inOrder = backward ? commits.reverse() : commits;
      const start = from ?? (backward ? commits.length : 1);
      return inOrder
        .filter(({ head }) => (backward ? head.commit <= start : head.commit >= start))
        .slice(0, limit);
    },

    async loadSnapshot(stream) {
      const item = snapshots.get(streamKey(stream));
      return item && decodeSnapshot(item, stream);
    },

    async keepSnapshot(snapshot) {
      const item = encodeSnapshot(snapshot);
      const key = streamKey(snapshot.head.stream);
      const before = snapshots.get(key);
      const isNewer =
        !before ||
        Number(before['v']?.N) < snapshot.head.version ||
        (Number(before['v']?.N) === snapshot.head.version && before['p']?.S !== snapshot.fingerprint);
      if (item && isNewer) snapshots.set(key, item);
    },

    async loadFrom(stream, first) {
      const commits = commitsOf(stream).filter((commit) => commit.head.commit >= first);
      assertDense(streamKey(stream), commits, { commit: Math.max(first, 1) - 1 });
      return commits.flatMap((commit) => commit.events);
    },

    async append(head, events, origin, schemaVersionOf = () => 1, keys = noKeyChanges) {
      const { item, next } = encodeCommit(head, events, origin, schemaVersionOf);
      const items = streams.get(streamKey(head.stream)) ?? [];
      const winner = items[head.commit];
      if (winner) return { conflict: decodeCommit(winner) };
      const { tenant, type, id } = head.stream;
      const ownerKey = (key: string) => `${tenant}#${type}#${key}`;
      const takenKey = keys.taken.find((key) => (owners.get(ownerKey(key)) ?? id) !== id);
      if (takenKey !== undefined) return { takenKey };
      for (const key of keys.released) owners.delete(ownerKey(key));
      for (const key of keys.taken) owners.set(ownerKey(key), id);
      streams.set(streamKey(head.stream), [...items, item]);
      return { head: next };
    },
  };
}

async function* each<Item>(items: readonly Item[]): AsyncGenerator<Item> {
  yield* items;
}
