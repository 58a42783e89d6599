import { createHmac, randomBytes } from 'node:crypto';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { documents } from './clients.ts';
import { setting } from './settings.ts';

const keyBytes = 32;

/**
 * The secret that this key of the installation always leads to for these parts: HMAC-SHA256, 32 bytes. Nothing has to
 * keep it, so nothing can leak it; only the key is kept, in `KEYS_TABLE`, apart from events and read models.
 *
 * @throws where the key was not made yet: see `ensureKey`
 */
export async function derivedSecret(key: string, ...parts: string[]): Promise<Buffer> {
  const found = await read(key);
  if (!found) throw new Error(`The key ${key} of this installation was not made yet.`);
  return createHmac('sha256', found).update(JSON.stringify(parts)).digest();
}

/** Makes a key at its first use. Of two who make it at once, one does, and both use that one. */
export async function ensureKey(key: string): Promise<void> {
  if (await read(key)) return;
  const client = await documents();
  const Item = { k: key, v: randomBytes(keyBytes) };
  try {
    await client.send(
      new PutCommand({
        TableName: setting('KEYS_TABLE'),
        Item,
        ConditionExpression: 'attribute_not_exists(k)',
      }),
    );
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}

async function read(key: string): Promise<Uint8Array | undefined> {
  const client = await documents();
  const { Item: item } = await client.send(
    new GetCommand({ TableName: setting('KEYS_TABLE'), Key: { k: key }, ConsistentRead: true }),
  );
  return item?.['v'] as Uint8Array | undefined;
}
