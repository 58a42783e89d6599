import { type DynamoDBClient, GetItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { bytesIn, textIn } from './attributes.ts';
import { isCommit } from './commit.ts';
import { itemsOfPages } from './pages.ts';
import { headsRoot, type Seal, type SealedSegment, sealRoot, sealSegments } from './seal.ts';
import type { FoundSeal, SealArchive } from './seal-archive.ts';
import type { SealedHead } from './verify-stream.ts';

export interface SealOptions {
  /** Read units that a run may use before it leaves the rest to the next. A segment is always read to its end. */
  readonly readUnits: number;
  /** Epoch milliseconds after which no segment is begun any more. */
  readonly until: number;
  readonly now: () => number;
}

export interface SealOutcome {
  readonly made: FoundSeal;
  /** Streams that are shorter than they were sealed before, or not what they were. Their old head stays sealed. */
  readonly lost: readonly string[];
  readonly readUnits: number;
}

/**
 * Seals the store: reads the segments that were sealed longest ago, as many as the run may pay for, and keeps the root
 * over them and all others. What an earlier seal knows of a stream is never given up: where the store has less, the
 * stream is reported and its old head sealed again.
 */
export async function sealStore(
  client: DynamoDBClient,
  table: string,
  archive: SealArchive,
  before: FoundSeal | undefined,
  { readUnits, until, now }: SealOptions,
): Promise<SealOutcome> {
  const segments = new Map((before?.seal.segments ?? []).map((segment) => [segment.segment, segment]));
  const lost: string[] = [];
  let used = 0;
  for (const number of longestAgo(segments)) {
    const started = now();
    const standing = segments.get(number);
    const { heads, units } = await readHeads(client, table, number);
    used += units;
    const earlier = standing ? await archive.headsOf(standing) : new Map<string, SealedHead>();
    for (const [key, head] of earlier) {
      const found = heads.get(key);
      const isKept = found?.commit === head.commit && sameHash(found.hash, head.hash);
      if (isKept || (await holds(client, table, key, head))) continue;
      lost.push(key);
      heads.set(key, head);
    }
    const root = Buffer.from(headsRoot(heads)).toString('hex');
    const object =
      standing?.root === root ? standing.object : await archive.keepHeads(number, started, heads);
    const commits = [...heads.values()].reduce((sum, head) => sum + head.commit, 0);
    const sealedAt = new Date(started).toISOString();
    segments.set(number, { segment: number, object, root, streams: heads.size, commits, sealedAt });
    if (used >= readUnits || now() >= until) break;
  }
  const ordered = [...segments.values()].sort((left, right) => left.segment - right.segment);
  const time = new Date(now()).toISOString();
  const seal: Seal = {
    format: 1,
    time,
    begun: before?.seal.begun ?? time,
    table,
    streams: ordered.reduce((sum, { streams }) => sum + streams, 0),
    commits: ordered.reduce((sum, { commits }) => sum + commits, 0),
    root: sealRoot(ordered),
    previous: before?.digest ?? '',
    segments: ordered,
  };
  return { made: await archive.keepSeal(seal), lost, readUnits: used };
}

/** When the part of the store that was sealed longest ago was sealed; epoch milliseconds. */
export function sealedSince({ begun, segments }: Seal): number {
  const times = segments.map(({ sealedAt }) => Date.parse(sealedAt));
  return Math.min(...times, ...(segments.length < sealSegments ? [Date.parse(begun)] : []));
}

function longestAgo(segments: ReadonlyMap<number, SealedSegment>): number[] {
  const sealedAt = (segment: number) => segments.get(segment)?.sealedAt ?? '';
  return Array.from({ length: sealSegments }, (_, segment) => segment).sort((left, right) =>
    sealedAt(left) < sealedAt(right) ? -1 : sealedAt(left) > sealedAt(right) ? 1 : left - right,
  );
}

/** Where the streams of a segment end. */
async function readHeads(
  client: DynamoDBClient,
  table: string,
  segment: number,
): Promise<{ heads: Map<string, SealedHead>; units: number }> {
  const heads = new Map<string, SealedHead>();
  let units = 0;
  const items = itemsOfPages(
    (after) =>
      client.send(
        new ScanCommand({
          TableName: table,
          Segment: segment,
          TotalSegments: sealSegments,
          ProjectionExpression: 's, c, h',
          ExclusiveStartKey: after,
          ReturnConsumedCapacity: 'TOTAL',
        }),
      ),
    (spent) => {
      units += spent;
    },
  );
  for await (const item of items) {
    if (!isCommit(item)) continue;
    const key = textIn(item, 's');
    const commit = Number(item['c']?.N);
    if (commit > (heads.get(key)?.commit ?? 0)) heads.set(key, { commit, hash: bytesIn(item, 'h') });
  }
  return { heads, units };
}

/** Whether the commit that was sealed still stands. Asked where the head is another, as the scan may also lag behind. */
async function holds(client: DynamoDBClient, table: string, key: string, sealed: SealedHead) {
  const { Item: item } = await client.send(
    new GetItemCommand({
      TableName: table,
      Key: { s: { S: key }, c: { N: `${sealed.commit}` } },
      ProjectionExpression: 'h',
      ConsistentRead: true,
    }),
  );
  return item?.['h']?.B !== undefined && sameHash(item['h'].B, sealed.hash);
}

function sameHash(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}
