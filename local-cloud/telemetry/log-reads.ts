import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import type { LogEvent, LogQuery, LogStreamSummary } from './types.ts';

/** Collects conditions and their values, numbered as DuckDB wants them. */
function conditions() {
  const texts: string[] = [];
  const values: DuckDBValue[] = [];
  return {
    /** Each `?` stands for the next of `given`. */
    add(text: string, ...given: DuckDBValue[]) {
      texts.push(text);
      values.push(...given);
    },
    values,
    text: () => texts.join(' AND '),
  };
}

export async function readLogEvents(connection: DuckDBConnection, query: LogQuery): Promise<LogEvent[]> {
  const where = conditions();
  where.add('group_name = ?', query.group);
  if (query.streams) {
    where.add(`stream IN (${query.streams.map(() => '?').join(', ') || 'NULL'})`, ...query.streams);
  }
  if (query.streamPrefix !== undefined) where.add('starts_with(stream, ?)', query.streamPrefix);
  if (query.from !== undefined) where.add('time >= ?', BigInt(query.from));
  if (query.to !== undefined) where.add('time < ?', BigInt(query.to));
  for (const text of query.contains ?? []) where.add('contains(message, ?)', text);
  if (query.containsAny && query.containsAny.length > 0) {
    const any = query.containsAny.map(() => 'contains(message, ?)').join(' OR ');
    where.add(`(${any})`, ...query.containsAny);
  }
  for (const text of query.lacks ?? []) where.add('NOT contains(message, ?)', text);
  if (query.after) {
    const comparison = query.backward ? '<' : '>';
    where.add(
      `(time ${comparison} ? OR (time = ? AND sequence ${comparison} ?))`,
      BigInt(query.after.time),
      BigInt(query.after.time),
      BigInt(query.after.sequence),
    );
  }
  const direction = query.backward ? 'DESC' : 'ASC';
  const reader = await connection.runAndReadAll(
    `SELECT stream, time::DOUBLE AS time, message, ingestion_time::DOUBLE AS ingestionTime,
       sequence::DOUBLE AS sequence
     FROM log_lines WHERE ${where.text()}
     ORDER BY time ${direction}, sequence ${direction} LIMIT ${Math.trunc(query.limit)}`,
    where.values,
  );
  return reader.getRowObjectsJS() as unknown as LogEvent[];
}

export async function readLogStreams(
  connection: DuckDBConnection,
  group: string,
): Promise<LogStreamSummary[]> {
  const reader = await connection.runAndReadAll(
    `SELECT stream, min(time)::DOUBLE AS firstEvent, max(time)::DOUBLE AS lastEvent,
       max(ingestion_time)::DOUBLE AS lastIngestion
     FROM log_lines WHERE group_name = ? GROUP BY stream ORDER BY stream`,
    [group],
  );
  return reader.getRowObjectsJS() as unknown as LogStreamSummary[];
}

export async function readLogSizes(connection: DuckDBConnection): Promise<Map<string, number>> {
  const reader = await connection.runAndReadAll(
    'SELECT group_name, sum(size + 26)::DOUBLE FROM log_lines GROUP BY group_name',
  );
  return new Map(reader.getRowsJS().map(([group, size]) => [String(group), Number(size)]));
}

export async function deleteLogs(
  connection: DuckDBConnection,
  group: string,
  which: { stream?: string; before?: number },
): Promise<void> {
  const where = conditions();
  where.add('group_name = ?', group);
  if (which.stream !== undefined) where.add('stream = ?', which.stream);
  if (which.before !== undefined) where.add('time < ?', BigInt(which.before));
  await connection.run(`DELETE FROM log_lines WHERE ${where.text()}`, where.values);
}
