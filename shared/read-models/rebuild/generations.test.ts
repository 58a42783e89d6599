import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { expect, test } from 'vitest';
import { answeringClient } from '../../testing/answering-client.ts';
import {
  createControl,
  holdMilliseconds,
  readGeneration,
  tablesOf,
  writtenGenerations,
} from './generations.ts';

const switchAt = 10_000;

test('a read model has two tables, and the first serves until something else is said', () => {
  expect(tablesOf('rows')).toEqual(['rows', 'rows-2']);
  expect(readGeneration({ serving: 1 }, 0)).toBe(1);
  expect(writtenGenerations({ serving: 2 }, 0)).toEqual({ write: [2] });
});

test('during a rebuild the new table is written before the one that serves', () => {
  expect(writtenGenerations({ serving: 1, rebuild: 'r' }, 0)).toEqual({ write: [2, 1] });
  expect(readGeneration({ serving: 1, rebuild: 'r' }, 0)).toBe(1);
  expect(writtenGenerations({ serving: 2, rebuild: 'r' }, 0)).toEqual({ write: [1, 2] });
});

test('readers turn at the appointed moment, and nobody writes shortly before and after', () => {
  const appointed = { serving: 1, rebuild: 'r', switchAt } as const;
  expect(readGeneration(appointed, switchAt - 1)).toBe(1);
  expect(readGeneration(appointed, switchAt)).toBe(2);
  const waitUntil = switchAt + holdMilliseconds;
  expect(writtenGenerations(appointed, switchAt - holdMilliseconds - 1)).toEqual({ write: [2, 1] });
  expect(writtenGenerations(appointed, switchAt - holdMilliseconds)).toEqual({ waitUntil });
  expect(writtenGenerations(appointed, waitUntil - 1)).toEqual({ waitUntil });
  expect(writtenGenerations(appointed, waitUntil)).toEqual({ write: [2] });
});

test('a move that is not due is told from one that DynamoDB could not make', async () => {
  const { client } = answeringClient<DynamoDBDocumentClient>(
    new ConditionalCheckFailedException({ message: '', $metadata: {} }),
    new Error('throttled'),
  );
  const control = createControl(client, 'rows');
  expect(await control.begin('r')).toBe(false);
  await expect(control.begin('r')).rejects.toThrow('throttled');
});
