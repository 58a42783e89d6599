import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { describe, expect, test } from 'vitest';
import { answeringClient } from '../testing/answering-client.ts';
import { createRows } from './rows.ts';

interface Order {
  readonly id: string;
  readonly list?: string;
  readonly at: string;
}

/** A row as the table's list answers it. */
const item = (row: Order) => ({ k: `t#${row.id}`, l: `t#${row.list ?? 'open'}`, o: row.at, r: row });
const listed = ({ list = 'open', at }: Order) => ({ list, order: at });
const newerRows = (...rows: readonly (Order | { id: string; gone: true })[]) => ({
  rows: new Map(rows.map((row) => [row.id, 'gone' in row ? undefined : row])),
  listed,
});
const [a, b, c] = ['a', 'b', 'c'].map((id, index): Order => ({ id, at: `${index + 1}` }));

describe('a page of a list with newer rows', () => {
  const pageOf = async (
    found: readonly (Order | undefined)[],
    newer: ReturnType<typeof newerRows>,
    page: { ascending?: boolean; prefix?: string; limit?: number; cursor?: string | undefined } = {},
    last?: Order,
  ) => {
    const Items = found.flatMap((row) => (row ? [item(row)] : []));
    const { client } = answeringClient<DynamoDBDocumentClient>({
      Items,
      ...(last ? { LastEvaluatedKey: item(last) } : {}),
    });
    const { items, nextCursor } = await createRows<Order>(client, 'rows', 't', newer).list('open', page);
    return { ids: items.map(({ id }) => id), nextCursor };
  };

  test('has them where they belong, highest first or ascending', async () => {
    const newer = newerRows({ id: 'n', at: '15' }, { id: 'same', at: '2' });
    expect((await pageOf([c, b, a], newer)).ids).toEqual(['c', 'same', 'b', 'n', 'a']);
    expect((await pageOf([a, b, c], newer, { ascending: true })).ids).toEqual(['a', 'n', 'b', 'same', 'c']);
  });

  test('leaves out those that are gone, that moved to another list, or begin otherwise', async () => {
    const newer = newerRows(
      { id: 'a', gone: true },
      { id: 'b', list: 'done', at: '2' },
      { id: 'n', at: '9' },
    );
    expect((await pageOf([c, b, a], newer, { prefix: '3' })).ids).toEqual(['c']);
  });

  test('leaves to other pages what stands before or after it', async () => {
    const newer = newerRows({ id: 'n', at: '25' }, { id: 'low', at: '05' });
    const first = await pageOf([c, b], newer, { limit: 3 }, b);
    expect(first.ids).toEqual(['c', 'n', 'b']);
    const second = await pageOf([a], newer, { limit: 3, cursor: first.nextCursor });
    expect(second).toEqual({ ids: ['a', 'low'], nextCursor: undefined });
  });

  test('ends where it is full, and the next begins there', async () => {
    const { ids, nextCursor } = await pageOf([c, b], newerRows({ id: 'n', at: '25' }), { limit: 2 }, b);
    expect(ids).toEqual(['c', 'n']);
    expect((await pageOf([b, a], newerRows(), { limit: 2, cursor: nextCursor })).ids).toEqual(['b', 'a']);
  });
});

describe('a row', () => {
  test('is the newer one where there is one, and none where that was removed', async () => {
    const { client } = answeringClient<DynamoDBDocumentClient>({ Item: a && item(a) }, {});
    const newer = newerRows({ id: 'b', at: '7' }, { id: 'c', gone: true });
    const rows = createRows<Order>(client, 'rows', 't', newer);
    expect([await rows.get('b'), await rows.get('c')]).toEqual([{ id: 'b', at: '7' }, undefined]);
    expect([await rows.get('a'), await rows.get('d')]).toEqual([a, undefined]);
  });
});
