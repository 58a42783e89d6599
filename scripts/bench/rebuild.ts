import { randomUUID } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';
import {
  type AttributeValue,
  CreateTableCommand,
  type DynamoDBClient,
  PutItemCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { aggregate } from '#shared/definition/aggregate.ts';
import { readModel } from '#shared/definition/read-model.ts';
import { createEventStore } from '#shared/event-store/event-store.ts';
import { type EventOf, event } from '#shared/messages/event.ts';
import { integer, text } from '#shared/messages/schema.ts';
import { parallelWrites } from '#shared/read-models/rebuild/copy-runs.ts';
import { copyStore } from '#shared/read-models/rebuild/copy-store.ts';
import type { Database } from './database.ts';
import { median } from './statistics.ts';

/** Events in a second, ours beside the floor's. */
export interface RebuildFigure {
  readonly events: number;
  readonly rows: number;
  readonly ours: number;
  readonly floor: number;
  /** Our rate divided by the floor's; median over the rounds. */
  readonly ratio: number;
  /** The most that our side added to the heap, in bytes. */
  readonly heap: number;
}

export const Moved = event('Moved', { to: text(200), by: integer() });
export const parcel = aggregate<number, EventOf<typeof Moved>>('bench/parcel', {
  events: [Moved],
  initial: 0,
  evolve: (state) => state + 1,
});

/** Where a parcel is, and how far it came. */
interface Place {
  readonly id: string;
  readonly to: string;
  readonly distance: number;
}

const places = readModel({
  follows: parcel,
  listed: ({ id, to }: Place) => ({ list: 'all', order: `${to}#${id}` }),
  project: {
    Moved: (row, { stream, data }) => ({
      id: stream.id,
      to: data.to,
      distance: (row?.distance ?? 0) + data.by,
    }),
  },
});

const segments = 4;
const perCommit = 2;
const commitsPerStream = 5;
const tenant = 'bench';

/** Rebuilds the same store again and again into tables of their own, in turns with the floor. */
export async function measureRebuild(
  database: Database,
  streams: number,
  rounds: number,
): Promise<RebuildFigure> {
  const clients = { ours: database.client(), floor: database.client() };
  try {
    await fill(clients.ours, database.table, streams);
    const events = streams * commitsPerStream * perCommit;
    const pairs: { ours: number; floor: number }[] = [];
    let heap = 0;
    for (let round = -1; round < rounds; round++) {
      const before = process.memoryUsage().heapUsed;
      const peak = () => {
        heap = Math.max(heap, process.memoryUsage().heapUsed - before);
      };
      const ours = await tableFor(clients.ours, `ours-${round + 1}`);
      const floor = await tableFor(clients.floor, `floor-${round + 1}`);
      const sides = {
        ours: async () => (await time(() => rebuild(clients.ours, database.table, ours, peak))) / events,
        floor: async () => (await time(() => floorRebuild(clients.floor, database.table, floor))) / events,
      };
      // Each goes first every other time.
      const first = round % 2 === 0 ? await sides.ours() : undefined;
      const floorTime = await sides.floor();
      const pair = { ours: first ?? (await sides.ours()), floor: floorTime };
      if (round >= 0) pairs.push(pair);
    }
    return {
      events,
      rows: streams,
      ours: 1_000 / median(pairs.map(({ ours }) => ours)),
      floor: 1_000 / median(pairs.map(({ floor }) => floor)),
      ratio: median(pairs.map(({ ours, floor }) => floor / ours)),
      heap,
    };
  } finally {
    for (const client of Object.values(clients)) client.destroy();
  }
}

async function fill(client: DynamoDBClient, table: string, streams: number): Promise<void> {
  const store = createEventStore(client, table);
  const one = async () => {
    let { head } = await store.load({ tenant, type: parcel.type, id: randomUUID() });
    for (let commit = 0; commit < commitsPerStream; commit++) {
      const commandId = randomUUID();
      const moves = Array.from({ length: perCommit }, () =>
        Moved({ to: `A street with a number, in a town with a name, ${randomUUID()}`, by: commit }),
      );
      const appended = await store.append(head, moves, {
        domain: 'bench',
        commandId,
        actor: { type: 'user', id: randomUUID() },
        correlationId: commandId,
        causationId: commandId,
        time: Date.now(),
      });
      if (!('head' in appended)) throw new Error('An append met a conflict that nobody made.');
      head = appended.head;
    }
  };
  for (let made = 0; made < streams; made += 20)
    await Promise.all(Array.from({ length: Math.min(20, streams - made) }, one));
}

/** A table as read models have it, empty. Answers its name. */
export async function tableFor(client: DynamoDBClient, name: string): Promise<string> {
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'k', KeyType: 'HASH' }],
      AttributeDefinitions: ['k', 'l', 'o'].map((attribute) => ({
        AttributeName: attribute,
        AttributeType: 'S',
      })),
      GlobalSecondaryIndexes: [
        {
          IndexName: 'lists',
          KeySchema: [
            { AttributeName: 'l', KeyType: 'HASH' },
            { AttributeName: 'o', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    }),
  );
  return name;
}

