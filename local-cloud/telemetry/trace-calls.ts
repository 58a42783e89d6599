import { newestSpans, type Span } from './segment-spans.ts';
import { inferredService, isDownstreamCall } from './trace-inferred.ts';
import type { Call, Outcome, ReadSpan, ServiceId } from './trace-types.ts';

type Fields = Record<string, unknown>;

export const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
export const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const numberOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined;

/** Reads the documents of one trace, in order of start, and finds the segment each span is part of. */
export function readSpans(inOrderOfArrival: readonly Span[]): ReadSpan[] {
  const spans = newestSpans(inOrderOfArrival).map(
    (span): ReadSpan => ({ ...span, fields: fieldsOf(JSON.parse(span.document)), segment: undefined }),
  );
  const byId = new Map(spans.map((span) => [span.id, span]));
  for (const span of spans) findSegment(span, byId);
  return spans;
}

/** Climbs until a segment, or a span that already knows its own; parents that make a circle belong nowhere. */
function findSegment(span: ReadSpan, byId: ReadonlyMap<string, ReadSpan>): void {
  const path = new Set<ReadSpan>();
  let at: ReadSpan | undefined = span;
  while (at && !at.isSegment && at.segment === undefined && !path.has(at)) {
    path.add(at);
    at = at.parentId === undefined ? undefined : byId.get(at.parentId);
  }
  const segment = at?.isSegment ? at : at?.segment;
  if (span.isSegment) span.segment = span;
  for (const each of path) each.segment = segment;
}

function serviceOf({ fields }: ReadSpan, account = ''): ServiceId {
  return {
    name: String(fields['name']),
    type: textOf(fields['origin']) ?? '',
    account: textOf(fieldsOf(fields['aws'])['account_id']) ?? account,
  };
}

function outcomeOf(fields: Fields): Outcome {
  const http = fieldsOf(fields['http']);
  const request = fieldsOf(http['request']);
  const status = numberOf(fieldsOf(http['response'])['status']);
  const error = fields['error'] === true || (status !== undefined && status >= 400 && status < 500);
  const fault = fields['fault'] === true || (status !== undefined && status >= 500);
  const throttle = fields['throttle'] === true || status === 429;
  return {
    ok: !error && !fault && !throttle,
    error,
    fault,
    throttle,
    http: {
      status,
      url: textOf(request['url']),
      method: textOf(request['method']),
      userAgent: textOf(request['user_agent']),
      clientIp: textOf(request['client_ip']),
    },
  };
}

/** Who called whom in a trace: every segment, and every downstream call whose callee sent none. In order of start. */
export function callsOf(spans: readonly ReadSpan[]): Call[] {
  const byId = new Map(spans.map((span) => [span.id, span]));
  const answered = new Set(spans.filter(({ isSegment }) => isSegment).map(({ parentId }) => parentId));
  const account = spans.map((span) => serviceOf(span).account).find((each) => each !== '') ?? '';
  const calls = new Map<ReadSpan, Call>();
  for (const span of spans) {
    const inferred = !span.isSegment && isDownstreamCall(span.fields) && !answered.has(span.id);
    if (!span.isSegment && !inferred) continue;
    const service = inferred ? { ...inferredService(span.fields), account: '' } : serviceOf(span, account);
    const endTime = span.endTime ?? span.startTime;
    const outcome = outcomeOf(span.fields);
    calls.set(span, {
      ...outcome,
      // What has not ended is not known to be well.
      ok: outcome.ok && span.endTime !== undefined,
      ...{ span, service, caller: undefined, within: undefined, inferred },
      remote: span.fields['namespace'] === 'remote',
      partial: span.endTime === undefined,
      ...{ startTime: span.startTime, endTime, depth: 0, last: true },
    });
  }
  for (const call of calls.values()) {
    const { span, inferred } = call;
    const parent = span.parentId === undefined ? undefined : byId.get(span.parentId);
    const segment = inferred ? span.segment : parent?.segment;
    if (!segment || segment === span) continue;
    call.within = calls.get(segment);
    if (!call.within) continue;
    call.caller = call.within.service;
    call.within.last = false;
  }
  for (const call of calls.values()) call.depth = depthOf(call);
  return [...calls.values()];
}

const deepest = 1_000;

/** Segments that name each other as parents have no depth; the bound ends the climb. */
function depthOf(call: Call): number {
  let depth = 0;
  for (let at = call.within; at && depth < deepest; at = at.within) depth += 1;
  return depth;
}
