import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Item } from './row-store.ts';

/** BatchGetItem takes this many keys. */
const keysPerCall = 100;

/**
 * What stands under these keys as of now, by the key; nothing where nothing does. A busy table leaves some keys out of
 * its answer: those are asked for again. It takes no key twice, so a key that stands here twice is asked for once.
 *
 * @param attributes what to read of each item, its key among it; everything where it is left out
 */
export async function itemsUnder(
  client: DynamoDBDocumentClient,
  table: string,
  keys: readonly string[],
  attributes?: string,
): Promise<ReadonlyMap<string, Item>> {
  const items = new Map<string, Item>();
  const distinct = [...new Set(keys)];
  for (let from = 0; from < distinct.length; from += keysPerCall) {
    let wanted: Record<string, unknown>[] = distinct.slice(from, from + keysPerCall).map((k) => ({ k }));
    while (wanted.length > 0) {
      const { Responses: found, UnprocessedKeys: left } = await client.send(
        new BatchGetCommand({
          RequestItems: {
            [table]: { Keys: wanted, ProjectionExpression: attributes, ConsistentRead: true },
          },
        }),
      );
      for (const item of found?.[table] ?? []) items.set(String(item['k']), item as Item);
      wanted = left?.[table]?.Keys ?? [];
    }
  }
  return items;
}
