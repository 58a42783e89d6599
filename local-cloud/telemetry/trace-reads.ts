import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import type { Span } from './segment-spans.ts';
import type { CallCount, SummaryPage, SummaryQuery, TraceCondition } from './trace-types.ts';

/** Rows of `trace_spans` in order of arrival. Columns are read as wholes: a trace may have a hundred thousand spans. */
export async function readSpanRows(
  connection: DuckDBConnection,
  where: string,
  values: DuckDBValue[] | Record<string, DuckDBValue>,
): Promise<Span[]> {
  const result = await connection.runAndReadAll(
    `SELECT trace_id, id, parent_id, is_segment, start_time, end_time, document
     FROM trace_spans WHERE ${where} ORDER BY sequence`,
    values,
  );
  const [traceIds = [], ids = [], parents = [], kinds = [], starts = [], ends = [], documents = []] =
    result.getColumns();
  return ids.map((id, row) => ({
    traceId: String(traceIds[row]),
    id: String(id),
    parentId: (parents[row] ?? undefined) as string | undefined,
    isSegment: kinds[row] === true,
    startTime: Number(starts[row]),
    endTime: (ends[row] ?? undefined) as number | undefined,
    document: String(documents[row]),
  }));
}

export async function readSummaries(
  connection: DuckDBConnection,
  { range, filter, after, limit }: SummaryQuery,
): Promise<SummaryPage> {
  const inRange = `SELECT * FROM trace_summaries t WHERE ${range.text}`;
  const conditions = filter ? [filter.text] : [];
  const values = [...range.values, ...(filter?.values ?? [])];
  if (after) {
    conditions.push('(t.start_time < ? OR (t.start_time = ? AND t.trace_id < ?))');
    values.push(after.startTime, after.startTime, after.traceId);
  }
  // The newest are chosen before their summaries are fetched, which are most of the bytes.
  const chosen = await connection.runAndReadAll(
    `SELECT trace_id, start_time, event_time, summary FROM trace_summaries WHERE rowid IN (
       SELECT t.rowid FROM trace_summaries t WHERE ${range.text}
       ${conditions.map((condition) => `AND (${condition})`).join(' ')}
       ORDER BY t.start_time DESC, t.trace_id DESC LIMIT ${Math.trunc(limit)})
     ORDER BY start_time DESC, trace_id DESC`,
    values,
  );
  const counted = await connection.runAndReadAll(`SELECT count(*)::DOUBLE FROM (${inRange})`, range.values);
  const [traceIds = [], starts = [], events = [], summaries = []] = chosen.getColumns();
  return {
    rows: traceIds.map((traceId, row) => ({
      traceId: String(traceId),
      startTime: Number(starts[row]),
      eventTime: Number(events[row]),
      summary: String(summaries[row]),
    })),
    processed: Number(counted.getRows()[0]?.[0] ?? 0),
  };
}

/** Requests of the traces that meet the condition, counted by caller, callee and response time. */
export async function readCalls(
  connection: DuckDBConnection,
  condition: TraceCondition,
): Promise<CallCount[]> {
  const result = await connection.runAndReadAll(
    `SELECT name, type, max(account) AS account, caller_name AS "callerName", caller_type AS "callerType",
       round(response_time, 3) AS "responseTime", min(start_time) AS "startTime", max(end_time) AS "endTime",
       root, inferred, count(*)::DOUBLE AS count, count(*) FILTER (ok)::DOUBLE AS ok,
       count(*) FILTER (error)::DOUBLE AS error, count(*) FILTER (throttle)::DOUBLE AS throttle,
       count(*) FILTER (fault)::DOUBLE AS fault, sum(response_time) AS "totalResponseTime"
     FROM trace_calls c WHERE c.trace_id IN (SELECT t.trace_id FROM trace_summaries t WHERE ${condition.text})
     GROUP BY ALL ORDER BY min(start_time)`,
    condition.values,
  );
  return result.getRowObjectsJS() as unknown as CallCount[];
}
