import { DescribeTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { TableSize } from './estimate.ts';

/** How much a table holds, as DynamoDB last counted; it costs no read unit. */
export async function sizeOfTable(client: DynamoDBClient, table: string): Promise<TableSize> {
  const { Table: described } = await client.send(new DescribeTableCommand({ TableName: table }));
  return { items: described?.ItemCount ?? 0, bytes: described?.TableSizeBytes ?? 0 };
}
