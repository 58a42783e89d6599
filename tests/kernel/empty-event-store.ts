import { BatchWriteItemCommand, type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { itemsOfPages } from '#shared/event-store/pages.ts';

/** BatchWriteItem takes this many. */
const deletesPerCall = 25;

/** Deletes all that the event store of a test holds. Nobody may be writing there. */
export async function emptyEventStore(client: DynamoDBClient, table: string): Promise<void> {
  const deletes = [];
  const items = itemsOfPages((after) =>
    client.send(
      new ScanCommand({
        TableName: table,
        ProjectionExpression: 's, c',
        ConsistentRead: true,
        ExclusiveStartKey: after,
      }),
    ),
  );
  for await (const item of items) deletes.push({ DeleteRequest: { Key: item } });
  for (let from = 0; from < deletes.length; from += deletesPerCall)
    await client.send(
      new BatchWriteItemCommand({ RequestItems: { [table]: deletes.slice(from, from + deletesPerCall) } }),
    );
}
