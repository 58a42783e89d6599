import {
  DescribeTableCommand,
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { textIn } from './attributes.ts';
import { type CommitItem, streamKey, streamOf } from './commit.ts';
import { itemsOfPages } from './pages.ts';
import { isReservation, reservationItem } from './reservation.ts';
import { type Expectations, type Flaw, StreamVerifier, type VerifiedStream } from './verify-stream.ts';

/** How far a verification has come. */
export interface Progress {
  streams: number;
  commits: number;
  events: number;
  snapshots: number;
  reservations: number;
  /** Read units, as DynamoDB counted them. */
  readUnits: number;
}

export interface Verification extends Progress {
  /** The first flaw of each stream that has one, and reservations that disagree with who should hold them. */
  readonly flaws: readonly Flaw[];
}

export interface VerifyOptions extends Expectations {
  /** Only streams of this tenant. All of the store is read all the same, since items lie in no order of tenants. */
  readonly tenant?: string | undefined;
  /** Parts of the store that are read at once. */
  readonly segments?: number | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** What a pass over the store will read, by DynamoDB's own figures, which are up to six hours old. */
export async function estimateVerification(
  client: DynamoDBClient,
  table: string,
): Promise<{ items: number; bytes: number; readUnits: number; dollars: number }> {
  const { Table: { ItemCount: items = 0, TableSizeBytes: bytes = 0 } = {} } = await client.send(
    new DescribeTableCommand({ TableName: table }),
  );
  const readUnits = Math.ceil(bytes / 4096) / 2;
  return { items, bytes, readUnits, dollars: readUnits * dollarsPerReadUnit };
}

/** On demand in us-east-1. */
export const dollarsPerReadUnit = 0.125 / 1_000_000;

/** Proves one stream whole, and that the keys its state holds are reserved for it. Strongly consistent. */
export async function verifyOneStream(
  client: DynamoDBClient,
  table: string,
  key: string,
  expected: Expectations,
): Promise<VerifiedStream> {
  const verifier = new StreamVerifier(key, expected);
  const items = itemsOfPages((after) =>
    client.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: 's = :s',
        ExpressionAttributeValues: { ':s': { S: key } },
        ConsistentRead: true,
        ExclusiveStartKey: after,
      }),
    ),
  );
  for await (const item of items) verifier.add(item);
  const verified = verifier.end();
  for (const held of verified.keys ?? []) {
    const reservation = reservationKey(key, held);
    const owner = await ownerOf(client, table, reservation);
    if (owner !== streamOf(key).id)
      return { ...verified, flaw: { stream: reservation, what: disagreement(key, owner) } };
  }
  return verified;
}

/**
 * Proves the whole store, or one tenant of it, by a parallel scan. Scanned pages are not strongly consistent and the
 * store is written to meanwhile, so whatever looks wrong is read once more, consistently, before it is called a flaw.
 */
