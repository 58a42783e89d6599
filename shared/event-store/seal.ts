import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { SealedHead } from './verify-stream.ts';

/**
 * A seal says where every stream ended at some time: the root of a Merkle tree over their heads, kept where nobody can
 * change it. The hash chain shows what was altered within a stream; a seal shows also what was cut off its end.
 *
 * The store is sealed in segments, as a parallel scan divides it, so that one too large for one run is sealed in turns.
 */
export interface Seal {
  readonly format: 1;
  /** When this seal was made; RFC 3339. */
  readonly time: string;
  /** When the first seal of this store was made. */
  readonly begun: string;
  readonly table: string;
  readonly streams: number;
  readonly commits: number;
  /** Merkle root over the roots of the segments, in their order; hex. */
  readonly root: string;
  /** SHA-256 of the seal before, as stored; empty for the first. */
  readonly previous: string;
  readonly segments: readonly SealedSegment[];
}

export interface SealedSegment {
  readonly segment: number;
  /** Object that holds the leaves; an earlier one where nothing has changed. */
  readonly object: string;
  readonly root: string;
  readonly streams: number;
  readonly commits: number;
  /** When the segment was last read; RFC 3339. */
  readonly sealedAt: string;
}

/** The heads of a segment's streams, by stream key. */
export type Heads = ReadonlyMap<string, SealedHead>;

/** Parts in which a store is sealed. */
export const sealSegments = 64;

/** Leaves stand in the order of their keys' UTF-8 bytes. */
export function inOrder(heads: Heads): [string, SealedHead][] {
  return [...heads].sort(([left], [right]) => Buffer.compare(Buffer.from(left), Buffer.from(right)));
}

/** Root of the tree whose leaves are these heads; of none, the hash of nothing. */
export function headsRoot(heads: Heads): Uint8Array {
  return merkleRoot(
    inOrder(heads).map(([key, { commit, hash }]) => {
      const content = JSON.stringify([key, commit, Buffer.from(hash).toString('hex')]);
      return digest([leafMark, Buffer.from(content)]);
    }),
  );
}

/** Leaves and nodes are marked, so that no node can be passed off as a leaf. A node without a neighbour moves up as it is. */
export function merkleRoot(leaves: readonly Uint8Array[]): Uint8Array {
  let level = leaves;
  while (level.length > 1) {
    const above: Uint8Array[] = [];
    for (let index = 0; index < level.length; index += 2) {
      const neighbours = level.slice(index, index + 2);
      above.push(...(neighbours.length === 2 ? [digest([nodeMark, ...neighbours])] : neighbours));
    }
    level = above;
  }
  return level[0] ?? digest([]);
}

const leafMark = Uint8Array.of(0);
const nodeMark = Uint8Array.of(1);

function digest(parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** Root of all segments: of their roots as leaves. */
export function sealRoot(segments: readonly SealedSegment[]): string {
  const roots = segments.map(({ root }) => digest([leafMark, Buffer.from(root, 'hex')]));
  return Buffer.from(merkleRoot(roots)).toString('hex');
}

/** A segment's leaves as stored: one line of JSON each, `[stream, commit, hash]`, compressed. */
export function encodeHeads(heads: Heads): Uint8Array {
  const lines = inOrder(heads).map(([key, { commit, hash }]) =>
    JSON.stringify([key, commit, Buffer.from(hash).toString('base64')]),
  );
  return gzipSync(lines.join('\n'));
}

export function decodeHeads(bytes: Uint8Array): Heads {
  const heads = new Map<string, SealedHead>();
  for (const line of gunzipSync(bytes).toString('utf8').split('\n').filter(Boolean)) {
    const [key, commit, hash] = JSON.parse(line) as [string, number, string];
    heads.set(key, { commit, hash: Buffer.from(hash, 'base64') });
  }
  return heads;
}
