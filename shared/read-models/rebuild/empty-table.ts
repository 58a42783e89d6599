import { BatchWriteCommand, type DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { sumOf } from './copy-runs.ts';
import { isControl } from './generations.ts';

/** BatchWriteItem takes this many. */
const deletesPerCall = 25;

/**
 * Deletes every row and position of a table that nobody reads or writes. It needs no checkpoint: what is deleted is not
 * found again.
 *
 * @returns whether the table is empty
 */
export async function emptyTable(
  client: DynamoDBDocumentClient,
  table: string,
  isOver: () => Promise<boolean>,
): Promise<boolean> {
  let start: Record<string, unknown> | undefined;
  do {
    if (await isOver()) return false;
    const page = await client.send(
      new ScanCommand({
        TableName: table,
        ProjectionExpression: 'k',
        ConsistentRead: true,
        ...(start ? { ExclusiveStartKey: start } : {}),
      }),
    );
    const keys = (page.Items ?? []).map((item) => String(item['k'])).filter((key) => !isControl(key));
    const calls = Array.from({ length: Math.ceil(keys.length / deletesPerCall) }, (_, call) =>
      keys.slice(call * deletesPerCall, (call + 1) * deletesPerCall),
    );
    await sumOf(calls, (some) => deleteAll(client, table, some));
    start = page.LastEvaluatedKey;
  } while (start);
  return true;
}

async function deleteAll(
  client: DynamoDBDocumentClient,
  table: string,
  keys: readonly string[],
): Promise<number> {
  let requests: Record<string, unknown>[] = keys.map((k) => ({ DeleteRequest: { Key: { k } } }));
  for (let tries = 0; requests.length > 0; tries++) {
    if (tries > 0) await new Promise((resolve) => setTimeout(resolve, Math.min(50 * 2 ** tries, 1_000)));
    const { UnprocessedItems: left } = await client.send(
      new BatchWriteCommand({ RequestItems: { [table]: requests } }),
    );
    requests = left?.[table] ?? [];
  }
  return keys.length;
}
