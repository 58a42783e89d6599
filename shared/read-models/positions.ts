import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type Envelope, streamPath } from '../messages/envelope.ts';
import { rowKey } from './row-store.ts';

/** What an event says of its stream. */
type StreamMember = Pick<Envelope, 'tenant' | 'stream'>;

/** BatchGetItem takes this many keys; each stream asks for two. */
const streamsPerCall = 50;

/**
 * Answers, for each event, the version to which a table has followed its stream (0 if it never heard of it), without
 * knowing the model: a position stands either in the stream's row or beside the rows.
 */
export function createPositions(client: DynamoDBDocumentClient) {
  return async (table: string, events: readonly StreamMember[]): Promise<number[]> => {
    const versions = new Map<string, number>();
    for (let from = 0; from < events.length; from += streamsPerCall) {
      let keys: Record<string, unknown>[] = events
        .slice(from, from + streamsPerCall)
        .flatMap((event) => keysOf(event).map((k) => ({ k })));
      while (keys.length > 0) {
        const { Responses: found, UnprocessedKeys: left } = await client.send(
          new BatchGetCommand({
            RequestItems: { [table]: { Keys: keys, ProjectionExpression: 'k, v', ConsistentRead: true } },
          }),
        );
        for (const item of found?.[table] ?? []) versions.set(String(item['k']), Number(item['v'] ?? 0));
        keys = left?.[table]?.Keys ?? [];
      }
    }
    return events.map((event) => Math.max(...keysOf(event).map((key) => versions.get(key) ?? 0)));
  };
}

function keysOf(event: StreamMember): string[] {
  return [rowKey(event.tenant, event.stream.id), rowKey(event.tenant, `@${streamPath(event.stream)}`)];
}
