import { type DynamoDBDocumentClient, GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Rows } from '../definition/query.ts';
import { invalid } from '../messages/problem.ts';
import { rowKey } from './row-store.ts';

const defaultLimit = 25;
export const maximumLimit = 100;
/** DynamoDB takes no longer keys, and would call a cursor with one our fault. */
const maximumBytes = { order: 1024, key: 2048 };

/** Reads a read model's rows within one tenant. */
export function createRows<Row>(client: DynamoDBDocumentClient, table: string, tenant: string): Rows<Row> {
  return {
    async get(key) {
      const { Item: item } = await client.send(
        // Strongly consistent, as positions are read: a caller whose version has been waited for must find it here.
        new GetCommand({ TableName: table, Key: { k: rowKey(tenant, key) }, ConsistentRead: true }),
      );
      return item?.['r'] as Row | undefined;
    },

    async list(list, { limit = defaultLimit, cursor, ascending = false }) {
      const partition = rowKey(tenant, list);
      const { Items: items = [], LastEvaluatedKey: last } = await client.send(
        new QueryCommand({
          TableName: table,
          IndexName: 'lists',
          KeyConditionExpression: 'l = :list',
          ExpressionAttributeValues: { ':list': partition },
          ScanIndexForward: ascending,
          Limit: Math.min(limit, maximumLimit),
          ...(cursor ? { ExclusiveStartKey: { l: partition, ...decodeCursor(cursor, tenant) } } : {}),
        }),
      );
      return {
        items: items.map((item) => item['r'] as Row),
        ...(last ? { nextCursor: encodeCursor(last['o'], last['k']) } : {}),
      };
    },
  };
}

function encodeCursor(order: unknown, key: unknown): string {
  return Buffer.from(JSON.stringify([order, key])).toString('base64url');
}

/** A cursor names a place in a list. It comes back from outside, so it must not lead into another tenant's rows. */
function decodeCursor(cursor: string, tenant: string): { o: string; k: string } {
  try {
    const [order, key] = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as unknown[];
    if (
      typeof order === 'string' &&
      order !== '' &&
      Buffer.byteLength(order) <= maximumBytes.order &&
      typeof key === 'string' &&
      key.startsWith(rowKey(tenant, '')) &&
      Buffer.byteLength(key) <= maximumBytes.key
    ) {
      return { o: order, k: key };
    }
  } catch {
    // Not one of ours: told below, like every other.
  }
  throw invalid('Start again without cursor.', [
    { pointer: '#/cursor', detail: 'must be a nextCursor of this list' },
  ]);
}
