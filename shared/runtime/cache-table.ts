import { gunzipSync, gzipSync } from 'node:zlib';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';

/** An answer that is kept; times are epoch milliseconds. */
export interface KeptAnswer {
  readonly answer: object;
  readonly cachedAt: number;
  readonly expiresAt: number;
}

/** Where answers are kept for all instances of a function, and where one of them claims the right to ask. */
export interface CacheTable {
  read(key: string): Promise<KeptAnswer | undefined>;
  /** False when another holds the claim, or an answer came since the one `seen`. */
  claim(key: string, claim: { until: number; now: number; seen: number | undefined }): Promise<boolean>;
  /** Gives the claim that ends at `until` back. */
  release(key: string, until: number): Promise<void>;
  /** Keeps the answer, which ends the claim. */
  write(key: string, kept: KeptAnswer): Promise<void>;
}

/**
 * | name | what |
 * |---|---|
 * | `k` | the key (partition key) |
 * | `a` | the answer: JSON, compressed |
 * | `t` | when it was had, epoch milliseconds |
 * | `e` | when DynamoDB may delete the item, epoch seconds (TTL; it may be days late) |
 * | `c` | until when somebody has claimed the right to ask, epoch milliseconds |
 */
interface Item {
  a?: Uint8Array;
  t?: number;
  e?: number;
}

/** The cache in the table `name`. */
export function createCacheTable(client: DynamoDBDocumentClient, name: string): CacheTable {
  const at = (key: string) => ({ TableName: name, Key: { k: key } });
  return {
    async read(key) {
      const { Item: found } = await client.send(new GetCommand({ ...at(key), ConsistentRead: true }));
      const { a, t, e } = (found ?? {}) as Item;
      if (a === undefined || t === undefined || e === undefined) return undefined;
      return { answer: JSON.parse(gunzipSync(a).toString('utf8')), cachedAt: t, expiresAt: e * 1000 };
    },

    claim: (key, { until, now, seen }) =>
      holds(
        client.send(
          new UpdateCommand({
            ...at(key),
            UpdateExpression: 'SET c = :until, e = if_not_exists(e, :end)',
            ConditionExpression: `(attribute_not_exists(c) OR c < :now) AND ${
              seen === undefined ? 'attribute_not_exists(t)' : 't = :seen'
            }`,
            ExpressionAttributeValues: {
              ':until': until,
              ':end': Math.ceil(until / 1000),
              ':now': now,
              ...(seen === undefined ? {} : { ':seen': seen }),
            },
          }),
        ),
      ),

    async release(key, until) {
      await holds(
        client.send(
          new UpdateCommand({
            ...at(key),
            UpdateExpression: 'REMOVE c',
            ConditionExpression: 'c = :until',
            ExpressionAttributeValues: { ':until': until },
          }),
        ),
      );
    },

    async write(key, { answer, cachedAt, expiresAt }) {
      const item: Item = {
        a: gzipSync(JSON.stringify(answer)),
        t: cachedAt,
        e: Math.floor(expiresAt / 1000),
      };
      await client.send(new PutCommand({ TableName: name, Item: { k: key, ...item } }));
    },
  };
}

/** Whether the condition of a write held. */
async function holds(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
