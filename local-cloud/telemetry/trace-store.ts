import type { Logger } from '../core/logger.ts';
import type { SegmentDocument } from '../core/telemetry.ts';
import type { Database } from './database.ts';
import { newestSpans, type Span, spansOf } from './segment-spans.ts';
import { highest, openTraceIndex } from './trace-index.ts';
import { readCalls, readSpanRows, readSummaries } from './trace-reads.ts';
import type { TraceStore } from './trace-types.ts';
import type { WriteBuffer } from './write-buffer.ts';

/** As long as X-Ray keeps them. */
const RETENTION_SECONDS = 30 * 24 * 3_600;

/** The traces of a telemetry file: records segments, and reads traces back. */
export interface OpenTraceStore extends TraceStore {
  record(document: SegmentDocument): void;
  /** Removes what is older than 30 days. */
  forgetOld(): Promise<void>;
  close(): Promise<void>;
}

export async function openTraceStore(
  database: Database,
  buffer: WriteBuffer,
  logger: Logger,
): Promise<OpenTraceStore> {
  const index = await openTraceIndex(database, () => buffer.flush(), logger);
  let sequence = await highest(database.reader, 'SELECT max(sequence) FROM trace_spans');

  function add(span: Span): void {
    sequence += 1n;
    buffer.add('trace_spans', [
      span.traceId,
      span.id,
      span.parentId ?? null,
      span.isSegment,
      span.startTime,
      span.endTime ?? null,
      sequence,
      span.document,
    ]);
  }

  return {
    record(document) {
      for (const span of spansOf(document)) add(span);
      index.notice();
    },
    async spans(traceId) {
      await buffer.flush();
      return newestSpans(await readSpanRows(database.reader, 'trace_id = ?', [traceId]));
    },
    async summaries(query) {
      await index.refresh();
      return readSummaries(database.reader, query);
    },
    async calls(condition) {
      await index.refresh();
      return readCalls(database.reader, condition);
    },
    forgetOld: () =>
      index.alone(async (connection) => {
        const before = Date.now() / 1_000 - RETENTION_SECONDS;
        for (const table of ['trace_spans', 'trace_calls', 'trace_values']) {
          const old = 'SELECT trace_id FROM trace_summaries WHERE end_time < $before';
          await connection.run(`DELETE FROM ${table} WHERE trace_id IN (${old})`, { before });
        }
        await connection.run('DELETE FROM trace_summaries WHERE end_time < $before', { before });
      }),
    close: () => index.close(),
  };
}
