import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type Envelope, streamPath } from '../messages/envelope.ts';
import { itemsUnder } from './items-under.ts';
import { positionIn, rowKey } from './row-store.ts';

/** What an event says of its stream. */
type StreamMember = Pick<Envelope, 'tenant' | 'stream'>;

/**
 * Answers, for each event, the version to which a table has followed its stream (0 if it never heard of it), without
 * knowing the model: a position stands either in the stream's row or beside the rows.
 */
export function createPositions(client: DynamoDBDocumentClient) {
  return async (table: string, events: readonly StreamMember[]): Promise<number[]> => {
    const keys = events.flatMap(keysOf);
    const items = await itemsUnder(client, table, keys, 'k, v');
    const versionAt = (key: string) => positionIn(items.get(key)).version;
    return events.map((event) => Math.max(...keysOf(event).map(versionAt)));
  };
}

function keysOf(event: StreamMember): string[] {
  return [rowKey(event.tenant, event.stream.id), rowKey(event.tenant, `@${streamPath(event.stream)}`)];
}
