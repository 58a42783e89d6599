import { EventBridgeClient, type PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { fold } from '#shared/definition/aggregate.ts';
import type { ReactionContext } from '#shared/definition/reactor.ts';
import type { EventStore } from '#shared/event-store/event-store.ts';
import type { Envelope } from '#shared/messages/envelope.ts';
import { processAggregate } from '#shared/processes/process.ts';
import { ProcessStarted, ProcessWaiting } from '#shared/processes/process-events.ts';
import { servePlatformReactor } from '#shared/runtime/serve-reactor.ts';
import { createMemoryEventStore } from '#shared/testing/memory-event-store.ts';
import type { ProcessTimerRow } from '../read-models/process-timers.ts';
import { wakeProcesses } from './wake-processes.ts';

const journey = processAggregate('testing/journey-process');
let store: EventStore;
let timers: ProcessTimerRow[];
let published: Envelope[];
let refuses = false;

beforeEach(() => {
  // Metrics are lines on the standard output.
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  store = createMemoryEventStore();
  timers = [];
  published = [];
  refuses = false;
  vi.spyOn(EventBridgeClient.prototype, 'send').mockImplementation(async (command: unknown) => {
    const { Entries: entries = [] } = (command as PutEventsCommand).input;
    published.push(...entries.map(({ Detail = '' }) => JSON.parse(Detail) as Envelope));
    return { Entries: entries.map(() => (refuses ? { ErrorCode: 'InternalFailure' } : {})) };
  });
  const settings = {
    SERVICE: 'events',
    FUNCTION: 'wake-processes',
    ENVIRONMENT: 'local',
    INSTALLATION_TENANT: 'skafu',
    EVENTS_BUS: 'events',
  };
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** A process that waits until a time, in seconds from now. */
async function waits(id: string, seconds: number): Promise<void> {
  const stream = { tenant: 'skafu', type: journey.type, id };
  const { head } = await store.load(stream);
  const until = new Date(Date.now() + seconds * 1000).toISOString();
  await store.append(
    head,
    [ProcessStarted({ subject: { type: 'order', id }, key: '1' }), ProcessWaiting({ for: 'spring', until })],
    {
      domain: 'testing',
      commandId: id,
      actor: { type: 'service', id: 'testing/travel' },
      correlationId: `request-${id}`,
      causationId: id,
      time: Date.now(),
    },
    () => 1,
  );
  timers.push({ type: journey.type, id, dueAt: until });
}

/** Small, so that a few timers take several pages. */
const pageSize = 2;

const rows = (async () => ({
  get: async () => undefined,
  list: async (_: string, { cursor = '0' }: { cursor?: string }) => {
    const inOrder = timers.toSorted((left, right) => (left.dueAt < right.dueAt ? -1 : 1));
    const after = Number(cursor) + pageSize;
    const items = inOrder.slice(Number(cursor), after);
    return { items, ...(after < inOrder.length ? { nextCursor: `${after}` } : {}) };
  },
})) as unknown as ReactionContext['rows'];

const tick = () =>
  servePlatformReactor(
    wakeProcesses,
    async () => store,
    rows,
  )({
    id: crypto.randomUUID(),
    source: 'aws.events',
    'detail-type': '',
    time: '',
    resources: [],
    detail: {},
  });

test('a process whose time has come is told of its own last event again, and no other is', async () => {
  await waits('late', -90);
  await waits('now', 0);
  await waits('later', 3600);
  await tick();
  expect(published.map(({ stream, type, correlationId }) => [stream.id, type, correlationId])).toEqual([
    ['late', 'ProcessWaiting', 'request-late'],
    ['now', 'ProcessWaiting', 'request-now'],
  ]);
  expect(fold(journey, published.slice(0, 1))).toEqual({ status: 'unknown' });
});

test('those that are due behind many that never move on are woken as well', async () => {
  for (let index = 0; index < 5; index++) await waits(`stuck-${index}`, -3600 + index);
  await waits('behind', 0);
  await tick();
  expect(published.map(({ stream }) => stream.id)).toContain('behind');
  expect(published).toHaveLength(6);
});

test('where nobody is due, nothing is put on the bus', async () => {
  await waits('later', 3600);
  timers.push({ type: journey.type, id: 'never-began', dueAt: '2026-01-01T00:00:00.000Z' });
  await tick();
  expect(published).toEqual([]);
});

test('a bus that refuses is a failure, so that it is told and seen', async () => {
  await waits('now', 0);
  refuses = true;
  await expect(tick()).rejects.toThrow('The bus refused to wake 1 of 1 processes.');
});
