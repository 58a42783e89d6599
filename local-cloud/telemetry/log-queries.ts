import { DOUBLE, type DuckDBConnection, type DuckDBValue } from '@duckdb/node-api';

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
      // The type that would be guessed from a whole number does not hold every number.
      const numbers = Object.entries(values).filter(([, value]) => typeof value === 'number');
      const types = Object.fromEntries(numbers.map(([name]) => [name, DOUBLE]));
      return (await connection.runAndReadAll(statement, values, types)).getRowsJS() as unknown[][];
    },
    interrupt: () => connection.interrupt(),
    close: () => connection.closeSync(),
  };
}
