import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { FollowedModel } from '../definition/definitions.ts';
import { isFollowed } from '../definition/read-model.ts';
import { type CommitItem, decodeCommit, isCommit } from '../event-store/commit.ts';
import { publish } from '../event-store/publish.ts';
import type { Envelope } from '../messages/envelope.ts';
import { createPositions } from '../read-models/positions.ts';
import { documents, dynamodb, generations } from '../runtime/clients.ts';
import { reportFailure, reportingFailures } from '../runtime/failure.ts';
import { log } from '../runtime/log.ts';
import { recordMetric } from '../runtime/metrics.ts';
import { setting } from '../runtime/settings.ts';

/** An event this young may still be on its way; it is not yet missing. */
const graceMilliseconds = 10_000;
/** Bytes read a run, at most: a pass over a large store takes several runs, and costs the same each minute. */
const pagesPerRun = 4;

let cursor: CommitItem | undefined;

/**
 * Looks for streams that a read model has not followed to their end, and notifies again. So even the last event of a
 * stream, lost on its way, arrives. Each run goes on where the last one stopped; a cold start begins a new pass.
 */
export function handler(): Promise<{ examined: number; behind: number }> {
  return reportingFailures(catchUp);
}

async function catchUp(): Promise<{ examined: number; behind: number }> {
  const models = JSON.parse(setting('READ_MODELS')) as FollowedModel[];
  const heads = await nextHeads();
  const positions = createPositions(await documents());
  const behind = new Set<Envelope>();
  for (const model of models) {
    const followed = heads.filter(({ stream }) => isFollowed(model, stream.type));
    const reached = await positions(await generations.servingTable(model.table), followed);
    const late = followed.filter((head, index) => (reached[index] ?? 0) < head.version);
    for (const head of late) behind.add(head);
    const oldest = Math.min(...late.map((head) => Date.parse(head.time)), Date.now());
    recordMetric('ReadModelLag', (Date.now() - oldest) / 1000, 'Seconds', { ReadModel: model.name });
  }
  if (behind.size > 0) {
    log.warn('Read models are behind; notifying again', { streams: [...behind].map((head) => head.id) });
    const refused = await publish(new EventBridgeClient({}), setting('EVENTS_BUS'), [...behind]);
    if (refused.length > 0)
      throw new Error(`The bus refused ${refused.length} of ${behind.size} notifications.`);
  }
  return { examined: heads.length, behind: behind.size };
}

/** The last event of each stream on the next pages of the store. */
async function nextHeads(): Promise<Envelope[]> {
  const client = await dynamodb();
  const heads = new Map<string, Envelope>();
  for (let page = 0; page < pagesPerRun; page++) {
    const { Items: items = [], LastEvaluatedKey: last } = await client.send(
      new ScanCommand({ TableName: setting('EVENT_STORE_TABLE'), ExclusiveStartKey: cursor }),
    );
    for (const item of items.filter(isCommit)) {
      const head = await lastEventOf(item);
      if (!head || Date.now() - Date.parse(head.time) < graceMilliseconds) continue;
      const key = `${head.tenant}#${head.stream.type}#${head.stream.id}`;
      if (head.version > (heads.get(key)?.version ?? 0)) heads.set(key, head);
    }
    cursor = last;
    if (!cursor) break;
  }
  return [...heads.values()];
}

/** The last event of a commit. One that cannot be read is reported, and does not keep the others from being caught up. */
async function lastEventOf(item: CommitItem): Promise<Envelope | undefined> {
  try {
    return decodeCommit(item).events.at(-1);
  } catch (error) {
    await reportFailure(error);
    return undefined;
  }
}
