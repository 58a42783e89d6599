import type { DuckDBAppender, DuckDBConnection } from '@duckdb/node-api';
import type { Logger } from '../core/logger.ts';
import type { Database } from './database.ts';

const FLUSH_AFTER_MILLISECONDS = 500;
const FLUSH_AFTER_ROWS = 1_000;

/** Values of one row in the order of the table's columns; bigint for BIGINT, number for DOUBLE. */
export type Row = (string | number | bigint | boolean | null)[];

export interface WriteBuffer {
  add(table: string, row: Row): void;
  /** Where the batch already holds a row with this key, adds the numbers in the columns `sums` to that one instead. */
  addUp(table: string, key: string, row: Row, sums: readonly number[]): void;
  /** What was added is in the file when this resolves, unless it had to be dropped. */
  flush(): Promise<void>;
  /** The same, and rejects when something had to be dropped. Those who come while a batch is written share the next. */
  saved(): Promise<void>;
  /** What comes after is dropped: nothing may observe a cloud that has ended. */
  close(): Promise<void>;
}

function append(appender: DuckDBAppender, row: Row): void {
  for (const value of row) {
    if (value === null) appender.appendNull();
    else if (typeof value === 'string') appender.appendVarchar(value);
    else if (typeof value === 'bigint') appender.appendBigInt(value);
    else if (typeof value === 'boolean') appender.appendBoolean(value);
    else appender.appendDouble(value);
  }
  appender.endRow();
}

/** In a transaction, closing the appender only hands the rows over; the commit waits for the disk elsewhere. */
export async function appendRows(
  connection: DuckDBConnection,
  table: string,
  rows: readonly Row[],
): Promise<void> {
  const appender = await connection.createAppender(table);
  try {
    for (const row of rows) append(appender, row);
  } finally {
    appender.closeSync();
  }
}

/**
 * Collects rows and appends them in batches, half a second or a thousand rows at most behind. A batch the database
 * refuses (a full disk) is reported and dropped: telemetry must never stop what it observes.
 */
export function createWriteBuffer(database: Database, logger: Logger): WriteBuffer {
  let pending = new Map<string, Row[]>();
  let byKey = new Map<string, Row>();
  let rows = 0;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();
  let sharing: Promise<void> | undefined;
  /** How often a batch was dropped. */
  let dropped = 0;
  let isClosed = false;

  async function write(batches: Map<string, Row[]>): Promise<void> {
    for (const [table, batch] of batches) {
      try {
        await database.writer.run('BEGIN');
        try {
          await appendRows(database.writer, table, batch);
          await database.writer.run('COMMIT');
        } catch (error) {
          await database.writer.run('ROLLBACK');
          throw error;
        }
      } catch (error) {
        dropped += 1;
        logger.error('Telemetry could not be stored and is lost.', {
          table,
          rows: batch.length,
          reason: error instanceof Error ? error.message : String(error),
        });
      }
    }
  }

  function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    if (rows > 0) {
      const batches = pending;
      pending = new Map();
      byKey = new Map();
      rows = 0;
      writing = writing.then(() => write(batches));
    }
    return writing;
  }

  async function share(): Promise<void> {
    await writing;
    sharing = undefined;
    const before = dropped;
    await flush();
    if (dropped > before)
      throw new Error('Telemetry could not be stored; the log of the local cloud says why.');
  }

  function add(table: string, row: Row): void {
    if (isClosed) return;
    const batch = pending.get(table);
    if (batch) batch.push(row);
    else pending.set(table, [row]);
    rows += 1;
    if (rows >= FLUSH_AFTER_ROWS) void flush();
    else timer ??= setTimeout(() => void flush(), FLUSH_AFTER_MILLISECONDS);
  }

  return {
    add,
    addUp(table, key, row, sums) {
      const held = byKey.get(key);
      if (held) for (const column of sums) held[column] = Number(held[column]) + Number(row[column]);
      else {
        byKey.set(key, row);
        add(table, row);
      }
    },
    flush,
    saved: () => {
      sharing ??= share();
      return sharing;
    },
    close() {
      isClosed = true;
      return flush();
    },
  };
}
