import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createEventStore, type EventStore } from '../event-store/event-store.ts';
import { createPersonalKeys, type PersonalKeys } from '../event-store/personal-keys.ts';
import { createKnownGenerations } from '../read-models/rebuild/known-generations.ts';
import { type CacheTable, createCacheTable } from './cache-table.ts';
import { setting } from './settings.ts';
import { tracing } from './tracing.ts';

let client: Promise<DynamoDBClient> | undefined;

/** The function's one DynamoDB client, traced. Made at first use and kept for the life of the function. */
export function dynamodb(): Promise<DynamoDBClient> {
  client ??= tracing().then((trace) => trace.client(new DynamoDBClient({})));
  return client;
}

/** The same client for read models, whose rows are plain objects. */
export async function documents(): Promise<DynamoDBDocumentClient> {
  return DynamoDBDocumentClient.from(await dynamodb(), { marshallOptions: { removeUndefinedValues: true } });
}

let keys: PersonalKeys | undefined;

/** Keys of people in the table that `PERSONAL_KEYS_TABLE` names; those in use are kept for a minute. */
export function personalKeys(): PersonalKeys {
  keys ??= createPersonalKeys(dynamodb, () => setting('PERSONAL_KEYS_TABLE'));
  return keys;
}

/** The event store that `EVENT_STORE_TABLE` names. */
export async function eventStore(): Promise<EventStore> {
  return createEventStore(await dynamodb(), setting('EVENT_STORE_TABLE'), personalKeys());
}

/** Which tables of read models are read and written now. */
export const generations = createKnownGenerations(documents);

/** The cache that `CACHE_TABLE` names. */
export async function sharedCache(): Promise<CacheTable> {
  return createCacheTable(await documents(), setting('CACHE_TABLE'));
}
