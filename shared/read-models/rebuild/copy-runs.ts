import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { ReadModel } from '../../definition/read-model.ts';
import type { EventStore } from '../../event-store/event-store.ts';
import { copyJoinedRuns } from './copy-joined-runs.ts';
import { copyStreamRows } from './copy-stream-rows.ts';
import type { Run } from './runs.ts';

/** Where runs of events are copied to. */
export interface Target {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
  readonly model: ReadModel;
  readonly store: Pick<EventStore, 'loadFrom'>;
}

/** How many requests of one page are under way at a time. */
export const parallelWrites = 24;

/**
 * Brings the table up to the end of each run. A row is written only where the table is not as far already, so it does
 * no harm that projections write the same table, nor that a page is copied twice.
 *
 * @returns how many rows and positions were written
 */
export function copyRuns(target: Target, runs: readonly Run[]): Promise<number> {
  return target.model.key ? copyJoinedRuns(target, runs) : copyStreamRows(target, runs);
}

/** Does the work on each, some at a time, and answers the sum; the first failure ends it. */
export async function sumOf<Each>(
  all: readonly Each[],
  work: (one: Each) => Promise<number>,
): Promise<number> {
  let sum = 0;
  let next = 0;
  let failed = false;
  const worker = async () => {
    while (!failed && next < all.length) {
      const one = all[next++] as Each;
      try {
        sum += await work(one);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const workers = Array.from({ length: Math.min(parallelWrites, all.length) }, worker);
  const ended = await Promise.allSettled(workers);
  for (const each of ended) if (each.status === 'rejected') throw each.reason;
  return sum;
}
