import type { Logger } from '../core/logger.ts';
import type { Telemetry } from '../core/telemetry.ts';
import { copyDatabase, openDatabase } from './database.ts';
import { dimensionsKey } from './dimensions.ts';
import { documentOf } from './log-documents.ts';
import { createLogReader } from './log-queries.ts';
import { deleteLogs, readLogEvents, readLogSizes, readLogStreams } from './log-reads.ts';
import { readMetrics, readPercentile, readStatistics } from './metric-reads.ts';
import { openTraceStore } from './trace-store.ts';
import type { MetricIdentity, MetricSample, TelemetryStore } from './types.ts';
import { compactUsage, createTraceCounter, createUsageMeter, readUsage } from './usage.ts';
import { createWriteBuffer } from './write-buffer.ts';

export { TelemetryFileError } from './database.ts';
export type { LogReader } from './log-queries.ts';
export type * from './types.ts';

const RETENTION_MILLISECONDS = 15 * 24 * 3_600_000;

/** The store behind `cloud.telemetry`. Throws where telemetry is only recorded, as in most tests. */
export function telemetryStore(telemetry: Telemetry): TelemetryStore {
  if (!('statistics' in telemetry)) {
    throw new Error('This cloud only records telemetry; open a store with openTelemetry to read it back.');
  }
  return telemetry as TelemetryStore;
}

/** One impossible time must not cost the whole batch it is stored with. */
function isTime(milliseconds: number): boolean {
  return !Number.isNaN(new Date(milliseconds).getTime());
}

function seriesKey(metric: MetricIdentity, dimensions = dimensionsKey(metric.dimensions)): string {
  return `${metric.namespace}\n${metric.name}\n${dimensions}`;
}

/** Columns of `metric_points` that grow where the same value comes again: its count, and its sum. */
const GROWING = [5, 6];

/**
 * Opens the metrics, logs and traces of a data directory (DuckDB, one file), and forgets what is older than 15 days,
 * traces after 30.
 * Throws `TelemetryFileError`, one sentence that says what to do, when the file is damaged or in use.
 */
export async function openTelemetry(dataDirectory: string, logger: Logger): Promise<TelemetryStore> {
  const database = await openDatabase(dataDirectory, logger);
  const buffer = createWriteBuffer(database, logger);
  const traces = await openTraceStore(database, buffer, logger);
  const meter = createUsageMeter(buffer);
  const countTrace = createTraceCounter(meter.add);
  const revisions = new Map<string, number>();
  // Time in microseconds plus a counter: larger than any sequence of an earlier run without reading the table.
  let sequence = Date.now() * 1_000;

  async function forgetOld(): Promise<void> {
    const before = BigInt(Date.now() - RETENTION_MILLISECONDS);
    for (const statement of [
      'DELETE FROM metric_points WHERE time < $before',
      'DELETE FROM log_lines WHERE time < $before',
    ]) {
      await database.remover.run(statement, { before });
    }
    await traces.forgetOld();
  }
  const forgetting = forgetOld().catch((error: unknown) => {
    logger.error('Old telemetry could not be removed.', { reason: String(error) });
  });

  let compacted = Promise.resolve();
  function compact(): void {
    compacted = compacted
      .then(() => compactUsage(database, Date.now()))
      .catch((error: unknown) => logger.error('Usage could not be joined.', { reason: String(error) }));
  }
  compact();
  const compacting = setInterval(compact, 3_600_000).unref();

  async function reader() {
    await buffer.flush();
    return database.reader;
  }

  function sample(given: MetricSample): void {
    if (!isTime(given.time)) return;
    const resolution = (given.storageResolution ?? 60) * 1_000;
    const dimensions = dimensionsKey(given.dimensions);
    const key = seriesKey(given, dimensions);
    revisions.set(key, (revisions.get(key) ?? 0) + 1);
    const { namespace, name, unit, count, sum, minimum, maximum } = given;
    const time = Math.floor(given.time / resolution) * resolution;
    const row = [namespace, name, dimensions, unit, BigInt(time), count, sum, minimum, maximum];
    // Equal values of one minute are one row that counts them: percentiles are the same, and a busy counter costs little.
    if (minimum === maximum) {
      buffer.addUp('metric_points', `${key}\n${unit}\n${time}\n${minimum}`, row, GROWING);
    } else buffer.add('metric_points', row);
  }

  return {
    sample,
    metric({ value, ...point }) {
      if (!Number.isFinite(value)) return;
      sample({ ...point, count: 1, sum: value, minimum: value, maximum: value });
    },
    logLine(line) {
      if (!isTime(line.time)) return undefined;
      sequence += 1;
      const { isDocument, fragment } = documentOf(line.message);
      buffer.add('log_lines', [
        line.group,
        line.stream,
        BigInt(Math.floor(line.time)),
        BigInt(Date.now()),
        BigInt(sequence),
        line.message,
        BigInt(Buffer.byteLength(line.message)),
        isDocument,
        fragment,
      ]);
      return sequence;
    },
    segment(document) {
      traces.record(document);
      countTrace(document.trace_id);
    },
    traces,
    revision: (metric) => revisions.get(seriesKey(metric)) ?? 0,
    statistics: async (query) => readStatistics(await reader(), query),
    percentile: async (query, fraction) => readPercentile(await reader(), query, fraction),
    metrics: async (filter) => readMetrics(await reader(), filter),
    logEvents: async (query) => readLogEvents(await reader(), query),
    logStreams: async (group) => readLogStreams(await reader(), group),
    async logReader() {
      await buffer.flush();
      return createLogReader(await database.instance.connect());
    },
    logSizes: async () => readLogSizes(await reader()),
    removeLogs: async (group, which = {}) => {
      await buffer.flush();
      await deleteLogs(database.remover, group, which);
    },
    saved: () => buffer.saved(),
    usage: (use) => meter.add(use),
    usageSums: async (query) => {
      meter.flush();
      return readUsage(await reader(), query);
    },
    async copyTo(folder) {
      meter.flush();
      await buffer.flush();
      await copyDatabase(database, folder);
    },
    async close() {
      clearInterval(compacting);
      meter.flush();
      await Promise.all([forgetting, compacted]);
      await buffer.close();
      await traces.close();
      database.reader.closeSync();
      database.remover.closeSync();
      database.writer.closeSync();
      database.instance.closeSync();
    },
  };
}