export async function verifyStore(
  client: DynamoDBClient,
  table: string,
  options: VerifyOptions,
): Promise<Verification> {
  const progress: Progress = {
    streams: 0,
    commits: 0,
    events: 0,
    snapshots: 0,
    reservations: 0,
    readUnits: 0,
  };
  const seen = new Set<string>();
  const suspects = new Set<string>();
  const held = new Map<string, string>();
  const reserved = new Map<string, string>();

  const finish = (verifier: StreamVerifier | undefined) => {
    if (!verifier) return;
    const result = verifier.end();
    progress.streams += 1;
    progress.snapshots += result.snapshots;
    if (options.sealed) seen.add(result.stream);
    if (result.flaw) suspects.add(result.stream);
    for (const key of result.keys ?? []) held.set(reservationKey(result.stream, key), result.stream);
  };

  async function verifySegment(segment: number, total: number): Promise<void> {
    let current: { key: string; verifier: StreamVerifier } | undefined;
    for await (const item of scan(client, table, { segment, total, tenant: options.tenant }, progress)) {
      const key = textIn(item, 's');
      if (isReservation(item)) {
        progress.reservations += 1;
        if (item['o']?.S !== undefined) reserved.set(key, item['o'].S);
        continue;
      }
      if (current?.key !== key) {
        finish(current?.verifier);
        current = { key, verifier: new StreamVerifier(key, options) };
      }
      current.verifier.add(item);
      progress.commits += item['n'] ? 1 : 0;
      progress.events += Number(item['n']?.N ?? 0);
      if (progress.commits % 1_000 === 0) options.onProgress?.({ ...progress });
    }
    finish(current?.verifier);
  }

  const total = options.segments ?? 4;
  await Promise.all(Array.from({ length: total }, (_, segment) => verifySegment(segment, total)));
  options.onProgress?.({ ...progress });

  for (const [reservation, stream] of held) {
    if (reserved.get(reservation) !== streamOf(stream).id) suspects.add(stream);
  }
  for (const key of options.sealed?.keys() ?? []) {
    if (isOfTenant(key, options.tenant) && !seen.has(key)) suspects.add(key);
  }
  const flaws: Flaw[] = [];
  for (const key of [...suspects].sort()) {
    const { flaw } = await verifyOneStream(client, table, key, options);
    if (flaw) flaws.push(flaw);
  }
  flaws.push(...(await needlessReservations(client, table, { reserved, held, options })));
  return { ...progress, flaws };
}

/** Reservations that keep a key from everybody though no stream holds it. */
async function needlessReservations(
  client: DynamoDBClient,
  table: string,
  found: { reserved: Map<string, string>; held: Map<string, string>; options: VerifyOptions },
): Promise<Flaw[]> {
  const flaws: Flaw[] = [];
  for (const [reservation, id] of found.reserved) {
    const { tenant, type, id: key } = streamOf(reservation);
    if (!found.options.aggregates.some((aggregate) => aggregate.type === type)) continue;
    const stream = streamKey({ tenant, type, id });
    if (found.held.get(reservation) === stream) continue;
    const { keys, flaw } = await verifyOneStream(client, table, stream, found.options);
    if (flaw || keys?.includes(key.slice(1))) continue;
    if ((await ownerOf(client, table, reservation)) === id)
      flaws.push({ stream: reservation, what: `it is reserved for ${stream}, whose state does not hold it` });
  }
  return flaws;
}

function scan(
  client: DynamoDBClient,
  table: string,
  part: { segment: number; total: number; tenant: string | undefined },
  progress: { readUnits: number },
): AsyncGenerator<CommitItem> {
  return itemsOfPages(
    (after) =>
      client.send(
        new ScanCommand({
          TableName: table,
          Segment: part.segment,
          TotalSegments: part.total,
          ExclusiveStartKey: after,
          ReturnConsumedCapacity: 'TOTAL',
          ...(part.tenant === undefined
            ? {}
            : {
                FilterExpression: 'begins_with(s, :tenant)',
                ExpressionAttributeValues: { ':tenant': { S: `${part.tenant}#` } },
              }),
        }),
      ),
    (units) => {
      progress.readUnits += units;
    },
  );
}

async function ownerOf(client: DynamoDBClient, table: string, reservation: string) {
  const { Item: item } = await client.send(
    new GetItemCommand({
      TableName: table,
      Key: { s: { S: reservation }, c: { N: '0' } },
      ConsistentRead: true,
    }),
  );
  return item?.['o']?.S;
}

function reservationKey(stream: string, key: string): string {
  return textIn(reservationItem(streamOf(stream), key, true), 's');
}

function disagreement(stream: string, owner: string | undefined): string {
  return owner === undefined
    ? `${stream} holds it, and it is not reserved`
    : `${stream} holds it, and it is reserved for ${owner}`;
}

function isOfTenant(key: string, tenant: string | undefined): boolean {
  return tenant === undefined || key.startsWith(`${tenant}#`);
}
