import type { FakeAnswer, FakeRequest } from '#shared/frontend/testing/fake-api.ts';
import type { TraceAnswer, TraceItem, TraceSpan } from './types.ts';

export const traceId = '1-67890abc-0123456789abcdef01234567';

export const traceItem: TraceItem = {
  id: traceId,
  start: '2026-11-21T08:10:00.000Z',
  duration: 3206.5,
  responseTime: 94.9,
  fault: false,
  error: true,
  throttle: false,
  incomplete: false,
  entryPoint: 'api',
  route: 'POST /api/v1/observability/alert-rules',
  correlationId: 'c-7',
  status: 409,
  annotations: { correlationId: ['c-7'] },
  services: [{ name: 'define-alert-rule', type: 'AWS::Lambda' }, { name: 'relay' }],
  users: [],
};

const span = (
  id: string,
  depth: number,
  start: number,
  duration: number,
  more: Partial<TraceSpan> = {},
): TraceSpan => ({
  id,
  depth,
  name: id,
  kind: 'subsegment',
  service: 'define-alert-rule',
  start,
  duration,
  ...more,
});

/** A command as its trace tells it. */
export const spans: TraceSpan[] = [
  span('define-alert-rule', 0, 0, 95, { kind: 'segment', critical: true }),
  span('POST /alert-rules', 1, 5, 80, {
    error: true,
    critical: true,
    annotations: { correlationId: 'c-7', route: 'POST /api/v1/observability/alert-rules' },
    http: { method: 'POST', url: 'https://api.test/alert-rules', status: 409 },
  }),
  span('DynamoDB', 2, 10, 20, {
    namespace: 'aws',
    aws: { operation: 'PutItem', resource: 'event-store', requestId: 'r-1', retries: 0 },
    exceptions: [
      { type: 'Conflict', message: 'somebody was first', remote: true, stack: ['send (client.js:1)'] },
    ],
    metadata: { items: 3 },
  }),
  span('relay', 0, 120, 30, { kind: 'segment', service: 'relay' }),
];

/** The same spans in as many pages as there are. */
export function traceAnswer(cursor: string | null): TraceAnswer {
  const place = Number(cursor ?? 0);
  return {
    traceId,
    start: traceItem.start,
    duration: 150,
    fault: false,
    error: true,
    throttle: false,
    inProgress: false,
    spans: spans.length,
    services: [
      { name: 'define-alert-rule', spans: 3 },
      { name: 'relay', spans: 1 },
    ],
    correlationIds: ['c-7'],
    cut: false,
    limitExceeded: false,
    items: spans.slice(place, place + 2),
    ...(place + 2 < spans.length ? { nextCursor: String(place + 2) } : {}),
  };
}

/** Answers the queries of traces. */
export function answerTraces(request: FakeRequest): FakeAnswer {
  if (request.path === `observability/traces/${traceId}`)
    return { body: traceAnswer(request.query.get('cursor')) };
  return { body: { items: [traceItem], partial: false, searchedBackTo: traceItem.start } };
}
