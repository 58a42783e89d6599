import { ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  TransactGetCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import { keyOf, type ReadModel, remove } from '../definition/read-model.ts';
import { type Envelope, type StreamName, streamPath } from '../messages/envelope.ts';

/**
 * How far a model has followed one stream, kept beside its rows:
 *
 * | name | what |
 * |---|---|
 * | `k` | `tenant#key` of a row, or `tenant#@type/id` of a position (partition key) |
 * | `v` `c` | version and commit of the last event applied |
 * | `r` | the row; absent on a tombstone or a position |
 * | `w` | how often the row was written, where it stands apart from positions: streams that share it take turns |
 * | `l` `o` | list `tenant#list` and place in it: the sparse index `lists` holds rows alone |
 */
export interface Position {
  readonly version: number;
  readonly commit: number;
}

export const start: Position = { version: 0, commit: 0 };

/** What stands under one key of the table. */
export interface Item {
  k: string;
  v?: number;
  c?: number;
  r?: unknown;
  w?: number;
  l?: string;
  o?: string;
}

export const rowKey = (tenant: string, key: string) => `${tenant}#${key}`;

/** Where the position of a stream stands: in the row itself where there is one row per stream. */
export function positionKey(model: Pick<ReadModel, 'key'>, stream: StreamName): string {
  return rowKey(stream.tenant, model.key ? `@${streamPath(stream)}` : stream.id);
}

/** A transaction reads 100 items, of which one is the position. */
const rowsTogether = 99;

/** A projector that moves the position between all parts of so many looks would have long been done. */
const maximumTurns = 20;

/** Thrown inside when another delivery moved the position first; the projector reads again. */
export class PositionMoved extends Error {}

/** Reads and writes one read model's table, so that rows and position move together or not at all. */
export interface RowStore {
  position(stream: StreamName): Promise<Position>;
  /** The position and these rows as they stood at one moment. */
  readTogether(
    stream: StreamName,
    keys: readonly string[],
  ): Promise<{ position: Position; rows: ReadonlyMap<string, unknown> }>;
  /** Applies one event that follows `from`. Throws `PositionMoved` when the position is not there any more. */
  apply(event: Envelope, from: Position): Promise<Position>;
}

export function createRowStore(client: DynamoDBDocumentClient, table: string, model: ReadModel): RowStore {
  async function read(key: string): Promise<Item | undefined> {
    const { Item: item } = await client.send(
      new GetCommand({ TableName: table, Key: { k: key }, ConsistentRead: true }),
    );
    return item as Item | undefined;
  }

  async function readAtOnce(keys: readonly string[]): Promise<Map<string, Item>> {
    const { Responses: found = [] } = await client.send(
      new TransactGetCommand({ TransactItems: keys.map((k) => ({ Get: { TableName: table, Key: { k } } })) }),
    );
    return new Map(found.flatMap(({ Item: item }) => (item ? [[String(item['k']), item as Item]] : [])));
  }

  // Where the row is the position, it was read with it; the write proves that it has not changed since.
  const rows = new WeakMap<Position, Item>();

  return {
    async position(stream) {
      const item = await read(positionKey(model, stream));
      const position = positionIn(item);
      if (item && !model.key) rows.set(position, item);
      return position;
    },

    async readTogether(stream, keys) {
      const place = positionKey(model, stream);
      const parts = Array.from({ length: Math.max(1, Math.ceil(keys.length / rowsTogether)) }, (_, part) =>
        keys.slice(part * rowsTogether, (part + 1) * rowsTogether),
      );
      for (let turn = 0; turn < maximumTurns; turn++) {
        const items = new Map<string, Item>();
        const versions = new Set<number>();
        for (const part of parts) {
          // The row of a model with one row a stream is its position as well, and a transaction takes each key once.
          const distinct = new Set([place, ...part.map((key) => rowKey(stream.tenant, key))]);
          const found = await readAtOnce([...distinct]);
          versions.add(positionIn(found.get(place)).version);
          for (const [key, item] of found) items.set(key, item);
        }
        // Each part is of one moment; they are of the same while the stream has not moved on between them.
        if (versions.size > 1) continue;
        return {
          position: positionIn(items.get(place)),
          rows: new Map(keys.map((key) => [key, items.get(rowKey(stream.tenant, key))?.r])),
        };
      }
      throw new Error(`The position of ${stream.type} ${stream.id} moved ${maximumTurns} times.`);
    },

    async apply(event, from) {
      const stream = { ...event.stream, tenant: event.tenant };
      const to: Position = { version: event.version, commit: event.commit };
      const key = rowKey(event.tenant, keyOf(model, event));
      const isNew = !model.key && from.version === 0;
      const standing = isNew ? undefined : (rows.get(from) ?? (await read(key)));
      const after = model.project(standing?.r, event);
      const row = after === undefined || after === remove ? undefined : contentOf(model, event.tenant, after);
      const condition = moveFrom(from);
      try {
        if (model.key) {
          const position = {
            Put: { TableName: table, Item: { k: positionKey(model, stream), ...at(to) }, ...condition },
          };
          const guard = writeAfter(standing);
          const written = { k: key, w: (standing?.w ?? 0) + 1, ...row };
          const change = row
            ? [{ Put: { TableName: table, Item: written, ...guard } }]
            : standing === undefined
              ? []
              : [{ Delete: { TableName: table, Key: { k: key }, ...guard } }];
          await client.send(new TransactWriteCommand({ TransactItems: [position, ...change] }));
        } else {
          const written: Item = { k: key, ...at(to), ...row };
          await client.send(new PutCommand({ TableName: table, Item: written, ...condition }));
          rows.set(to, written);
        }
      } catch (error) {
        if (wasOvertaken(error)) throw new PositionMoved();
        throw error;
      }
      return to;
    },
  };
}

export function positionIn(item: Item | undefined): Position {
  return { version: item?.v ?? start.version, commit: item?.c ?? start.commit };
}

export function contentOf(model: ReadModel, tenant: string, row: unknown): Pick<Item, 'r' | 'l' | 'o'> {
  const place = model.listed(row);
  return { r: row, l: rowKey(tenant, place.list), o: place.order };
}

export const at = (position: Position) => ({ v: position.version, c: position.commit });

export function moveFrom(position: Position) {
  return position.version === 0
    ? { ConditionExpression: 'attribute_not_exists(k)' }
    : { ConditionExpression: 'v = :from', ExpressionAttributeValues: { ':from': position.version } };
}

/** Another stream may have written the row since it was read. */
export function writeAfter(standing: Item | undefined) {
  if (!standing) return { ConditionExpression: 'attribute_not_exists(k)' };
  return standing.w === undefined
    ? { ConditionExpression: 'attribute_exists(k) AND attribute_not_exists(w)' }
    : { ConditionExpression: 'w = :w', ExpressionAttributeValues: { ':w': standing.w } };
}

export function wasOvertaken(error: unknown): boolean {
  if (error instanceof ConditionalCheckFailedException) return true;
  return (
    error instanceof TransactionCanceledException &&
    (error.CancellationReasons ?? []).some(
      (reason) => reason.Code === 'ConditionalCheckFailed' || reason.Code === 'TransactionConflict',
    )
  );
}
