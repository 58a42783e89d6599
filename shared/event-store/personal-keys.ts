import { randomBytes } from 'node:crypto';
import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { PersonKey } from './personal-text.ts';

/** Keys of people, apart from the events that they open. */
export interface PersonalKeys {
  /** The key of a person, made at its first use. */
  toSeal(tenant: string, person: string): Promise<PersonKey>;
  /** The key with this id; nothing once the person was forgotten. */
  toReveal(tenant: string, person: string, id: string): Promise<PersonKey | undefined>;
  /** Deletes the key of a person unless it was made later than `made` (epoch milliseconds). */
  forget(tenant: string, person: string, made: number): Promise<void>;
}

/** For stores that record nothing personal. */
export const noPersonalKeys: PersonalKeys = {
  async toSeal() {
    throw new Error('An event has a personal field, and this store was given no keys to seal it with.');
  },
  async toReveal() {
    return undefined;
  },
  async forget() {},
};

const keyBytes = 32;
/** So long a function may show what it could read before a person was forgotten. */
export const cachedMilliseconds = 60_000;
const maximumCached = 10_000;

/**
 * Keys in a DynamoDB table:
 *
 * | name | type | what |
 * |---|---|---|
 * | `p` | S | `tenant#person` (partition key) |
 * | `i` | S | id of the key: another for each key that a person ever had |
 * | `k` | B | AES-256 key |
 * | `t` | N | when it was made, epoch milliseconds |
 *
 * A key is read once a minute by a function that needs it. A key that is gone never comes back, so that is remembered.
 */
export function createPersonalKeys(
  client: () => Promise<DynamoDBClient>,
  table: () => string,
  now: () => number = Date.now,
): PersonalKeys {
  const cache = new Map<string, { key: PersonKey; until: number }>();
  const gone = new Set<string>();
  /** A list of one person's texts asks once for their key. */
  const reading = new Map<string, Promise<PersonKey | undefined>>();
  const nameOf = (tenant: string, person: string) => `${tenant}#${person}`;

  function read(name: string): Promise<PersonKey | undefined> {
    const pending = reading.get(name) ?? readOnce(name).finally(() => reading.delete(name));
    reading.set(name, pending);
    return pending;
  }

  async function readOnce(name: string): Promise<PersonKey | undefined> {
    const { Item: item } = await (await client()).send(
      new GetItemCommand({ TableName: table(), Key: { p: { S: name } }, ConsistentRead: true }),
    );
    const [id, bytes] = [item?.['i']?.S, item?.['k']?.B];
    return id === undefined || !bytes ? undefined : keep(name, { id, bytes });
  }

  function keep(name: string, key: PersonKey): PersonKey {
    if (cache.size >= maximumCached) cache.clear();
    cache.set(name, { key, until: now() + cachedMilliseconds });
    return key;
  }

  function cached(name: string): PersonKey | undefined {
    const found = cache.get(name);
    return found && now() < found.until ? found.key : undefined;
  }

  async function make(name: string): Promise<PersonKey | undefined> {
    const key = { id: randomBytes(6).toString('base64url'), bytes: randomBytes(keyBytes) };
    try {
      await (await client()).send(
        new PutItemCommand({
          TableName: table(),
          Item: { p: { S: name }, i: { S: key.id }, k: { B: key.bytes }, t: { N: `${now()}` } },
          ConditionExpression: 'attribute_not_exists(p)',
        }),
      );
      return keep(name, key);
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return undefined;
      throw error;
    }
  }

  return {
    async toSeal(tenant, person) {
      const name = nameOf(tenant, person);
      // Of two who make it at once one does, and the other reads it.
      const key = cached(name) ?? (await read(name)) ?? (await make(name)) ?? (await read(name));
      if (key) return key;
      throw new Error('The key of a person was made and deleted at once; try again.');
    },

    async toReveal(tenant, person, id) {
      const name = nameOf(tenant, person);
      const known = cached(name);
      if (known?.id === id) return known;
      if (gone.has(`${name}#${id}`)) return undefined;
      const found = await read(name);
      if (found?.id === id) return found;
      if (gone.size >= maximumCached) gone.clear();
      gone.add(`${name}#${id}`);
      return undefined;
    },

    async forget(tenant, person, made) {
      const name = nameOf(tenant, person);
      cache.delete(name);
      try {
        await (await client()).send(
          new DeleteItemCommand({
            TableName: table(),
            Key: { p: { S: name } },
            ConditionExpression: 'attribute_not_exists(p) OR t <= :made',
            ExpressionAttributeValues: { ':made': { N: `${made}` } },
          }),
        );
      } catch (error) {
        // They have written since: that is not what was to be forgotten.
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    },
  };
}
