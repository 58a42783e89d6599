import type { FakeAnswer, FakeRequest } from '#shared/frontend/testing/fake-api.ts';
import type { Effect, LineageEvent, Stream, StreamEvent } from './types.ts';

export const stream: Stream = {
  domain: 'observability',
  type: 'alert-rule',
  id: 'r1',
  version: 3,
  commits: 3,
  firstAt: '2026-11-21T08:00:00.000Z',
  lastAt: '2026-11-21T09:00:00.000Z',
  lastType: 'AlertRuleChanged',
  lastActor: { type: 'user', id: 'me' },
};

export const eventAt = (version: number): StreamEvent => ({
  id: `alert-rule/r1/${version}`,
  type: version === 1 ? 'AlertRuleDefined' : 'AlertRuleChanged',
  source: 'skafu.observability',
  schemaVersion: 1,
  time: stream.lastAt,
  stream: { type: 'alert-rule', id: 'r1' },
  version,
  commit: version,
  actor: { type: 'user', id: 'me' },
  correlationId: 'c-9',
  causationId: 'k-9',
  trace: 'Root=1-6b018280-79d62911d00fbcb0088b940f;Parent=e6d25ba4a3df229f;Sampled=1',
  data: { threshold: version, name: 'Functions fail' },
});

export const lineageEvents: LineageEvent[] = [
  { ...eventAt(1), domain: 'observability' },
  {
    ...eventAt(1),
    domain: 'observability',
    type: 'AlertRaised',
    stream: { type: 'alert', id: 'a1' },
    time: '2026-11-21T09:00:00.250Z',
    actor: { type: 'service', id: 'observability/record-alarm-state' },
    causationId: 'alert-rule/r1/1',
  },
];

const effects: Effect[] = [
  {
    model: 'observability/alert-rules',
    key: 'r1',
    version: 3,
    joined: false,
    before: { threshold: 1 },
    after: { threshold: 2 },
    now: { threshold: 3 },
  },
  { model: 'events/streams', key: 'alert-rule/r1', version: 0, joined: true, after: { version: 1 } },
  { model: 'events/broken', key: 'r1', version: 0, joined: false, error: 'Nine is too much.' },
];

/** Answers every query of events with one of each thing. */
export function oneOfEach({ path, query }: FakeRequest): FakeAnswer {
  const rest = path.replace('events/', '');
  if (rest === 'categories') return { body: { items: [{ domain: 'observability', type: 'alert-rule' }] } };
  if (rest === 'streams') return { body: { items: [stream] } };
  if (rest === 'streams/alert-rule/r1') return { body: stream };
  if (rest === 'streams/alert-rule/r1/events') {
    const newest = Number(query.get('from') ?? 3);
    const versions = Array.from({ length: newest }, (_, index) => newest - index);
    return { body: { items: versions.slice(0, Number(query.get('limit'))).map(eventAt) } };
  }
  if (rest === 'streams/alert-rule/r1/state') {
    const version = Number(query.get('version'));
    const at = (threshold: number) => ({ status: 'enabled', rule: { threshold, period: 60 } });
    return {
      body: {
        version,
        event: eventAt(version),
        before: version === 1 ? { status: 'undefined' } : at(version - 1),
        state: at(version),
      },
    };
  }
  if (rest.endsWith('/effects')) return { body: { items: effects } };
  if (rest === 'streams/alert/a1/events') return { body: { items: [eventAt(1)] } };
  if (rest === 'lineage/c-9') {
    const models = [{ model: 'events/streams', version: 1 }];
    const streams = lineageEvents.map(({ stream: of }, index) => ({
      ...of,
      version: 1,
      models: index === 0 ? models : [{ model: 'events/streams', version: 0 }],
    }));
    return { body: { items: lineageEvents, streams } };
  }
  return { status: 404, body: { title: 'Not found', status: 404 } };
}

/** Answers every list with nothing in it. */
export function nothing(): FakeAnswer {
  return { body: { items: [], streams: [] } };
}
