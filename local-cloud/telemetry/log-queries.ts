import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';

/** Runs statements one after the other on a connection of its own, so that it can be interrupted alone. */
export interface LogReader {
  /** Rows of JavaScript values. Throws when interrupted, and for what the database refuses. */
  read(statement: string, values: Record<string, DuckDBValue>): Promise<unknown[][]>;
  /** Ends what runs now as soon as the database notices. */
  interrupt(): void;
  close(): void;
}

export function createLogReader(connection: DuckDBConnection): LogReader {
  return {
    async read(statement, values) {
      return (await connection.runAndReadAll(statement, values)).getRowsJS() as unknown[][];
    },
    interrupt: () => connection.interrupt(),
    close: () => connection.closeSync(),
  };
}
