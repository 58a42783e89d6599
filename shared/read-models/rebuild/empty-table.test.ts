import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { expect, test } from 'vitest';
import { answeringClient } from '../../testing/answering-client.ts';
import { emptyTable } from './empty-table.ts';

const never = async () => false;
const keys = (count: number) => Array.from({ length: count }, (_, index) => ({ k: `t#${index}` }));
const deletes = (some: readonly { k: string }[]) => ({
  RequestItems: { rows: some.map((key) => ({ DeleteRequest: { Key: key } })) },
});

test('a table is emptied page by page, and what is no row and no position stays', async () => {
  const { client, asked } = answeringClient<DynamoDBDocumentClient>(
    { Items: [{ k: '@generations' }, ...keys(26)], LastEvaluatedKey: { k: 't#25' } },
    {},
    {},
    {},
  );
  expect(await emptyTable(client, 'rows', never)).toBe(true);
  expect(asked.slice(1, 3)).toEqual([deletes(keys(25)), deletes(keys(26).slice(25))]);
  expect(asked[3]).toMatchObject({ ExclusiveStartKey: { k: 't#25' } });
});

test('what DynamoDB did not get to is deleted by another call', async () => {
  const left = deletes(keys(2).slice(1)).RequestItems;
  const { client, asked } = answeringClient<DynamoDBDocumentClient>(
    { Items: keys(2) },
    { UnprocessedItems: left },
    {},
  );
  expect(await emptyTable(client, 'rows', never)).toBe(true);
  expect(asked.slice(1)).toEqual([deletes(keys(2)), { RequestItems: left }]);
});

test('a table is not empty where the time is over before its last page', async () => {
  let looks = 0;
  const { client } = answeringClient<DynamoDBDocumentClient>({
    Items: [],
    LastEvaluatedKey: { k: 't#9' },
  });
  expect(await emptyTable(client, 'rows', async () => looks++ > 0)).toBe(false);
});
