import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import { answeringClient } from '../../testing/answering-client.ts';
import { sizeOfTable } from './table-size.ts';

test('the size of a table is what DynamoDB counted last, and nothing before it first counts', async () => {
  const { client, asked } = answeringClient<DynamoDBClient>(
    { Table: { ItemCount: 3, TableSizeBytes: 700 } },
    { Table: {} },
  );
  expect(await sizeOfTable(client, 'rows')).toEqual({ items: 3, bytes: 700 });
  expect(await sizeOfTable(client, 'rows')).toEqual({ items: 0, bytes: 0 });
  expect(asked).toEqual([{ TableName: 'rows' }, { TableName: 'rows' }]);
});
