import { Problem } from '#shared/messages/problem.ts';
import { fieldsOf, readCursor, writeCursor } from './cursor.ts';
import type { LoadedTrace } from './load-trace.ts';
import type { Span } from './span.ts';

/** Lambda answers at most 6 MB, and a browser parses this much without a pause that is felt. */
const maximumBytes = 1_500_000;

interface Position {
  readonly offset: number;
  /** Spans of the whole trace when the page before was made. */
  readonly of: number;
}

/** Where the page begins that the cursor asks for. Throws where the trace has grown since, for its order is another. */
export function offsetIn(trace: LoadedTrace, cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  const { offset, of } = readCursor(cursor, isPosition);
  if (of === trace.spans.length) return offset;
  const detail = `The trace ${trace.id} has grown since its first page was read; read it from the beginning.`;
  throw new Problem(409, 'trace-has-grown', 'Trace has grown', detail);
}

/** One page of a trace: what is true of the whole, and as many of its spans, in order, as fit into an answer. */
export function tracePage(trace: LoadedTrace, offset: number) {
  const items: Span[] = [];
  let bytes = 0;
  for (const span of trace.spans.slice(offset)) {
    bytes += JSON.stringify(span).length + 1;
    if (bytes > maximumBytes && items.length > 0) break;
    items.push(span);
  }
  const next = offset + items.length;
  return {
    traceId: trace.id,
    start: new Date(trace.start).toISOString(),
    duration: trace.duration,
    ...verdictOf(trace.spans),
    spans: trace.spans.length,
    services: servicesOf(trace.spans),
    correlationIds: correlationIdsOf(trace.spans),
    cut: trace.cut,
    limitExceeded: trace.limitExceeded,
    items,
    ...(next < trace.spans.length
      ? { nextCursor: writeCursor({ offset: next, of: trace.spans.length }) }
      : {}),
  };
}

/** How it went: flags of the segments, for what fails within and is mended there did not fail the request. */
function verdictOf(spans: readonly Span[]) {
  const segments = spans.filter(({ kind }) => kind === 'segment');
  const judged = segments.length > 0 ? segments : spans;
  const asked = spans.find(({ http }) => http?.method !== undefined && http.url !== undefined)?.http;
  return {
    fault: judged.some(({ fault }) => fault),
    error: judged.some(({ error }) => error),
    throttle: judged.some(({ throttle }) => throttle),
    inProgress: judged.some(({ duration }) => duration === undefined),
    ...(asked ? { http: asked } : {}),
  };
}

function servicesOf(spans: readonly Span[]): { name: string; spans: number }[] {
  const counts = new Map<string, number>();
  for (const { service } of spans) counts.set(service, (counts.get(service) ?? 0) + 1);
  return [...counts].map(([name, count]) => ({ name, spans: count })).slice(0, 200);
}

function correlationIdsOf(spans: readonly Span[]): string[] {
  const ids = new Set<string>();
  for (const { annotations } of spans) {
    const id = annotations?.['correlationId'];
    if (typeof id === 'string') ids.add(id);
  }
  return [...ids].slice(0, 20);
}

function isPosition(value: unknown): value is Position {
  const { offset, of } = fieldsOf(value);
  return Number.isSafeInteger(offset) && Number(offset) >= 0 && Number.isSafeInteger(of);
}
