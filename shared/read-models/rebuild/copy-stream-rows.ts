import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { remove } from '../../definition/read-model.ts';
import type { Envelope } from '../../messages/envelope.ts';
import { at, contentOf, type Item, positionIn, positionKey } from '../row-store.ts';
import { sumOf, type Target } from './copy-runs.ts';
import { lastOf, type Run } from './runs.ts';

/**
 * Copies runs where there is one row per stream. Such a row is a function of its stream's events alone, so it is folded
 * in memory and written once, without a read where the run begins with the stream itself.
 */
export function copyStreamRows(target: Target, runs: readonly Run[]): Promise<number> {
  return sumOf(runs, (run) => copyRun(target, run));
}

async function copyRun(target: Target, run: Run): Promise<number> {
  const { client, table, model } = target;
  const k = positionKey(model, run.stream);
  const last = lastOf(run);
  const isWhole = run.events[0].version === 1;
  const standing = isWhole ? undefined : await read(target, k);
  const position = positionIn(standing);
  if (position.version >= last.version) return 0;
  const events = await followingOf(target, run, position);
  let row = standing?.r;
  for (const event of events) {
    const after = model.project(row, event);
    row = after === remove ? undefined : after;
  }
  const content = row === undefined ? {} : contentOf(model, run.stream.tenant, row);
  try {
    await client.send(
      new PutCommand({
        TableName: table,
        Item: { k, ...at({ version: last.version, commit: last.commit }), ...content },
        ConditionExpression: 'attribute_not_exists(k) OR v < :v',
        ExpressionAttributeValues: { ':v': last.version },
      }),
    );
    return 1;
  } catch (error) {
    // A projection was faster: the row is newer than what was to be written.
    if (error instanceof ConditionalCheckFailedException) return 0;
    throw error;
  }
}

/** The events between a position and the run's end, from the store where the run begins later. */
async function followingOf(
  { store }: Target,
  run: Run,
  position: { readonly version: number; readonly commit: number },
): Promise<readonly Envelope[]> {
  const end = lastOf(run).version;
  const events =
    run.events[0].version <= position.version + 1
      ? run.events
      : await store.loadFrom(run.stream, position.commit);
  return events.filter(({ version }) => version > position.version && version <= end);
}

async function read({ client, table }: Target, k: string): Promise<Item | undefined> {
  const { Item: item } = await client.send(
    new GetCommand({ TableName: table, Key: { k }, ConsistentRead: true }),
  );
  return item as Item | undefined;
}
