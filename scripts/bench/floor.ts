import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import {
  type AttributeValue,
  type DynamoDBClient,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import type { Origin } from '#shared/event-store/commit.ts';
import type { DomainEvent } from '#shared/messages/event.ts';

/** What the floor keeps of a stream between two appends. */
export interface FloorHead {
  readonly stream: string;
  commit: number;
  version: number;
  hash: Uint8Array;
}

/**
 * The least that anybody could do for an append: one conditional PutItem of an item with the same attributes and the
 * same bytes as the event store's, its body built by JSON.stringify, deflated where that saves a write unit, and hashed.
 */
export async function floorAppend(
  client: DynamoDBClient,
  table: string,
  head: FloorHead,
  events: readonly DomainEvent[],
  origin: Origin,
): Promise<void> {
  const { stream } = head;
  const { commandId, time } = origin;
  const count = events.length;
  const types = events[0]?.type ?? '';
  const json = Buffer.from(
    JSON.stringify({
      d: origin.domain,
      a: `u:${origin.actor.id}`,
      o: origin.correlationId === commandId ? undefined : origin.correlationId,
      u: origin.causationId === commandId ? undefined : origin.causationId,
      x: origin.trace,
      e: events.map((event) => [event.type, 1, event.data]),
    }),
  );
  const overhead = 75 + stream.length + commandId.length + types.length;
  let stored: Uint8Array = json;
  let format = 'j';
  if (json.length + overhead > 1024) {
    const deflated = deflateRawSync(json);
    if (Math.ceil((deflated.length + overhead) / 1024) < Math.ceil((json.length + overhead) / 1024)) {
      stored = deflated;
      format = 'd';
    }
  }
  head.commit += 1;
  head.version += count;
  const hash = createHash('sha256')
    .update(head.hash)
    .update(JSON.stringify([stream, head.commit, head.version, count, time, commandId, types, format]))
    .update(stored)
    .digest();
  head.hash = hash;
  await client.send(
    new PutItemCommand({
      TableName: table,
      Item: {
        s: { S: stream },
        c: { N: `${head.commit}` },
        v: { N: `${head.version}` },
        n: { N: `${count}` },
        t: { N: `${time}` },
        k: { S: commandId },
        y: { S: types },
        f: { S: format },
        b: { B: stored },
        h: { B: hash },
      },
      ConditionExpression: 'attribute_not_exists(c)',
    }),
  );
}

/**
 * The least that anybody could do for a load: query all pages, inflate and parse every body. Answers the number of
 * events.
 */
export async function floorLoad(client: DynamoDBClient, table: string, stream: string): Promise<number> {
  let events = 0;
  let start: Record<string, AttributeValue> | undefined;
  do {
    const page = await client.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: 's = :s',
        ExpressionAttributeValues: { ':s': { S: stream } },
        ConsistentRead: true,
        ExclusiveStartKey: start,
      }),
    );
    for (const item of page.Items ?? []) {
      const bytes = item['b']?.B ?? new Uint8Array();
      const json = item['f']?.S === 'd' ? inflateRawSync(bytes) : Buffer.from(bytes);
      events += (JSON.parse(json.toString('utf8')) as { e: unknown[] }).e.length;
    }
    start = page.LastEvaluatedKey;
  } while (start);
  return events;
}
