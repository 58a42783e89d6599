import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Actor, Envelope, StreamName } from '../messages/envelope.ts';
import type { DomainEvent } from '../messages/event.ts';
import { bytesIn, textIn } from './attributes.ts';
import { CommitTooLarge, maximumItemBytes, StreamCorrupt } from './errors.ts';
import { mark, withPlaces } from './personal-text.ts';

/**
 * One commit is one item: 1..n events of one stream, written together. Attribute names are short because each byte of
 * each item is paid for, at every write and every read:
 *
 * | name | type | what |
 * |---|---|---|
 * | `s` | S | stream: `tenant#type#id` (partition key) |
 * | `c` | N | commit number 1, 2, 3 … (sort key) |
 * | `v` | N | version of the stream after this commit |
 * | `n` | N | number of events in it |
 * | `t` | N | time, epoch milliseconds |
 * | `k` | S | id of the command that caused it; a retry is known by it |
 * | `y` | S | event types, comma-separated, so that a filter need not open the body |
 * | `f` | S | format of the body: `j` JSON, `d` JSON deflated |
 * | `b` | B | body: who, why, and the events |
 * | `h` | B | SHA-256 over the predecessor's `h` and all of the above |
 */
export type CommitItem = Record<string, AttributeValue>;

/** Where a stream ends, as the next append must know it. Comes from a load or an append, never made up. */
export interface Head {
  readonly stream: StreamName;
  /** Number of the last commit; 0 for a stream without events. */
  readonly commit: number;
  /** Number of events. */
  readonly version: number;
  /** The last commit's hash; empty before the first. */
  readonly hash: Uint8Array;
}

/** Who recorded the events, and why. */
export interface Origin {
  readonly domain: string;
  readonly commandId: string;
  readonly actor: Actor;
  readonly correlationId: string;
  readonly causationId: string;
  readonly trace?: string | undefined;
  /** Epoch milliseconds. */
  readonly time: number;
}

/** A commit as read back. */
export interface Commit {
  readonly head: Head;
  readonly commandId: string;
  readonly events: readonly Envelope[];
}

interface Body {
  /** domain */ d: string;
  /** actor: `u:` or `s:` and the id */ a: string;
  /** correlation id; absent where it is the command's id */ o?: string | undefined;
  /** causation id; absent where it is the command's id */ u?: string | undefined;
  /** trace header */ x?: string | undefined;
  /** events: type, schema version, data */ e: [string, number, unknown][];
}

/** DynamoDB bills a write by started kilobytes of the item. */
const writeUnitBytes = 1024;
/** Names, numbers, separators and the hash of an item, without stream, command id, types and body. */
const fixedBytes = 75;
/** Beyond this many milliseconds JavaScript knows no date; commits and versions stay far below. */
const latestTime = 8.64e15;

/** Event types whose data has changed shape carry their schema's version; all others are at 1. */
export type SchemaVersionOf = (type: string) => number;

/** The stream's partition key. Tenants cannot reach each other: the tenant comes first, and holds no `#`. */
export function streamKey(stream: StreamName): string {
  return `${stream.tenant}#${stream.type}#${stream.id}`;
}

/** Writes the commit that follows `head`. Answers the item and the head after it. Throws `CommitTooLarge`. */
export function encodeCommit(
  head: Head,
  events: readonly DomainEvent[],
  origin: Origin,
  schemaVersionOf: SchemaVersionOf,
): { item: CommitItem; next: Head } {
  const body: Body = {
    d: origin.domain,
    a: `${origin.actor.type === 'user' ? 'u' : 's'}:${origin.actor.id}`,
    o: origin.correlationId === origin.commandId ? undefined : origin.correlationId,
    u: origin.causationId === origin.commandId ? undefined : origin.causationId,
    x: origin.trace,
    e: events.map((event) => [event.type, schemaVersionOf(event.type), event.data]),
  };
  const key = streamKey(head.stream);
  const types = [...new Set(events.map((event) => event.type))].join(',');
  const overhead = fixedBytes + key.length + origin.commandId.length + types.length;
  const { format, bytes } = packBody(body, overhead);
  const commit = head.commit + 1;
  const version = head.version + events.length;
  const hash = hashOf(
    head.hash,
    [key, commit, version, events.length, origin.time, origin.commandId, types, format],
    bytes,
  );
  const item: CommitItem = {
    s: { S: key },
    c: { N: `${commit}` },
    v: { N: `${version}` },
    n: { N: `${events.length}` },
    t: { N: `${origin.time}` },
    k: { S: origin.commandId },
    y: { S: types },
    f: { S: format },
    b: { B: bytes },
    h: { B: hash },
  };
  const size = sizeOf(item);
  if (size > maximumItemBytes) throw new CommitTooLarge(key, size);
  return { item, next: { stream: head.stream, commit, version, hash } };
}

/**
 * A body as the bytes to store; `overhead` is what the rest of the item weighs. Deflates only where that saves a write
 * unit: for small bodies it would cost time on every read and save nothing.
 */
export function packBody(body: unknown, overhead: number): { format: 'j' | 'd'; bytes: Uint8Array } {
  const json = Buffer.from(JSON.stringify(body));
  const units = Math.ceil((json.length + overhead) / writeUnitBytes);
  if (units > 1) {
    const deflated = deflateRawSync(json);
    if (Math.ceil((deflated.length + overhead) / writeUnitBytes) < units)
      return { format: 'd', bytes: deflated };
  }
  return { format: 'j', bytes: json };
}

