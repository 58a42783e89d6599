import type { Span } from '../../telemetry/segment-spans.ts';
import { inferredSegment, isDownstreamCall } from '../../telemetry/trace-inferred.ts';

/** One entry of a trace's `Segments`. */
export interface WrittenSegment {
  Id: string;
  Document: string;
}

/**
 * Writes the segments of one trace as X-Ray tells them: every subsegment within its segment, however it came, and a
 * segment made up for each downstream call whose callee sent none. Texts are joined and hardly any is parsed, so that
 * a hundred thousand spans are no burden.
 *
 * @param spans the newest of every span, in order of start
 */
export function writeSegments(traceId: string, spans: readonly Span[]): WrittenSegment[] {
  const tree = treeOf(spans);
  const texts = new Map<Span, string>();
  for (const span of tree.parentsFirst.reverse()) texts.set(span, textOf(span, tree.children, texts));
  const told = spans
    .filter((span) => tree.tops.has(span))
    .map((span) => ({ Id: span.id, Document: withPlace(traceId, span, texts.get(span) ?? '') }));
  return [...told, ...inferredSegments(traceId, spans)];
}

interface Tree {
  /** Segments, and subsegments whose parent has not come. */
  tops: Set<Span>;
  children: ReadonlyMap<string, Span[]>;
  parentsFirst: Span[];
}

function treeOf(spans: readonly Span[]): Tree {
  const known = new Set(spans.map(({ id }) => id));
  const children = new Map<string, Span[]>();
  const tops = new Set<Span>();
  for (const span of spans) {
    const { parentId } = span;
    if (span.isSegment || parentId === undefined || !known.has(parentId)) {
      tops.add(span);
      continue;
    }
    const siblings = children.get(parentId);
    if (siblings) siblings.push(span);
    else children.set(parentId, [span]);
  }
  const seen = new Set<Span>();
  const walk = (from: Span) => {
    const waiting = [from];
    for (let span = waiting.pop(); span; span = waiting.pop()) {
      if (seen.has(span)) continue;
      seen.add(span);
      waiting.push(...(children.get(span.id) ?? []));
    }
  };
  for (const top of tops) walk(top);
  // Subsegments that name each other as parents hang on no segment: they are told on their own.
  for (const span of spans) {
    if (seen.has(span)) continue;
    tops.add(span);
    walk(span);
  }
  return { tops, children, parentsFirst: [...seen] };
}

/** A span's document with those beneath it, which have been written before. */
function textOf(
  { id, document }: Span,
  children: ReadonlyMap<string, Span[]>,
  texts: ReadonlyMap<Span, string>,
): string {
  const inner = children.get(id)?.flatMap((child) => texts.get(child) ?? []) ?? [];
  return inner.length === 0 ? document : `${document.slice(0, -1)},"subsegments":[${inner.join(',')}]}`;
}

/** A subsegment that is told on its own says where it belongs, as it did when it was sent. */
function withPlace(traceId: string, { isSegment, parentId }: Span, text: string): string {
  if (isSegment) return text;
  const parent = parentId === undefined ? '' : `,"parent_id":${JSON.stringify(parentId)}`;
  return `${text.slice(0, -1)},"trace_id":${JSON.stringify(traceId)}${parent},"type":"subsegment"}`;
}

function inferredSegments(traceId: string, spans: readonly Span[]): WrittenSegment[] {
  const answered = new Set(spans.flatMap(({ isSegment, parentId }) => (isSegment ? [parentId] : [])));
  return spans.flatMap(({ isSegment, id, document }) => {
    if (isSegment || answered.has(id) || !document.includes('"namespace":')) return [];
    const fields = JSON.parse(document) as Record<string, unknown>;
    if (!isDownstreamCall(fields)) return [];
    const segment = inferredSegment(traceId, id, fields);
    return [{ Id: String(segment['id']), Document: JSON.stringify(segment) }];
  });
}
