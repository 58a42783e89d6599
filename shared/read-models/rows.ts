import { type DynamoDBDocumentClient, GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Rows } from '../definition/query.ts';
import type { ListPlace } from '../definition/read-model.ts';
import { invalid } from '../messages/problem.ts';
import type { FreshRows } from './fresh-rows.ts';
import { rowKey } from './row-store.ts';

const defaultLimit = 25;
export const maximumLimit = 100;
/** DynamoDB takes no longer keys, and would call a cursor with one our fault. */
const maximumBytes = { order: 1024, key: 2048 };

/** Rows that are newer than the table and its lists, and where they stand in them. */
export interface Newer<Row> {
  readonly rows: FreshRows;
  readonly listed: (row: Row) => ListPlace;
}

/** A row on its way into a page, with its place in the list. */
interface Placed<Row> {
  readonly key: string;
  readonly order: string;
  readonly row: Row;
}

/** Reads a read model's rows within one tenant; where there are newer ones, they stand in for the table's. */
export function createRows<Row>(
  client: DynamoDBDocumentClient,
  table: string,
  tenant: string,
  newer?: Newer<Row>,
): Rows<Row> {
  return {
    async get(key) {
      if (newer?.rows.has(key)) return newer.rows.get(key) as Row | undefined;
      const { Item: item } = await client.send(
        // Strongly consistent, as positions are read: a caller whose version has been waited for must find it here.
        new GetCommand({ TableName: table, Key: { k: rowKey(tenant, key) }, ConsistentRead: true }),
      );
      return item?.['r'] as Row | undefined;
    },

    async list(list, { limit = defaultLimit, cursor, ascending = false, prefix = '' }) {
      const size = Math.min(limit, maximumLimit);
      const partition = rowKey(tenant, list);
      const after = cursor ? decodeCursor(cursor, tenant) : undefined;
      const { Items: items = [], LastEvaluatedKey: last } = await client.send(
        new QueryCommand({
          TableName: table,
          IndexName: 'lists',
          KeyConditionExpression: prefix === '' ? 'l = :list' : 'l = :list AND begins_with(o, :prefix)',
          ExpressionAttributeValues: { ':list': partition, ...(prefix === '' ? {} : { ':prefix': prefix }) },
          ScanIndexForward: ascending,
          Limit: size,
          ...(after ? { ExclusiveStartKey: { l: partition, ...after } } : {}),
        }),
      );
      const found = items.map(
        (item) => ({ key: item['k'], order: item['o'], row: item['r'] }) as Placed<Row>,
      );
      const end = last && { k: String(last['k']), o: String(last['o']) };
      const page = newer
        ? withNewer(found, placed(newer, tenant, list, prefix), newer, { tenant, after, end, ascending })
        : found;
      const shown = page.slice(0, size);
      const cut = shown.at(-1);
      const next = page.length > size && cut ? { k: cut.key, o: cut.order } : end;
      return {
        items: shown.map(({ row }) => row),
        ...(next ? { nextCursor: encodeCursor(next.o, next.k) } : {}),
      };
    },
  };
}

/** The newer rows that stand in this list. */
function placed<Row>(
  { rows, listed }: Newer<Row>,
  tenant: string,
  list: string,
  prefix: string,
): Placed<Row>[] {
  return [...rows].flatMap(([key, row]) => {
    if (row === undefined) return [];
    const place = listed(row as Row);
    return place.list === list && place.order.startsWith(prefix)
      ? [{ key: rowKey(tenant, key), order: place.order, row: row as Row }]
      : [];
  });
}

/** A page with each newer row in place of the table's, if it belongs between the page's first and last place. */
function withNewer<Row>(
  found: readonly Placed<Row>[],
  additions: readonly Placed<Row>[],
  newer: Newer<Row>,
  bounds: { tenant: string; after: Place | undefined; end: Place | undefined; ascending: boolean },
): Placed<Row>[] {
  const direction = bounds.ascending ? 1 : -1;
  const compare = (left: Place, right: Place) =>
    direction * (left.o === right.o ? compareText(left.k, right.k) : compareText(left.o, right.o));
  const place = ({ key, order }: Placed<Row>) => ({ k: key, o: order });
  const replaced = new Set([...newer.rows.keys()].map((key) => rowKey(bounds.tenant, key)));
  const { after, end } = bounds;
  return [
    ...found.filter(({ key }) => !replaced.has(key)),
    ...additions.filter(
      (row) => (!after || compare(place(row), after) > 0) && (!end || compare(place(row), end) <= 0),
    ),
  ].sort((left, right) => compare(place(left), place(right)));
}

/** Where a row stands in a list: its order and, among equals, its key. */
interface Place {
  readonly o: string;
  readonly k: string;
}

/** As DynamoDB orders texts: by their bytes. */
function compareText(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}

function encodeCursor(order: unknown, key: unknown): string {
  return Buffer.from(JSON.stringify([order, key])).toString('base64url');
}

/** A cursor names a place in a list. It comes back from outside, so it must not lead into another tenant's rows. */
function decodeCursor(cursor: string, tenant: string): Place {
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
