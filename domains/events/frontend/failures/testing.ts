import type { FakeAnswer, FakeRequest } from '#shared/frontend/testing/fake-api.ts';
import type { FailureDetail, FailureStream, Occurrence } from './types.ts';

export const failure: FailureDetail = {
  failureId: 'f1',
  fingerprint: '0123456789abcdef',
  component: 'observability/alert-rules',
  name: 'TypeError',
  message: 'Cannot read properties of undefined',
  status: 'open',
  count: 1_204,
  firstAt: '2026-11-20T09:00:00.000Z',
  lastAt: '2026-11-21T09:00:00.000Z',
  hours: { '2026-11-21T09': 4 },
  affected: 2,
  correlationId: 'correlation-1',
  trace: 'Root=1-68ab12cd-0123456789abcdef01234567;Sampled=1',
  stack: 'TypeError: Cannot read properties of undefined\n    at project',
  version: 12,
};

export const held: FailureStream = {
  kind: 'read-model',
  tenant: 'main',
  type: 'alert-rule',
  id: 'r1',
  version: 3,
  stream: 'main/alert-rule/r1',
  component: 'observability/alert-rules',
  state: 'held',
  since: '2026-11-21T09:00:00.000Z',
  lastAt: '2026-11-21T09:00:00.000Z',
  message: failure.message,
  count: 1,
  position: 2,
  correlationId: 'correlation-1',
};

const history: Occurrence[] = [
  { version: 3, type: 'StreamRedriven', at: held.since, target: held, by: { type: 'user', id: 'me' } },
  { version: 2, type: 'FailureOccurred', at: held.since, times: 500, message: failure.message },
  { version: 1, type: 'FailureOccurred', at: held.since, times: 1, message: failure.message, target: held },
];

/** One of each, and a command that is taken. */
export function oneOfEach({ method, path, query }: FakeRequest): FakeAnswer {
  if (method !== 'GET') return { body: { stream: 'failure/f1', version: 13 } };
  if (path === 'events/failures') return { body: { items: query.get('status') === 'open' ? [failure] : [] } };
  if (path.endsWith('/occurrences')) return { body: { items: history } };
  if (path.endsWith('/streams')) return { body: { items: query.get('state') === 'waiting' ? [held] : [] } };
  return { body: failure };
}
