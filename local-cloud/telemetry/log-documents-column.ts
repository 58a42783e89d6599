import type { DuckDBConnection } from '@duckdb/node-api';

/** Brings lines up to date that were written before lines told their size and their JSON document. */
export async function addLogDocuments(connection: DuckDBConnection): Promise<void> {
  const columns = await connection.runAndReadAll("SELECT name FROM pragma_table_info('log_lines')");
  if (columns.getRowsJS().some(([name]) => name === 'is_document')) return;
  await connection.run('ALTER TABLE log_lines ADD COLUMN size BIGINT');
  await connection.run('ALTER TABLE log_lines ADD COLUMN is_document BOOLEAN');
  await connection.run('ALTER TABLE log_lines ADD COLUMN fragment VARCHAR');
  await connection.run(
    "UPDATE log_lines SET size = strlen(message), is_document = starts_with(message, '{') AND json_valid(message)",
  );
}
