import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Aggregate, Decision } from '#shared/definition/aggregate.ts';
import type { ReactionContext } from '#shared/definition/reactor.ts';
import { isFollowed, type ReadModel, remove as removeRow } from '#shared/definition/read-model.ts';
import type { EventStore } from '#shared/event-store/event-store.ts';
import type { Envelope } from '#shared/messages/envelope.ts';
import type { DomainEvent } from '#shared/messages/event.ts';
import { execute } from '#shared/runtime/execute.ts';
import { servePlatformReactor, serveReactor } from '#shared/runtime/serve-reactor.ts';
import { createMemoryEventStore } from '#shared/testing/memory-event-store.ts';
import { acknowledge, alert, type Raise, raise, recover, silence, unsilence } from '../alert/alert.ts';
import { alertNotification, sendAgain } from '../alert-notification/alert-notification.ts';
import {
  type Channel,
  create,
  disable,
  notificationChannel,
  remove,
  requestTest,
  rotateSecret,
} from '../notification-channel/notification-channel.ts';
import { alertNotifications } from '../read-models/alert-notifications.ts';
import type { NotificationRow } from '../read-models/notification-row.ts';
import { channelSecret } from '../webhook/channel-secret.ts';
import { signedHeaders } from '../webhook/signature.ts';
import { notificationId } from './attend-notification.ts';
import { notifyOfAlert } from './notify-of-alert.ts';
import { sendNotification } from './send-notification.ts';
import { sweepNotifications } from './sweep-notifications.ts';
import { testChannel } from './test-channel.ts';
import { type Receiver, startKeysTable, startReceiver } from './testing.ts';

const tenant = 'skafu';
const alertId = '01990000-0000-7000-8000-000000000001';
const channelId = '01990000-0000-7000-8000-000000000002';
const alarm: Raise = {
  changedAt: '2026-01-01T00:00:00.000Z',
  reason: 'too many',
  ruleName: 'Errors',
  severity: 'critical',
  metric: { namespace: 'AWS/Lambda', metricName: 'Errors', dimensions: {} },
  statistic: 'Sum',
  comparison: 'GreaterThanThreshold',
  threshold: 5,
};

/** Somebody's webhook receiver, and the table of keys. */
let receiver: Receiver;
let keys: { url: string; stop(): Promise<void> };
beforeAll(async () => {
  [receiver, keys] = await Promise.all([startReceiver(), startKeysTable()]);
});
afterAll(() => Promise.all([receiver.stop(), keys.stop()]));

let store: EventStore;
/** Everything that was recorded, in order; the bus has delivered those before `delivered`. */
let recorded: Envelope[] = [];
let delivered = 0;