async function time(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** Rebuilds from the whole store; `atPage` is called before each page that is read. */
export async function rebuild(
  client: DynamoDBClient,
  eventStoreTable: string,
  table: string,
  atPage: () => void,
) {
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  const { isDone } = await copyStore({
    rebuild: table,
    segments,
    scan: client,
    eventStoreTable,
    firstTable: table,
    target: { client: documents, table, model: places, store: createEventStore(client, eventStoreTable) },
    isOver: async () => {
      atPage();
      return false;
    },
  });
  if (!isDone) throw new Error('The rebuild did not come to its end.');
}

/**
 * The least that anybody could do for the same rows: scan as many segments at once, inflate and parse every body, fold
 * each stream of a page by hand, and put each row under the same condition, as many at a time.
 */
async function floorRebuild(client: DynamoDBClient, eventStoreTable: string, table: string): Promise<void> {
  await Promise.all(
    Array.from({ length: segments }, (_, segment) => floorSegment(client, eventStoreTable, table, segment)),
  );
}

async function floorSegment(
  client: DynamoDBClient,
  eventStoreTable: string,
  table: string,
  segment: number,
): Promise<void> {
  const rows = new Map<string, Place & { version: number; commit: number }>();
  let start: Record<string, AttributeValue> | undefined;
  do {
    const page = await client.send(
      new ScanCommand({
        TableName: eventStoreTable,
        Segment: segment,
        TotalSegments: segments,
        ConsistentRead: true,
        ExclusiveStartKey: start,
      }),
    );
    const touched = new Set<string>();
    for (const item of page.Items ?? []) {
      const id = item['s']?.S?.split('#')[2] ?? '';
      const bytes = item['b']?.B ?? new Uint8Array();
      const json = item['f']?.S === 'd' ? inflateRawSync(bytes) : Buffer.from(bytes);
      const body = JSON.parse(json.toString('utf8')) as { e: [string, number, { to: string; by: number }][] };
      for (const [, , { to, by }] of body.e) {
        const distance = (rows.get(id)?.distance ?? 0) + by;
        rows.set(id, { id, to, distance, version: Number(item['v']?.N), commit: Number(item['c']?.N) });
      }
      touched.add(id);
    }
    const waiting = [...touched];
    const worker = async () => {
      for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
        const row = rows.get(id);
        if (row) await putRow(client, table, row);
      }
    };
    await Promise.all(Array.from({ length: parallelWrites }, worker));
    start = page.LastEvaluatedKey;
  } while (start);
}

async function putRow(
  client: DynamoDBClient,
  table: string,
  { id, to, distance, version, commit }: Place & { version: number; commit: number },
): Promise<void> {
  await client.send(
    new PutItemCommand({
      TableName: table,
      Item: {
        k: { S: `${tenant}#${id}` },
        v: { N: `${version}` },
        c: { N: `${commit}` },
        r: { M: { id: { S: id }, to: { S: to }, distance: { N: `${distance}` } } },
        l: { S: `${tenant}#all` },
        o: { S: `${to}#${id}` },
      },
      ConditionExpression: 'attribute_not_exists(k) OR v < :v',
      ExpressionAttributeValues: { ':v': { N: `${version}` } },
    }),
  );
}