/**
 * The hash chain's canonical form: the predecessor's hash (nothing for the first), then the JSON array of the stored
 * scalars in the order `s c v n t k y f`, then the body's stored bytes. It is part of what has been issued: never change it.
 */
function hashOf(previous: Uint8Array, scalars: readonly (string | number)[], body: Uint8Array): Uint8Array {
  return createHash('sha256').update(previous).update(JSON.stringify(scalars)).update(body).digest();
}

/** The hash that a commit as it is stored ought to carry, had it followed a commit with the hash `previous`. */
export function hashOfItem(item: CommitItem, previous: Uint8Array): Uint8Array {
  const numbers = ['c', 'v', 'n', 't'].map((name) => Number(item[name]?.N));
  const texts = ['k', 'y', 'f'].map((name) => textIn(item, name));
  return hashOf(previous, [textIn(item, 's'), ...numbers, ...texts], bytesIn(item, 'b'));
}

/** Whether an item of the event store is a commit, and not a snapshot or a reservation beside it. */
export function isCommit(item: Readonly<Record<string, { readonly N?: string | undefined }>>): boolean {
  const place = item['c']?.N;
  return place !== '0' && place !== `${Number.MAX_SAFE_INTEGER}`;
}

/** Reads an item of the event store. Throws `StreamCorrupt` when it is not a commit as we write them. */
export function decodeCommit(item: CommitItem): Commit {
  const key = textIn(item, 's');
  const stream = streamOf(key);
  const hash = item['h']?.B;
  if (!item['b']?.B || !hash) throw new StreamCorrupt(key, 'a commit lacks its body or its hash');
  const { body, holdsSealed } = parseBody(key, item);
  const commit = numberIn(item, 'c');
  const version = numberIn(item, 'v');
  const count = numberIn(item, 'n');
  if (body.e.length !== count)
    throw new StreamCorrupt(key, `commit ${commit} holds ${body.e.length} events, not ${count}`);
  const time = new Date(numberIn(item, 't')).toISOString();
  const actor: Actor = { type: body.a.startsWith('u:') ? 'user' : 'service', id: body.a.slice(2) };
  // What all events of the commit share is made once: a long load spends its time here.
  const commandId = textIn(item, 'k');
  const trace = body.x === undefined ? undefined : { trace: body.x };
  const source = `skafu.${body.d}`;
  const events = body.e.map(([eventType, schemaVersion, data], index): Envelope => {
    const at = version - count + index + 1;
    return {
      specversion: '1.0',
      id: `${stream.type}/${stream.id}/${at}`,
      source,
      type: eventType,
      schemaVersion,
      time,
      tenant: stream.tenant,
      stream: { type: stream.type, id: stream.id },
      version: at,
      commit,
      actor,
      correlationId: body.o ?? commandId,
      causationId: body.u ?? commandId,
      ...trace,
      data: holdsSealed ? withPlaces(data, key, eventType) : data,
    };
  });
  return { head: { stream, commit, version, hash }, commandId, events };
}

/** The stream that `streamKey` wrote; an id may hold anything, `#` too. */
export function streamOf(key: string): StreamName {
  const afterTenant = key.indexOf('#');
  const afterType = key.indexOf('#', afterTenant + 1);
  return {
    tenant: key.slice(0, afterTenant),
    type: key.slice(afterTenant + 1, afterType),
    id: key.slice(afterType + 1),
  };
}

function numberIn(item: CommitItem, name: string): number {
  const value = Number(item[name]?.N);
  if (value >= 0 && value <= latestTime) return value;
  throw new StreamCorrupt(textIn(item, 's'), `a commit has no usable number in "${name}"`);
}

function parseBody(key: string, item: CommitItem): { body: Body; holdsSealed: boolean } {
  const text = jsonOf(key, item);
  const body = parse(key, text) as Partial<Body> | null;
  if (typeof body?.a !== 'string' || !Array.isArray(body.e))
    throw new StreamCorrupt(key, 'a commit has a body that is none');
  return { body: body as Body, holdsSealed: text.includes(mark) };
}

/** The body that `packBody` made. Throws `StreamCorrupt` when it cannot be read. */
export function unpackBody(key: string, item: CommitItem): unknown {
  return parse(key, jsonOf(key, item));
}

function jsonOf(key: string, item: CommitItem): string {
  const bytes = bytesIn(item, 'b');
  try {
    const json =
      item['f']?.S === 'd'
        ? inflateRawSync(bytes)
        : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return json.toString('utf8');
  } catch (cause) {
    throw new StreamCorrupt(key, 'it has a body that cannot be read', { cause });
  }
}

function parse(key: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new StreamCorrupt(key, 'it has a body that cannot be read', { cause });
  }
}

/** Size of an item of texts, bytes and numbers as DynamoDB counts it: names and values; 1 + digits/2 for a number. */
export function sizeOf(item: CommitItem): number {
  let bytes = 0;
  for (const [name, value] of Object.entries(item)) {
    bytes += name.length;
    if (value.S !== undefined) bytes += Buffer.byteLength(value.S);
    else if (value.B !== undefined) bytes += value.B.length;
    else bytes += 1 + Math.ceil(`${value.N}`.length / 2);
  }
  return bytes;
}
