import { existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { Logger } from '../core/logger.ts';
import { addLogDocuments } from './log-documents-column.ts';
import { TRACE_SCHEMA } from './segment-tables.ts';

const FILE_NAME = 'telemetry.duckdb';
const IN_USE = /\bset lock\b|conflicting lock/i;

const SCHEMA = `
CREATE TABLE IF NOT EXISTS metric_points (
  namespace VARCHAR, name VARCHAR, dimensions VARCHAR, unit VARCHAR, time BIGINT,
  count DOUBLE, sum DOUBLE, minimum DOUBLE, maximum DOUBLE);
CREATE TABLE IF NOT EXISTS log_lines (
  group_name VARCHAR, stream VARCHAR, time BIGINT, ingestion_time BIGINT, sequence BIGINT, message VARCHAR,
  size BIGINT, is_document BOOLEAN, fragment VARCHAR);
CREATE TABLE IF NOT EXISTS usage_hours (
  hour BIGINT, service VARCHAR, usage_type VARCHAR, operation VARCHAR, resource VARCHAR, quantity DOUBLE);
${TRACE_SCHEMA}`;

/** The telemetry file cannot be used; the message is one sentence for the person who started the local cloud. */
export class TelemetryFileError extends Error {
  override name = 'TelemetryFileError';
}

export interface Database {
  instance: DuckDBInstance;
  /** Writing has a connection of its own, so that a flush never waits for a long read, nor shares its transaction. */
  writer: DuckDBConnection;
  remover: DuckDBConnection;
  reader: DuckDBConnection;
}

async function connect(path: string): Promise<Database> {
  // A small checkpoint threshold keeps the log short that must be replayed after a crash, and so the start fast.
  const instance = await DuckDBInstance.create(path, {
    threads: '2',
    memory_limit: '512MB',
    checkpoint_threshold: '4MB',
  });
  try {
    const writer = await instance.connect();
    await writer.run(SCHEMA);
    await addLogDocuments(writer);
    return { instance, writer, remover: await instance.connect(), reader: await instance.connect() };
  } catch (error) {
    instance.closeSync();
    throw error;
  }
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n', 1)[0] ?? message;
}

function unusable(path: string, error: unknown): TelemetryFileError {
  const reason = firstLine(error);
  if (IN_USE.test(reason)) {
    return new TelemetryFileError(
      `The telemetry file ${path} is in use by another process; stop the other local cloud, or choose another data folder.`,
      { cause: error },
    );
  }
  return new TelemetryFileError(
    `The telemetry file ${path} cannot be read (${reason}); move it away to begin with empty metrics, logs and traces, or start with an empty data folder.`,
    { cause: error },
  );
}

/**
 * Opens the telemetry file of a data directory, or makes it. DuckDB drops the torn end of its write-ahead log by
 * itself; a log it cannot replay at all is set aside under another name, since the file without it is whole. Throws
 * `TelemetryFileError` when the file is damaged or in use.
 */
export async function openDatabase(dataDirectory: string, logger: Logger): Promise<Database> {
  const path = join(dataDirectory, FILE_NAME);
  const log = `${path}.wal`;
  // A process killed while it made the file may leave an empty one.
  if (existsSync(path) && statSync(path).size === 0) rmSync(path);
  try {
    return await connect(path);
  } catch (error) {
    if (IN_USE.test(firstLine(error)) || !existsSync(log) || !existsSync(path)) throw unusable(path, error);
    const aside = `${log}.damaged-${Date.now()}`;
    renameSync(log, aside);
    try {
      const database = await connect(path);
      logger.warn('The telemetry log could not be replayed; the newest metrics, logs and traces are lost.', {
        setAside: aside,
        reason: firstLine(error),
      });
      return database;
    } catch (again) {
      renameSync(aside, log);
      throw unusable(path, again);
    }
  }
}

/** Copies what is committed into the telemetry file of another data directory, which has none yet; writing goes on. */
export async function copyDatabase({ instance }: Database, dataDirectory: string): Promise<void> {
  mkdirSync(dataDirectory, { recursive: true });
  const path = join(dataDirectory, FILE_NAME).replaceAll("'", "''");
  const connection = await instance.connect();
  try {
    await connection.run(`ATTACH '${path}' AS copy`);
    await connection.run('COPY FROM DATABASE telemetry TO copy');
    await connection.run('DETACH copy');
  } finally {
    connection.closeSync();
  }
}
