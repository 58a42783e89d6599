import { BatchWriteItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { CommitItem } from '#shared/event-store/commit.ts';

/** Items in one BatchWriteItem, the most that DynamoDB takes. */
const batch = 25;
const atOnce = 8;

/** Writes commits as only a bench may: many at once and unconditionally. */
export async function fillQuickly(
  client: DynamoDBClient,
  table: string,
  commits: Iterable<CommitItem>,
): Promise<void> {
  const left = commits[Symbol.iterator]();
  const writer = async () => {
    for (let items = next(left); items.length > 0; items = next(left)) await write(client, table, items);
  };
  await Promise.all(Array.from({ length: atOnce }, writer));
}

function next(commits: Iterator<CommitItem>): CommitItem[] {
  const items: CommitItem[] = [];
  while (items.length < batch) {
    const { value, done } = commits.next();
    if (done) break;
    items.push(value);
  }
  return items;
}

async function write(client: DynamoDBClient, table: string, items: readonly CommitItem[]): Promise<void> {
  const puts = items.map((item) => ({ PutRequest: { Item: item } }));
  const { UnprocessedItems: left = {} } = await client.send(
    new BatchWriteItemCommand({ RequestItems: { [table]: puts } }),
  );
  if (Object.keys(left).length > 0) throw new Error('DynamoDB did not take a whole batch.');
}
