import type { FoldableAggregate } from '../definition/definitions.ts';
import { upcasterOf } from '../messages/upcast.ts';
import { bytesIn } from './attributes.ts';
import { type Commit, type CommitItem, decodeCommit, hashOfItem, streamOf } from './commit.ts';
import { fingerprintOf } from './fingerprints.ts';
import { keysOf, type UniqueValues } from './reservation.ts';
import { decodeSnapshot, isSnapshot } from './snapshot.ts';

/** What is not whole, as an operator reads it: `commit` is the first that is not. */
export interface Flaw {
  readonly stream: string;
  /** Absent where no commit is at fault, but a snapshot or a reservation. */
  readonly commit?: number;
  readonly what: string;
}

/** Where a stream ended at some time, as a seal keeps it. */
export interface SealedHead {
  readonly commit: number;
  readonly hash: Uint8Array;
}

/** An aggregate whose streams can be folded, and the values that are unique among them. */
export type VerifiableAggregate = FoldableAggregate & { readonly unique?: UniqueValues<never> };

/** What streams are held against besides themselves. */
export interface Expectations {
  /** Aggregates whose events are known: their events must have a known shape, and fold. */
  readonly aggregates: readonly VerifiableAggregate[];
  readonly sealed?: ReadonlyMap<string, SealedHead> | undefined;
}

export interface VerifiedStream {
  readonly stream: string;
  readonly commits: number;
  readonly events: number;
  readonly snapshots: number;
  /** Keys that its state holds, as `name=value`; undefined where its aggregate is not known. */
  readonly keys: readonly string[] | undefined;
  readonly flaw: Flaw | undefined;
}

/** Attributes of a commit as DynamoDB types them: exactly these, or somebody else wrote it. */
const attributes = {
  s: 'S',
  c: 'N',
  v: 'N',
  n: 'N',
  t: 'N',
  k: 'S',
  y: 'S',
  f: 'S',
  b: 'B',
  h: 'B',
} as const;
/** A snapshot is made of one of the last commits, or soon replaced; older ones are compared by their hash alone. */
const statesKept = 1_000;

/**
 * Proves one stream whole, item by item in the order of the store: its commits are dense, each carries the hash over
 * its predecessor's and its own content, bodies can be read and fold, and the snapshot belongs to the commit it names.
 */
export class StreamVerifier {
  private readonly key: string;
  private readonly expected: Expectations;
  private readonly aggregate: VerifiableAggregate | undefined;
  private readonly upcast: ReturnType<typeof upcasterOf>;
  /** Version and hash after each commit, the first at 0. */
  private readonly heads: { version: number; hash: Uint8Array }[] = [];
  private readonly states: unknown[] = [];
  private state: unknown;
  private snapshots = 0;
  private flaw: Flaw | undefined;

  constructor(key: string, expected: Expectations) {
    this.key = key;
    this.expected = expected;
    const { type } = streamOf(key);
    this.aggregate = expected.aggregates.find((aggregate) => aggregate.type === type);
    this.upcast = upcasterOf(this.aggregate?.events ?? []);
    this.state = this.aggregate?.initial;
  }

  /** Takes the next item. After the first flaw there is nothing more to prove. */
  add(item: CommitItem): void {
    if (this.flaw) return;
    if (isSnapshot(item)) this.fault(undefined, this.addSnapshot(item));
    else this.fault(this.heads.length + 1, this.addCommit(item));
  }

  end(): VerifiedStream {
    this.holdAgainstSeal();
    const last = this.heads.at(-1);
    return {
      stream: this.key,
      commits: this.heads.length,
      events: last?.version ?? 0,
      snapshots: this.snapshots,
      keys: this.flaw || !this.aggregate ? undefined : keysOf(this.aggregate.unique, this.state as never),
      flaw: this.flaw,
    };
  }

