import { type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { CommitItem } from '../../event-store/commit.ts';
import { copyRuns, type Target } from './copy-runs.ts';
import { runsIn } from './runs.ts';

/** How much was read and written, over all slices of a rebuild. */
export interface Copied {
  /** Items of the store. */
  readonly items: number;
  readonly events: number;
  /** Rows and positions. */
  readonly rows: number;
  readonly readUnits: number;
}

export const nothingCopied: Copied = { items: 0, events: 0, rows: 0, readUnits: 0 };

/** What a slice of the work is done on. */
export interface CopyJob {
  readonly rebuild: string;
  /** Into how many segments the store is divided; the same in every slice of a rebuild. */
  readonly segments: number;
  readonly scan: DynamoDBClient;
  readonly eventStoreTable: string;
  /** Keeps the checkpoints. */
  readonly firstTable: string;
  readonly target: Target;
  /** Asked before each page: whether to leave the rest to another slice. */
  readonly isOver: () => Promise<boolean>;
}

/** How far one segment is. There is one such item a segment in the first table, under `@segment-<number>`. */
interface Checkpoint extends Copied {
  /** A checkpoint of another rebuild is none. */
  readonly rebuild: string;
  readonly isDone: boolean;
  readonly next?: { readonly s: string; readonly c: number };
}

/** Segments that are read at the same time; each holds one page of a megabyte in memory. */
const parallelSegments = 4;

/**
 * Copies the store's events into the table, page by page, each segment from where its last checkpoint stands. Nothing
 * is remembered between pages but the checkpoint, so whoever comes after a crash goes on, and memory is bounded.
 *
 * Reads are strongly consistent: a commit recorded before the scan began must be seen, for its notification may have
 * gone to a projection that did not yet know of the rebuild.
 */
export async function copyStore(job: CopyJob): Promise<{ isDone: boolean; copied: Copied }> {
  const checkpoints = await readCheckpoints(job.target.client, job);
  const waiting = checkpoints.entries();
  const worker = async () => {
    for (const [segment, checkpoint] of waiting)
      checkpoints[segment] = await copySegment(job, segment, checkpoint);
  };
  const ended = await Promise.allSettled(
    Array.from({ length: Math.min(parallelSegments, job.segments) }, worker),
  );
  for (const each of ended) if (each.status === 'rejected') throw each.reason;
  return {
    isDone: checkpoints.every(({ isDone }) => isDone),
    copied: checkpoints.reduce<Copied>(plus, nothingCopied),
  };
}

async function copySegment(job: CopyJob, segment: number, from: Checkpoint): Promise<Checkpoint> {
  let checkpoint = from;
  while (!checkpoint.isDone && !(await job.isOver())) {
    const page = await job.scan.send(
      new ScanCommand({
        TableName: job.eventStoreTable,
        Segment: segment,
        TotalSegments: job.segments,
        ConsistentRead: true,
        ReturnConsumedCapacity: 'TOTAL',
        ...(checkpoint.next
          ? { ExclusiveStartKey: { s: { S: checkpoint.next.s }, c: { N: `${checkpoint.next.c}` } } }
          : {}),
      }),
    );
    const { Items: items = [], LastEvaluatedKey: end } = page;
    const runs = runsIn(items, job.target.model);
    const rows = await copyRuns(job.target, runs);
    const events = runs.reduce((sum, run) => sum + run.events.length, 0);
    const readUnits = page.ConsumedCapacity?.CapacityUnits ?? 0;
    checkpoint = {
      rebuild: job.rebuild,
      ...plus(checkpoint, { items: items.length, events, rows, readUnits }),
      isDone: end === undefined,
      ...(end ? { next: placeIn(end) } : {}),
    };
    await job.target.client.send(
      new PutCommand({ TableName: job.firstTable, Item: { k: keyOf(segment), ...checkpoint } }),
    );
  }
  return checkpoint;
}

/** What says where the checkpoints of a rebuild stand. */
type Copying = Pick<CopyJob, 'firstTable' | 'rebuild' | 'segments'>;

/** How far a rebuild is, by its checkpoints alone. */
export async function copiedSoFar(client: DynamoDBDocumentClient, copying: Copying): Promise<Copied> {
  return (await readCheckpoints(client, copying)).reduce<Copied>(plus, nothingCopied);
}

function readCheckpoints(
  client: DynamoDBDocumentClient,
  { firstTable, rebuild, segments }: Copying,
): Promise<Checkpoint[]> {
  const beginning: Checkpoint = { rebuild, isDone: false, ...nothingCopied };
  return Promise.all(
    Array.from({ length: segments }, async (_, segment) => {
      const { Item: item } = await client.send(
        new GetCommand({ TableName: firstTable, Key: { k: keyOf(segment) }, ConsistentRead: true }),
      );
      return item?.['rebuild'] === rebuild ? (item as unknown as Checkpoint) : beginning;
    }),
  );
}

const keyOf = (segment: number) => `@segment-${segment}`;

const placeIn = (key: CommitItem) => ({ s: String(key['s']?.S), c: Number(key['c']?.N) });

function plus(left: Copied, right: Copied): Copied {
  return {
    items: left.items + right.items,
    events: left.events + right.events,
    rows: left.rows + right.rows,
    readUnits: left.readUnits + right.readUnits,
  };
}
