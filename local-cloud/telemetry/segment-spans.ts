import type { SegmentDocument } from '../core/telemetry.ts';

/** One segment or subsegment, without those beneath it. */
export interface Span {
  traceId: string;
  id: string;
  parentId: string | undefined;
  /** A segment is the work of one service; a subsegment is a step within one. */
  isSegment: boolean;
  /** Epoch seconds. */
  startTime: number;
  /** Undefined while it is in progress. */
  endTime: number | undefined;
  /** JSON text without `subsegments`; a subsegment's also without what only says where it belongs. */
  document: string;
}

type Fields = Record<string, unknown>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const timeOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined;

/**
 * Takes a document apart: every subsegment within it becomes a span of its own, so that those that come within
 * another and those that are sent alone are one thing, and a document that is sent again replaces each of its parts.
 */
export function spansOf(document: SegmentDocument): Span[] {
  const spans: Span[] = [];
  const waiting: { fields: Fields; parentId: string | undefined; isSegment: boolean }[] = [
    { fields: document, parentId: document.parent_id, isSegment: document['type'] !== 'subsegment' },
  ];
  for (let part = waiting.pop(); part; part = waiting.pop()) {
    const { fields, parentId, isSegment } = part;
    const { subsegments, ...own } = fields;
    const id = String(own['id']);
    spans.push({
      traceId: document.trace_id,
      id,
      parentId,
      isSegment,
      startTime: timeOf(own['start_time']) ?? document.start_time,
      endTime: own['in_progress'] === true ? undefined : timeOf(own['end_time']),
      document: JSON.stringify(isSegment ? own : withoutPlace(own)),
    });
    if (!Array.isArray(subsegments)) continue;
    for (const child of subsegments) {
      if (isFields(child) && typeof child['id'] === 'string') {
        waiting.push({ fields: child, parentId: id, isSegment: false });
      }
    }
  }
  return spans;
}

function withoutPlace({ trace_id: _trace, parent_id: _parent, type: _type, ...own }: Fields): Fields {
  return own;
}

/** The newest of every span, in order of start. */
export function newestSpans(inOrderOfArrival: readonly Span[]): Span[] {
  const newest = new Map<string, Span>();
  for (const span of inOrderOfArrival) newest.set(span.id, span);
  return [...newest.values()].sort((one, other) => one.startTime - other.startTime);
}
