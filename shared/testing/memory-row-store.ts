import { keyOf, type ReadModel, remove } from '../definition/read-model.ts';
import {
  type Position,
  PositionMoved,
  positionKey,
  type RowStore,
  rowKey,
  start,
} from '../read-models/row-store.ts';

/** A row store in memory, with a look at all its rows. */
export interface MemoryRowStore extends RowStore {
  /** Every row by `tenant#key`, as JSON keeps it. */
  rows(): ReadonlyMap<string, unknown>;
}

/** What stands under one key: a position, a row, or both where there is one row per stream. */
interface Entry {
  readonly position?: Position;
  readonly row?: unknown;
  /** How often the row was written: two streams that share it take turns. */
  readonly writes: number;
}

/**
 * A row store in memory, for tests of what stands above it. Its reads and its writes are apart in time as DynamoDB's
 * are: `turn` is awaited before each of them, so a test decides who comes in between.
 */
export function createMemoryRowStore(
  model: ReadModel,
  turn: () => Promise<void> = () => Promise.resolve(),
): MemoryRowStore {
  const entries = new Map<string, Entry>();
  const positionAt = (key: string) => entries.get(key)?.position ?? start;

  return {
    rows() {
      const rows = [...entries].flatMap(([key, { row }]) => (row === undefined ? [] : [[key, row] as const]));
      return new Map(rows);
    },

    async position(stream) {
      await turn();
      return positionAt(positionKey(model, stream));
    },

    async readTogether(stream, keys) {
      await turn();
      return {
        position: positionAt(positionKey(model, stream)),
        rows: new Map(keys.map((key) => [key, entries.get(rowKey(stream.tenant, key))?.row])),
      };
    },

    async apply(event, from) {
      const stream = { ...event.stream, tenant: event.tenant };
      const atPosition = positionKey(model, stream);
      const key = rowKey(event.tenant, keyOf(model, event));
      await turn();
      const standing = entries.get(key);
      const after = model.project(standing?.row, event);
      await turn();
      const hasMoved = positionAt(atPosition).version !== from.version;
      if (hasMoved || entries.get(key)?.writes !== standing?.writes) throw new PositionMoved();
      const position: Position = { version: event.version, commit: event.commit };
      const row = after === undefined || after === remove ? undefined : plain(after);
      const writes = (standing?.writes ?? 0) + 1;
      if (atPosition === key) entries.set(key, { position, row, writes });
      else {
        entries.set(atPosition, { position, writes: 0 });
        if (row === undefined) entries.delete(key);
        else entries.set(key, { row, writes });
      }
      return position;
    },
  };
}

/** A row as a table keeps it: absent fields are absent, and nobody else can change it. */
const plain = (row: unknown): unknown => JSON.parse(JSON.stringify(row));