  /** What is wrong with it, if anything. */
  private addCommit(item: CommitItem): string | undefined {
    const next = this.heads.length + 1;
    const before = this.heads.at(-1) ?? { version: 0, hash: new Uint8Array() };
    const malformed = malformedAttribute(item);
    const number = Number(item['c']?.N);
    if (number !== next) return `it is missing; commit ${item['c']?.N} follows instead`;
    if (malformed) return malformed;
    const hash = hashOfItem(item, before.hash);
    const carried = bytesIn(item, 'h');
    if (Buffer.compare(hash, carried) !== 0) {
      return 'its hash is not the one over its content and the commit before it';
    }
    const sealed = this.expected.sealed?.get(this.key);
    if (sealed?.commit === next && Buffer.compare(sealed.hash, carried) !== 0) {
      return 'it was sealed with another hash: the stream was written anew since';
    }
    const wrong = this.contentFlaw(item, before.version);
    if (wrong) return wrong;
    this.heads.push({ version: Number(item['v']?.N), hash: carried });
    if (this.aggregate) {
      this.states.push(this.state);
      if (this.states.length > statesKept) this.states.shift();
    }
    return undefined;
  }

  /** What is wrong with a commit whose hash is right, so that we ourselves must have written it so. */
  private contentFlaw(item: CommitItem, version: number): string | undefined {
    let commit: Commit;
    try {
      commit = decodeCommit(item);
    } catch (error) {
      return reasonOf(error);
    }
    const { events, head } = commit;
    if (events.length === 0) return 'it holds no events';
    if (head.version !== version + events.length) return `it does not continue version ${version}`;
    const types = [...new Set(events.map(({ type }) => type))].join(',');
    if (types !== item['y']?.S) return `it says that it holds ${item['y']?.S}, and holds ${types}`;
    for (const event of events) {
      const known = this.aggregate?.events.find(({ type }) => type === event.type);
      if (!Number.isInteger(event.schemaVersion) || event.schemaVersion < 1)
        return `${event.type} has no version of its schema`;
      if (!this.aggregate) continue;
      if (!known) return `${event.type} is no event of ${this.aggregate.type}`;
      try {
        this.state = this.aggregate.evolve(this.state as never, this.upcast(event) as never);
      } catch (error) {
        return `${event.type} cannot be folded: ${reasonOf(error)}`;
      }
    }
    return undefined;
  }

  private addSnapshot(item: CommitItem): string | undefined {
    this.snapshots += 1;
    const snapshot = decodeSnapshot(item, streamOf(this.key));
    if (!snapshot) return 'its snapshot cannot be read';
    const { commit, version, hash } = snapshot.head;
    const head = this.heads[commit - 1];
    if (!head) return `its snapshot is of commit ${commit}, which is not there`;
    if (head.version !== version || Buffer.compare(head.hash, hash) !== 0)
      return `its snapshot does not belong to commit ${commit}`;
    const index = this.states.length - 1 - (this.heads.length - commit);
    if (!this.aggregate || index < 0 || snapshot.fingerprint !== fingerprintOf(this.aggregate))
      return undefined;
    return canonical(snapshot.state) === canonical(this.states[index])
      ? undefined
      : `its snapshot is not the state at commit ${commit}`;
  }

  private holdAgainstSeal(): void {
    const sealed = this.expected.sealed?.get(this.key);
    if (this.flaw || !sealed || this.heads.length >= sealed.commit) return;
    const what =
      this.heads.length === 0
        ? `the stream is gone; ${sealed.commit} commits of it were sealed`
        : `it is missing; ${sealed.commit} commits were sealed, and the stream ends before`;
    this.fault(this.heads.length + 1, what);
  }

  private fault(commit: number | undefined, what: string | undefined): void {
    if (what !== undefined)
      this.flaw ??= { stream: this.key, ...(commit === undefined ? {} : { commit }), what };
  }
}

function malformedAttribute(item: CommitItem): string | undefined {
  for (const [name, type] of Object.entries(attributes)) {
    const value = item[name];
    if (!value || Object.keys(value).length !== 1 || !(type in value)) return `it has no attribute "${name}"`;
    if (value.N !== undefined && !/^(0|[1-9]\d{0,15})$/.test(value.N))
      return `its attribute "${name}" is not a whole number`;
  }
  const foreign = Object.keys(item).find((name) => !(name in attributes));
  if (foreign !== undefined) return `it has an attribute "${foreign}" that no commit has`;
  const format = item['f']?.S;
  return format === 'j' || format === 'd' ? undefined : `its format is "${format}"`;
}

/** JSON with the names of objects in order, so that equal states read the same. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([left], [right]) => (left < right ? -1 : 1)))
      : each,
  );
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
