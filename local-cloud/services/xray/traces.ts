import type { TraceStore } from '../../telemetry/index.ts';
import type { Span } from '../../telemetry/segment-spans.ts';
import { writeSegments } from './documents.ts';
import { type Input, invalid, texts } from './input.ts';

const MOST_TRACES = 5;
const TRACE_ID = /^1-[0-9a-f]{8}-[0-9a-f]{24}$/iu;

/** The trace ids of a request. Throws `InvalidRequestException` for what is none. */
export function traceIds(input: Input): string[] {
  const ids = texts(input, 'TraceIds');
  const wrong = ids.find((id) => !TRACE_ID.test(id));
  if (wrong !== undefined) throw invalid(`Invalid trace id: ${wrong}`);
  return ids;
}

/** BatchGetTraces: whole traces by id. Ids of which nothing is known are told as unprocessed. */
export async function batchGetTraces(store: TraceStore, input: Input): Promise<object> {
  const ids = traceIds(input);
  if (ids.length === 0 || ids.length > MOST_TRACES) {
    throw invalid(`TraceIds must hold 1 to ${MOST_TRACES} ids.`);
  }
  const found: object[] = [];
  const missing: string[] = [];
  for (const id of new Set(ids)) {
    const spans = await store.spans(id);
    if (spans.length === 0) missing.push(id);
    else
      found.push({
        Id: id,
        Duration: durationOf(spans),
        LimitExceeded: false,
        Segments: writeSegments(id, spans),
      });
  }
  return { Traces: found, UnprocessedTraceIds: missing };
}

function durationOf(spans: readonly Span[]): number {
  const first = spans[0]?.startTime ?? 0;
  const last = spans.reduce((end, span) => Math.max(end, span.endTime ?? span.startTime), first);
  return Math.round((last - first) * 1e6) / 1e6;
}
