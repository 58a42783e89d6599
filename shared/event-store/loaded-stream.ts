import type { Envelope, StreamName } from '../messages/envelope.ts';
import { type Commit, type CommitItem, decodeCommit, type Head, streamKey } from './commit.ts';
import { StreamCorrupt } from './errors.ts';
import { decodeSnapshot, isSnapshot, type Snapshot } from './snapshot.ts';

/** A stream as loaded: its events, oldest first, and where it ends. */
export interface LoadedStream {
  readonly head: Head;
  readonly events: readonly Envelope[];
  /** Head after the commit of each command, by the command's id; how a retry is recognised. */
  readonly commands: ReadonlyMap<string, Head>;
}

/** A stream as loaded for its state: the events are those since the snapshot, or all of them where there is none. */
export interface Tail extends LoadedStream {
  readonly snapshot: Snapshot | undefined;
}

/** The stream that these commits make, oldest first. Throws `StreamCorrupt` when they are not the whole of it. */
export function loadedFrom(stream: StreamName, commits: readonly Commit[], snapshot?: Snapshot): Tail {
  const key = streamKey(stream);
  assertDense(key, commits, snapshot?.head ?? { commit: 0, version: 0 });
  return {
    head: commits.at(-1)?.head ?? snapshot?.head ?? { stream, commit: 0, version: 0, hash: new Uint8Array() },
    events: commits.flatMap((commit) => commit.events),
    commands: new Map([
      ...(snapshot?.commands ?? []),
      ...commits.map((commit) => [commit.commandId, commit.head] as const),
    ]),
    snapshot,
  };
}

/**
 * Reads a stream backward until it meets the commit at which the snapshot was made. A snapshot that another reducer
 * made, that cannot be read, or that does not carry the hash of its commit, is as good as none: all events are read.
 */
export async function readTail(
  stream: StreamName,
  fingerprint: string,
  newestFirst: AsyncIterable<CommitItem>,
): Promise<Tail> {
  const commits: Commit[] = [];
  let snapshot: Snapshot | undefined;
  for await (const item of newestFirst) {
    if (isSnapshot(item)) {
      const found = decodeSnapshot(item, stream);
      snapshot = found?.fingerprint === fingerprint ? found : undefined;
      continue;
    }
    const commit = decodeCommit(item);
    if (snapshot && commit.head.commit <= snapshot.head.commit) {
      if (isMadeAt(snapshot, commit)) return loadedFrom(stream, commits.reverse(), snapshot);
      snapshot = undefined;
    }
    commits.push(commit);
  }
  return loadedFrom(stream, commits.reverse());
}

/** Commits of one page in the order they were read. Throws `StreamCorrupt` when one between them is missing. */
export function densePage(
  stream: StreamName,
  commits: readonly Commit[],
  backward: boolean,
): readonly Commit[] {
  const oldestFirst = backward ? commits.toReversed() : commits;
  const [oldest] = oldestFirst;
  if (oldest) assertDense(streamKey(stream), oldestFirst, { commit: oldest.head.commit - 1 });
  return commits;
}

function isMadeAt({ head }: Snapshot, commit: Commit): boolean {
  return head.commit === commit.head.commit && Buffer.compare(head.hash, commit.head.hash) === 0;
}

/** Throws `StreamCorrupt` unless the commits follow `before` and each other without a gap; its version may be unknown. */
export function assertDense(
  key: string,
  commits: readonly Commit[],
  before: { readonly commit: number; readonly version?: number },
): void {
  let last = before;
  for (const { head, events } of commits) {
    if (head.commit !== last.commit + 1) throw new StreamCorrupt(key, `commit ${last.commit + 1} is missing`);
    if (last.version !== undefined && head.version !== last.version + events.length) {
      throw new StreamCorrupt(key, `commit ${head.commit} does not continue version ${last.version}`);
    }
    last = head;
  }
}
