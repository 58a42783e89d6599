import { ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { expect, test } from 'vitest';
import { type ReadModel, readModel } from '../definition/read-model.ts';
import { answeringClient } from '../testing/answering-client.ts';
import { counter } from '../testing/counter.ts';
import { createRowStore, wasOvertaken } from './row-store.ts';

const about = { message: '', $metadata: {} };
const cancelled = (...codes: string[]) =>
  new TransactionCanceledException({ ...about, CancellationReasons: codes.map((Code) => ({ Code })) });

test('a write was overtaken where another stream wrote the same row or position first', () => {
  expect(wasOvertaken(new ConditionalCheckFailedException(about))).toBe(true);
  expect(wasOvertaken(cancelled('None', 'ConditionalCheckFailed'))).toBe(true);
  expect(wasOvertaken(cancelled('TransactionConflict', 'None'))).toBe(true);
});

test('a write was not overtaken where DynamoDB refused it for another reason, or for none that it tells', () => {
  expect(wasOvertaken(cancelled('None', 'ThrottlingError'))).toBe(false);
  expect(wasOvertaken(new TransactionCanceledException(about))).toBe(false);
  expect(wasOvertaken(new Error('ConditionalCheckFailed'))).toBe(false);
});

const model: ReadModel = readModel({
  follows: counter,
  key: ({ id }) => id,
  listed: () => ({ list: 'all', order: '' }),
  project: {},
});
const stream = { tenant: 't', type: 'counter', id: 'c' };
const keys = Array.from({ length: 100 }, (_, index) => `row-${index}`);
const positionAt = (v: number) => ({ Item: { k: 't#@counter/c', v, c: v } });
const rowAt = (key: string, v: number) => ({ Item: { k: `t#${key}`, r: v } });

test('rows in two parts are read again when the stream moved on between them', async () => {
  const { client, asked } = answeringClient<DynamoDBDocumentClient>(
    { Responses: [positionAt(1), rowAt('row-0', 1)] },
    { Responses: [positionAt(2), rowAt('row-99', 2)] },
    { Responses: [positionAt(2), rowAt('row-0', 2)] },
    { Responses: [positionAt(2), rowAt('row-99', 2)] },
  );
  const { position, rows } = await createRowStore(client, 'table', model).readTogether(stream, keys);
  expect(position).toEqual({ version: 2, commit: 2 });
  expect([rows.get('row-0'), rows.get('row-99')]).toEqual([2, 2]);
  expect(asked.map(({ TransactItems: items }) => (items as unknown[]).length)).toEqual([100, 2, 100, 2]);
});

test('rows of a stream that never rests are given up, and not told as of one moment', async () => {
  const answers = Array.from({ length: 40 }, (_, index) => ({ Responses: [positionAt(index + 1)] }));
  const { client } = answeringClient<DynamoDBDocumentClient>(...answers);
  await expect(createRowStore(client, 'table', model).readTogether(stream, keys)).rejects.toThrow(
    'The position of counter c moved 20 times.',
  );
});

test('a table that answers nothing has no rows', async () => {
  const { client } = answeringClient<DynamoDBDocumentClient>({});
  expect(await createRowStore(client, 'table', model).readTogether(stream, ['row'])).toEqual({
    position: { version: 0, commit: 0 },
    rows: new Map([['row', undefined]]),
  });
});
