import { afterAll, afterEach, beforeAll, beforeEach, vi } from 'vitest';
import type { Aggregate, Decision } from '#shared/definition/aggregate.ts';
import type { ReactionContext } from '#shared/definition/reactor.ts';
import { isFollowed, type ReadModel, remove as removeRow } from '#shared/definition/read-model.ts';
import type { EventStore } from '#shared/event-store/event-store.ts';
import type { Envelope } from '#shared/messages/envelope.ts';
import type { DomainEvent } from '#shared/messages/event.ts';
import { execute } from '#shared/runtime/execute.ts';
import { serveProcessManager } from '#shared/runtime/serve-process-manager.ts';
import { servePlatformReactor, serveReactor } from '#shared/runtime/serve-reactor.ts';
import { createMemoryEventStore } from '#shared/testing/memory-event-store.ts';
import { acknowledge, alert, type Raise, raise, recover, silence } from '../alert/alert.ts';
import { alertEscalationProcess } from '../alert-escalation-process/alert-escalation-process.ts';
import { type Channel, create, notificationChannel } from '../notification-channel/notification-channel.ts';
import { alertNotifications } from '../read-models/alert-notifications.ts';
import type { NotificationRow } from '../read-models/notification-row.ts';
import { escalateAlert } from './escalate-alert.ts';
import { notifyOfAlert } from './notify-of-alert.ts';
import { sendNotification } from './send-notification.ts';
import { sweepNotifications } from './sweep-notifications.ts';
import { testChannel } from './test-channel.ts';
import { type Receiver, startKeysTable, startReceiver } from './testing.ts';

/** An alert, the channels that are told of it, and a bus that delivers when a test says so. Each test begins anew. */

export const tenant = 'skafu';
export const alertId = '01990000-0000-7000-8000-000000000001';
export const channelId = '01990000-0000-7000-8000-000000000002';
export const alarm: Raise = {
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
export let receiver: Receiver;
let keys: { url: string; stop(): Promise<void> };
beforeAll(async () => {
  [receiver, keys] = await Promise.all([startReceiver(), startKeysTable()]);
});
afterAll(() => Promise.all([receiver.stop(), keys.stop()]));

export let store: EventStore;
/** Everything that was recorded, in order; the bus has delivered those before `delivered`. */
export let recorded: Envelope[] = [];
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

export function minutesPass(minutes: number): void {
  vi.setSystemTime(Date.now() + minutes * 60_000);
}
export const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();

/** Somebody decides something. */
export async function act<State, Input, Event extends DomainEvent>(
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
export function rowsNow<Row>(model: ReadModel<Row>): Map<string, Row> {
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
const escalating = serveProcessManager(escalateAlert, ourStore, rows);
const reactors = {
  alert: [serveReactor(notifyOfAlert, ourStore, rows), escalating],
  'alert-escalation-process': [escalating],
  'alert-notification': [serveReactor(sendNotification, ourStore, rows)],
  'notification-channel': [serveReactor(testChannel, ourStore, rows)],
};
export async function deliver(event: Envelope) {
  for (const react of reactors[event.stream.type as keyof typeof reactors])
    await react({ id: 'bus', detail: event });
}
/** The bus delivers what was recorded, and what follows from that, until nothing more follows. */
export async function settle() {
  for (let event = recorded[delivered]; event; event = recorded[delivered]) {
    delivered++;
    await deliver(event);
  }
}
let sweeps = 0;
export async function sweep() {
  const event = { id: `tick-${sweeps++}`, source: 'aws.events', 'detail-type': 'Scheduled Event' };
  await servePlatformReactor(
    sweepNotifications,
    ourStore,
    rows,
  )({ ...event, time: '', resources: [], detail: {} });
  await settle();
}

/** The clock tells each process of its last event again. */
export async function wakeProcesses() {
  const ofProcesses = recorded.filter(({ stream }) => stream.type === alertEscalationProcess.type);
  for (const event of new Map(ofProcesses.map((each) => [each.stream.id, each])).values())
    await deliver(event);
  await settle();
}

export async function channelStands(more: Partial<Channel> = {}, id = channelId) {
  const channel: Channel = {
    name: 'On call',
    kind: 'webhook',
    url: `${receiver.url}/hook`,
    severities: ['critical'],
    moments: ['raised', 'acknowledged', 'resolved'],
    ...more,
  };
  await act(notificationChannel, id, create, { ...channel, allowLoopback: true });
  await settle();
}
export async function alertIs(...steps: ('raised' | 'acknowledged' | 'resolved')[]) {
  for (const step of steps) {
    minutesPass(0.1);
    const changedAt = new Date().toISOString();
    if (step === 'raised') await act(alert, alertId, raise, { ...alarm, changedAt });
    if (step === 'acknowledged') await act(alert, alertId, acknowledge, { episode: 1 });
    if (step === 'resolved') await act(alert, alertId, recover, { changedAt, reason: 'fine' });
    await settle();
  }
}
export const silenceFor = async (minutes: number) => {
  await act(alert, alertId, silence, { until: inMinutes(minutes), reason: 'planned' });
  await settle();
};
export const messages = (): Record<string, NotificationRow['status']> =>
  Object.fromEntries(
    [...rowsNow(alertNotifications).values()].map(({ moment, status: now }) => [moment, now]),
  );
export const types = () => receiver.received.map(({ body }) => (JSON.parse(body) as { type: string }).type);

/** What was recorded and not delivered yet is lost on its way. */
export function loseWhatIsUnderWay(): void {
  delivered = recorded.length;
}
