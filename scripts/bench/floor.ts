import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { snapshotInterval, snapshotKey } from '#shared/event-store/snapshot.ts';
import type { AppendInput } from './event-store-inputs.ts';

type Item = Record<string, AttributeValue>;
interface Body {
  readonly e: readonly unknown[];
}

/** What the floor knows of the end of a stream. */
export interface FloorHead {
  readonly stream: string;
  commit: number;
  version: number;
  hash: Uint8Array;
}

const emptyBytes = new Uint8Array();

/**
 * The least that anybody could do for an append: one conditional PutItem of an item with the same attributes and the
 * same bytes as the event store's, its body built by JSON.stringify, deflated where that saves a write unit, and hashed.
 * False when somebody else was first; `head` is then where their commit ends.
 */
export async function floorAppend(
  client: DynamoDBClient,
  table: string,
  head: FloorHead,
  { events, origin }: AppendInput,
): Promise<boolean> {
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
  const commit = head.commit + 1;
  const version = head.version + count;
  const hash = createHash('sha256')
    .update(head.hash)
    .update(JSON.stringify([stream, commit, version, count, time, commandId, types, format]))
    .update(stored)
    .digest();
  const put = new PutItemCommand({
    TableName: table,
    Item: {
      s: { S: stream },
      c: { N: `${commit}` },
      v: { N: `${version}` },
      n: { N: `${count}` },
      t: { N: `${time}` },
      k: { S: commandId },
      y: { S: types },
      f: { S: format },
      b: { B: stored },
      h: { B: hash },
    },
    ConditionExpression: 'attribute_not_exists(c)',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  try {
    await client.send(put);
    Object.assign(head, { commit, version, hash });
    return true;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException && error.Item)) throw error;
    bodyOf(error.Item);
    const { v, h } = error.Item;
    Object.assign(head, { commit, version: Number(v?.N), hash: h?.B ?? emptyBytes });
    return false;
  }
}

/** A commit's body: inflated where need be, and parsed. */
function bodyOf(item: Item): Body {
  const bytes = item['b']?.B ?? emptyBytes;
  const json = item['f']?.S === 'd' ? inflateRawSync(bytes) : Buffer.from(bytes);
  return JSON.parse(json.toString('utf8')) as Body;
}

/** The least that anybody could do for a load: query all pages, inflate and parse every body. */
export async function floorLoad(client: DynamoDBClient, table: string, stream: string): Promise<Body[]> {
  const bodies: Body[] = [];
  let start: Item | undefined;
  do {
    const page = await client.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: 's = :s AND c < :snapshot',
        ExpressionAttributeValues: { ':s': { S: stream }, ':snapshot': { N: `${snapshotKey}` } },
        ConsistentRead: true,
        ExclusiveStartKey: start,
      }),
    );
    for (const item of page.Items ?? []) bodies.push(bodyOf(item));
    start = page.LastEvaluatedKey;
  } while (start);
  return bodies;
}

/**
 * The least that anybody could do for a state from its snapshot: one query backward, the snapshot's body parsed, and the
 * bodies since. Answers the number of events since.
 */
export async function floorSnapshotLoad(
  client: DynamoDBClient,
  table: string,
  stream: string,
): Promise<number> {
  const { Items: [snapshot, ...commits] = [] } = await client.send(
    new QueryCommand({
      TableName: table,
      KeyConditionExpression: 's = :s',
      ExpressionAttributeValues: { ':s': { S: stream } },
      ConsistentRead: true,
      ScanIndexForward: false,
      Limit: snapshotInterval + 2,
    }),
  );
  if (!snapshot) throw new Error('There is no snapshot.');
  bodyOf(snapshot);
  const made = Number(snapshot['m']?.N);
  const since = commits.filter(({ c }) => Number(c?.N) > made);
  return since.reduce((events, item) => events + bodyOf(item).e.length, 0);
}
