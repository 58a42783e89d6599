import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { expect, test } from 'vitest';
import { answeringClient } from '../testing/answering-client.ts';
import { itemsUnder } from './items-under.ts';

const keysIn = (asked: object | undefined): unknown[] => {
  const { RequestItems: of } = asked as { RequestItems: { rows: { Keys: { k: string }[] } } };
  return of.rows.Keys.map(({ k }) => k);
};

test('items are read a hundred at a time, each once', async () => {
  const keys = Array.from({ length: 250 }, (_, index) => `k${index}`);
  const { client, asked } = answeringClient<DynamoDBDocumentClient>({}, {}, {});
  await itemsUnder(client, 'rows', [...keys, ...keys]);
  expect(asked.map((each) => keysIn(each).length)).toEqual([100, 100, 50]);
  expect(asked.flatMap(keysIn)).toEqual(keys);
});

test('what a busy table left out is asked for again, and what is not there is left out', async () => {
  const { client, asked } = answeringClient<DynamoDBDocumentClient>(
    { Responses: { rows: [{ k: 'b', v: 2 }] }, UnprocessedKeys: { rows: { Keys: [{ k: 'c' }] } } },
    { Responses: { rows: [{ k: 'c', v: 3 }] } },
  );
  const items = await itemsUnder(client, 'rows', ['a', 'b', 'c'], 'k, v');
  expect([...items]).toEqual([
    ['b', { k: 'b', v: 2 }],
    ['c', { k: 'c', v: 3 }],
  ]);
  expect(asked.map(keysIn)).toEqual([['a', 'b', 'c'], ['c']]);
});
