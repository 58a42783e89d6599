import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { streamKey } from '#shared/event-store/commit.ts';
import type { StreamRecord } from '#shared/functions/relay.ts';
import type { StreamName } from '#shared/messages/envelope.ts';
import { eventStoreTable } from './platform.ts';

/** The first commits of a stream as Lambda hands over the table's stream: bytes as base64. */
export async function streamRecords(
  client: DynamoDBClient,
  stream: StreamName,
  commits: number,
): Promise<StreamRecord[]> {
  const { Items: items = [] } = await client.send(
    new QueryCommand({
      TableName: eventStoreTable,
      KeyConditionExpression: 's = :s',
      ExpressionAttributeValues: { ':s': { S: streamKey(stream) } },
      Limit: commits,
    }),
  );
  return items.map((item) => {
    const image = Object.entries(item).map(([name, value]) => [
      name,
      value.B ? { B: Buffer.from(value.B).toString('base64') } : value,
    ]);
    const sequence = `${stream.id}-${item['c']?.N}`;
    return {
      eventName: 'INSERT',
      dynamodb: { SequenceNumber: sequence, NewImage: Object.fromEntries(image) },
    };
  });
}
