import type { StreamName } from '../messages/envelope.ts';
import { type CommitItem, type Head, packBody, sizeOf, streamKey, unpackBody } from './commit.ts';
import { maximumItemBytes } from './errors.ts';

/** A snapshot is due each time a stream has grown by so many events. */
export const snapshotInterval = 50;

/** Sort key of the snapshot: above every commit, so that a backward query meets it first. */
export const snapshotKey = Number.MAX_SAFE_INTEGER;

/**
 * The state of a stream at `head`, as one reducer folded it. There is one item per stream, overwritten:
 *
 * | name | type | what |
 * |---|---|---|
 * | `s` | S | stream |
 * | `c` | N | 9007199254740991 |
 * | `m` `v` `h` | N N B | commit, version and hash of `head` |
 * | `p` | S | fingerprint of the reducer |
 * | `f` `b` | S B | body as in a commit: the state, and the latest commands with where they led |
 *
 * It is never the truth: a load proves that it belongs to the commit it names, and folds the events when it does not.
 */
export interface Snapshot {
  readonly head: Head;
  readonly fingerprint: string;
  readonly state: unknown;
  /** The commands recorded last, so that a retry is still known after the snapshot; oldest first. */
  readonly commands: ReadonlyMap<string, Head>;
}

interface Body {
  /** state */ s: unknown;
  /** commands: id, commit, version */ k: [string, number, number][];
}

/** Whether an item of the event store is a snapshot, and so no commit. */
export function isSnapshot(item: Readonly<Record<string, { readonly N?: string | undefined }>>): boolean {
  return item['c']?.N === `${snapshotKey}`;
}

/** Writes a snapshot as an item, or answers nothing when it is too large to keep: loads then fold more events. */
export function encodeSnapshot(snapshot: Snapshot): CommitItem | undefined {
  const { head, fingerprint, state, commands } = snapshot;
  const key = streamKey(head.stream);
  const body: Body = {
    s: state,
    k: [...commands].map(([id, { commit, version }]) => [id, commit, version]),
  };
  const { format, bytes } = packBody(body, key.length + fingerprint.length);
  const item: CommitItem = {
    s: { S: key },
    c: { N: `${snapshotKey}` },
    m: { N: `${head.commit}` },
    v: { N: `${head.version}` },
    h: { B: head.hash },
    p: { S: fingerprint },
    f: { S: format },
    b: { B: bytes },
  };
  return sizeOf(item) > maximumItemBytes ? undefined : item;
}

/** Reads a snapshot, or answers nothing when it is none as we write them: the events are still there. */
export function decodeSnapshot(item: CommitItem, stream: StreamName): Snapshot | undefined {
  const hash = item['h']?.B;
  const commit = Number(item['m']?.N);
  const version = Number(item['v']?.N);
  const fingerprint = item['p']?.S;
  const body = bodyOf(item, streamKey(stream));
  if (!hash || !(commit > 0) || !(version > 0) || fingerprint === undefined || !body) return undefined;
  return {
    head: { stream, commit, version, hash },
    fingerprint,
    state: body.s,
    // A retried command is answered with where its commit led; nothing is appended there, so no hash is needed.
    commands: new Map(
      body.k.map(([id, at, reached]) => [
        id,
        { stream, commit: at, version: reached, hash: new Uint8Array() },
      ]),
    ),
  };
}

function bodyOf(item: CommitItem, key: string): Body | undefined {
  try {
    const body = unpackBody(key, item) as Partial<Body> | null;
    return Array.isArray(body?.k) ? (body as Body) : undefined;
  } catch {
    return undefined;
  }
}
