import { expect, it } from 'vitest';
import type { LocalClient } from './local-client.ts';
import { storedTables } from './stored.ts';

it('counts the gigabytes of every table, with 100 bytes for each item, over all pages', async () => {
  const call: LocalClient['call'] = async (operation, input) => {
    const { ExclusiveStartTableName: after } = input as { ExclusiveStartTableName?: string };
    if (operation === 'DescribeTable') return { Table: { TableSizeBytes: 2 ** 30 - 1_000, ItemCount: 10 } };
    return after === undefined
      ? { TableNames: ['orders'], LastEvaluatedTableName: 'orders' }
      : { TableNames: ['stock'] };
  };
  const client = { call } as LocalClient;
  expect(await storedTables(client, 'arn:aws:dynamodb:us-east-1:000000000000:')).toMatchObject([
    { resource: 'arn:aws:dynamodb:us-east-1:000000000000:table/orders', amount: 1 },
    { resource: 'arn:aws:dynamodb:us-east-1:000000000000:table/stock', amount: 1 },
  ]);
});
