import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { expect, test } from 'vitest';
import { answeringClient } from '../testing/answering-client.ts';
import { reachedBy } from './reached.ts';

const models = ['sales/orders', 'sales/customers', 'stock/shelves'].map((name) => ({
  name,
  follows: 'everything' as const,
  table: name.replace('/', '-'),
}));
const following = (model: string, id: string) => ({ model, stream: { tenant: 't', type: 'order', id } });

test('how far read models have followed streams is asked of the table that serves each of them', async () => {
  const { client, asked } = answeringClient<DynamoDBDocumentClient>(
    {},
    { Responses: { 'sales-orders': [{ k: 't#o1', v: 4 }, { k: 't#@order/o2', v: 7 }, { k: 't#o2' }] } },
    { Item: { g: 2 } },
    { Responses: { 'stock-shelves-2': [{ k: 't#@order/o1', v: 5 }] } },
  );
  const followed = [
    following('stock/shelves', 'o1'),
    following('sales/orders', 'o1'),
    following('sales/orders', 'o2'),
    following('sales/orders', 'o3'),
  ];
  expect(await reachedBy(client, models, followed)).toEqual([5, 4, 7, 0]);
  expect(asked).toHaveLength(4);
});

test('a read model that is no longer there has come to the end of everything', async () => {
  const { client } = answeringClient<DynamoDBDocumentClient>();
  expect(await reachedBy(client, models, [following('sales/gone', 'o1')])).toEqual([
    Number.POSITIVE_INFINITY,
  ]);
});
