import { type CommitItem, decodeCommit, encodeCommit, streamKey } from '../event-store/commit.ts';
import type { EventStore } from '../event-store/event-store.ts';
import type { StreamName } from '../messages/envelope.ts';

/** An event store in memory, for tests of what stands above the store. It writes and reads the very items DynamoDB would. */
export function createMemoryEventStore(): EventStore {
  const streams = new Map<string, CommitItem[]>();
  const commitsOf = (stream: StreamName) => (streams.get(streamKey(stream)) ?? []).map(decodeCommit);

  return {
    async load(stream) {
      const commits = commitsOf(stream);
      return {
        head: commits.at(-1)?.head ?? { stream, commit: 0, version: 0, hash: new Uint8Array() },
        events: commits.flatMap((commit) => commit.events),
        commands: new Map(commits.map((commit) => [commit.commandId, commit.head])),
      };
    },

    async loadFrom(stream, first) {
      return commitsOf(stream)
        .filter((commit) => commit.head.commit >= first)
        .flatMap((commit) => commit.events);
    },

    async append(head, events, origin, schemaVersionOf = () => 1) {
      const { item, next } = encodeCommit(head, events, origin, schemaVersionOf);
      const items = streams.get(streamKey(head.stream)) ?? [];
      const winner = items[head.commit];
      if (winner) return { conflict: decodeCommit(winner) };
      streams.set(streamKey(head.stream), [...items, item]);
      return { head: next };
    },
  };
}