beforeEach(() => {
  // Metrics are lines on the standard output.
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const inner = createMemoryEventStore();
  store = {
    ...inner,
    async append(head, events, origin, versionOf) {
      const result = await inner.append(head, events, origin, versionOf);
      if ('head' in result) recorded.push(...(await inner.loadFrom(head.stream, result.head.commit)));
      return result;
    },
  };
  recorded = [];
  receiver.received.length = 0;
  delivered = 0;
  receiver.status = 204;
  const settings = {
    SERVICE: 'observability',
    FUNCTION: 'reactor',
    ENVIRONMENT: 'local',
    INSTALLATION_TENANT: tenant,
    KEYS_TABLE: 'keys',
    AWS_ENDPOINT_URL: keys.url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  };
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-03-01T10:00:00.000Z') });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

const minutesPass = (minutes: number) => vi.setSystemTime(Date.now() + minutes * 60_000);
const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();

/** Somebody decides something. */
async function act<State, Input, Event extends DomainEvent>(
  on: Aggregate<State, Event>,
  id: string,
  decide: Decision<State, Input, Event>,
  input: Input,
) {
  const actor = { type: 'user' as const, id: 'u' };
  const time = Date.now();
  await execute({
    store,
    aggregate: on,
    stream: { tenant, type: on.type, id },
    decide,
    input,
    context: { actor, now: new Date(time).toISOString() },
    origin: {
      domain: 'observability',
      commandId: crypto.randomUUID(),
      actor,
      correlationId: 'c',
      causationId: 'd',
      time,
    },
    mustExist: false,
  });
}

/** All rows of a model, as far as events were recorded. */
function rowsNow<Row>(model: ReadModel<Row>): Map<string, Row> {
  const rows = new Map<string, Row>();
  for (const event of recorded.filter(({ stream }) => isFollowed(model, stream.type))) {
    const key = model.key?.(event) ?? event.stream.id;
    const row = model.project(rows.get(key), event);
    if (row === undefined || row === removeRow) rows.delete(key);
    else rows.set(key, row);
  }
  return rows;
}
const rows: ReactionContext['rows'] = async <Row>(model: ReadModel<Row>) => ({
  get: async (key: string) => rowsNow(model).get(key),
  list: async (list: string) => {
    const items = [...rowsNow(model).values()].filter((row) => model.listed(row).list === list);
    const order = (row: Row) => model.listed(row).order;
    return { items: items.sort((one, other) => (order(one) < order(other) ? -1 : 1)) };
  },
});

const ourStore = async () => store;
const reactors = {
  alert: serveReactor(notifyOfAlert, ourStore, rows),
  'alert-notification': serveReactor(sendNotification, ourStore, rows),
  'notification-channel': serveReactor(testChannel, ourStore, rows),
};
async function deliver(event: Envelope) {
  await reactors[event.stream.type as keyof typeof reactors]({ id: 'bus', detail: event });
}
/** The bus delivers what was recorded, and what follows from that, until nothing more follows. */
async function settle() {
  for (let event = recorded[delivered]; event; event = recorded[delivered]) {
    delivered++;
    await deliver(event);
  }
}
let sweeps = 0;
async function sweep() {
  const event = { id: `tick-${sweeps++}`, source: 'aws.events', 'detail-type': 'Scheduled Event' };
  await servePlatformReactor(
    sweepNotifications,
    ourStore,
    rows,
  )({ ...event, time: '', resources: [], detail: {} });
  await settle();
}

async function channelStands(more: Partial<Channel> = {}) {
  const channel: Channel = {
    name: 'On call',
    kind: 'webhook',
    url: `${receiver.url}/hook`,
    severities: ['critical'],
    moments: ['raised', 'acknowledged', 'resolved'],
    ...more,
  };
  await act(notificationChannel, channelId, create, { ...channel, allowLoopback: true });
  await settle();
}
async function alertIs(...steps: ('raised' | 'acknowledged' | 'resolved')[]) {
  for (const step of steps) {
    minutesPass(0.1);
    const changedAt = new Date().toISOString();
    if (step === 'raised') await act(alert, alertId, raise, { ...alarm, changedAt });
    if (step === 'acknowledged') await act(alert, alertId, acknowledge, { episode: 1 });
    if (step === 'resolved') await act(alert, alertId, recover, { changedAt, reason: 'fine' });
    await settle();
  }
}
const silenceFor = async (minutes: number) => {
  await act(alert, alertId, silence, { until: inMinutes(minutes), reason: 'planned' });
  await settle();
};
const messages = (): Record<string, NotificationRow['status']> =>
  Object.fromEntries(
    [...rowsNow(alertNotifications).values()].map(({ moment, status: now }) => [moment, now]),
  );
const types = () => receiver.received.map(({ body }) => (JSON.parse(body) as { type: string }).type);

describe('a channel', () => {
  test('is told of each moment that it wants, in a message that it can verify', async () => {
    await channelStands();
    await alertIs('raised', 'acknowledged', 'resolved');
    expect(types()).toEqual(['alert.raised', 'alert.acknowledged', 'alert.resolved']);
    const secret = await channelSecret(tenant, channelId, 1);
    for (const { headers, body } of receiver.received) {
      const time = Number(headers['webhook-timestamp']) * 1000;
      const signed = signedHeaders(String(headers['webhook-id']), body, secret, time);
      expect(headers).toMatchObject(signed);
    }
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(3);
  });

  test('is told once, however often and in whatever order the bus delivers', async () => {
    await channelStands();
    await alertIs('raised', 'resolved');
    for (const event of [...recorded].reverse()) await deliver(event);
    for (const event of [...recorded]) await deliver(event);
    expect(types()).toEqual(['alert.raised', 'alert.resolved']);
  });

  test.each([
    ['another severity', { severities: ['info' as const] }],
    ['another moment', { moments: ['resolved' as const] }],
  ])('that wants %s is not told', async (_, more) => {
    await channelStands(more);
    await alertIs('raised');
    expect(receiver.received).toEqual([]);
  });

  test('that is younger than the moment is not told of it', async () => {
    await alertIs('raised');
    minutesPass(1);
    await channelStands();
    for (const event of [...recorded]) await deliver(event);
    expect(receiver.received).toEqual([]);
  });

  test('is told nothing that is older than a day, which only read models still need', async () => {
    await channelStands();
    await act(alert, alertId, raise, { ...alarm, changedAt: new Date().toISOString() });
    minutesPass(25 * 60);
    await settle();
    expect(receiver.received).toEqual([]);
  });

  test.each([
    ['disabled', disable],
    ['deleted', remove],
  ])('that was %s meanwhile gets nothing, and that is told', async (_, decide) => {
    await channelStands();
    receiver.status = 503;
    await alertIs('raised');
    await act(notificationChannel, channelId, decide, {});
    minutesPass(1);
    await sweep();
    expect(receiver.received).toHaveLength(1);
    expect(messages()).toEqual({ raised: 'dropped' });
  });

  test('is tested on request, and tells what came of it', async () => {
    await channelStands();
    receiver.status = 410;
    await act(notificationChannel, channelId, requestTest, {});
    await settle();
    expect(types()).toEqual(['channel.test']);
    expect(recorded.at(-1)).toMatchObject({
      type: 'NotificationChannelTested',
      data: { test: 1, outcome: 'failed', status: 410, reason: 'The receiver answered 410.' },
    });
  });

  test('is signed for with its newest secret', async () => {
    await channelStands();
    await act(notificationChannel, channelId, rotateSecret, {});
    await alertIs('raised');
    const [{ headers, body } = { headers: {}, body: '' }] = receiver.received;
    const id = String(headers['webhook-id']);
    const time = Number(headers['webhook-timestamp']) * 1000;
    const signedWith = async (generation: number) =>
      signedHeaders(id, body, await channelSecret(tenant, channelId, generation), time)['webhook-signature'];
    expect(headers['webhook-signature']).toBe(await signedWith(2));
    expect(headers['webhook-signature']).not.toBe(await signedWith(1));
  });
});

describe('a receiver that is down', () => {
  test('is tried again after a pause, with the same id, and gets the message once it is up', async () => {
    await channelStands();
    receiver.status = 503;
    await alertIs('raised');
    expect(messages()).toEqual({ raised: 'retrying' });
    await sweep();
    expect(receiver.received).toHaveLength(1);
    receiver.status = 204;
    minutesPass(1);
    await sweep();
    expect(messages()).toEqual({ raised: 'delivered' });
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    await sweep();
    expect(receiver.received).toHaveLength(2);
  });

  test('is given up after six attempts, until somebody asks for it again', async () => {
    await channelStands();
    receiver.status = 503;
    await alertIs('raised');
    for (let hour = 0; hour < 10; hour++) {
      minutesPass(61);
      await sweep();
    }
    expect(receiver.received).toHaveLength(6);
    expect(messages()).toEqual({ raised: 'failed' });
    receiver.status = 204;
    await act(alertNotification, notificationId(channelId, alertId, 1, 'raised'), sendAgain, {});
    await settle();
    expect(receiver.received).toHaveLength(7);
    expect(messages()).toEqual({ raised: 'delivered' });
  });
});

describe('a message whose event was lost on its way', () => {
  test('is sent by the sweep', async () => {
    await channelStands();
    await act(alert, alertId, raise, { ...alarm, changedAt: new Date().toISOString() });
    const [raised] = recorded.slice(-1);
    if (!raised) throw new Error('The alert was not raised.');
    await deliver(raised);
    delivered = recorded.length;
    expect(receiver.received).toEqual([]);
    minutesPass(2);
    await sweep();
    expect(messages()).toEqual({ raised: 'delivered' });
  });
});

describe('a silenced alert', () => {
  test('is told when the silence ends by time, if it is still open', async () => {
    await channelStands();
    await silenceFor(60);
    await alertIs('raised');
    expect(messages()).toEqual({ raised: 'withheld' });
    minutesPass(30);
    await sweep();
    expect(receiver.received).toEqual([]);
    minutesPass(31);
    await sweep();
    expect(types()).toEqual(['alert.raised']);
  });

  test('is told at once when somebody ends the silence', async () => {
    await channelStands();
    await silenceFor(60);
    await alertIs('raised');
    await act(alert, alertId, unsilence, {});
    await settle();
    expect(messages()).toEqual({ raised: 'delivered' });
  });

  test('is told later when the silence is put off, and sooner when it is cut short', async () => {
    await channelStands();
    await silenceFor(10);
    await alertIs('raised');
    await silenceFor(120);
    minutesPass(60);
    await sweep();
    expect(receiver.received).toEqual([]);
    await silenceFor(5);
    minutesPass(6);
    await sweep();
    expect(types()).toEqual(['alert.raised']);
  });

  test('that is over by then is not told at all', async () => {
    await channelStands();
    await silenceFor(60);
    await alertIs('raised', 'acknowledged', 'resolved');
    minutesPass(61);
    await sweep();
    expect(receiver.received).toEqual([]);
    expect(messages()).toEqual({ raised: 'dropped', acknowledged: 'dropped', resolved: 'dropped' });
  });

  test('tells of its end those who were told of its beginning', async () => {
    await channelStands();
    await alertIs('raised');
    await silenceFor(60);
    await alertIs('resolved');
    expect(types()).toEqual(['alert.raised']);
    minutesPass(61);
    await sweep();
    expect(types()).toEqual(['alert.raised', 'alert.resolved']);
  });
});
