import type { TraceSpan } from './types.ts';

/** Which spans to show, by what they are. */
export const spanKinds = {
  all: 'All spans',
  failed: 'Faults, errors, throttles',
  critical: 'Critical path',
  aws: 'Calls of AWS',
} as const;

export type SpanKind = keyof typeof spanKinds;

export const spanKindNames = Object.keys(spanKinds) as SpanKind[];

const holds: Record<SpanKind, (span: TraceSpan) => boolean> = {
  all: () => true,
  failed: isFailed,
  critical: (span) => span.critical === true,
  aws: (span) => span.namespace === 'aws',
};

export function isFailed({ fault, error, throttle }: TraceSpan): boolean {
  return fault === true || error === true || throttle === true;
}

/** The places of the spans that are of the kind and say the text anywhere; `undefined` when nothing is asked for. */
export function matchingSpans(
  spans: readonly TraceSpan[],
  kind: SpanKind,
  find: string,
): number[] | undefined {
  const wanted = find.trim().toLowerCase();
  if (kind === 'all' && wanted === '') return undefined;
  const places: number[] = [];
  for (const [place, span] of spans.entries()) {
    if (holds[kind](span) && (wanted === '' || says(span, wanted))) places.push(place);
  }
  return places;
}

function says(span: TraceSpan, wanted: string): boolean {
  const { http, aws, annotations, exceptions } = span;
  return (
    said(span.name, wanted) ||
    said(span.service, wanted) ||
    said(span.id, wanted) ||
    said(http?.url, wanted) ||
    said(aws?.operation, wanted) ||
    said(aws?.resource, wanted) ||
    said(aws?.requestId, wanted) ||
    (annotations !== undefined && Object.values(annotations).some((value) => said(String(value), wanted))) ||
    (exceptions?.some(({ type, message }) => said(type, wanted) || said(message, wanted)) ?? false)
  );
}

function said(text: string | undefined, wanted: string): boolean {
  return text?.toLowerCase().includes(wanted) ?? false;
}
