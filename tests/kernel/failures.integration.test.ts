import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { redriveFailure } from '#domains/events/commands/redrive-failure.ts';
import { listFailureStreams } from '#domains/events/queries/list-failure-streams.ts';
import { listFailures } from '#domains/events/queries/list-failures.ts';
import { failureId, recordFailures } from '#domains/events/reactors/record-failures.ts';
import { redriveStream } from '#domains/events/reactors/redrive-stream.ts';
import { releaseStreams } from '#domains/events/reactors/release-streams.ts';
import type { FailureStreamRow } from '#domains/events/read-models/failure-streams.ts';
import { failureStreams } from '#domains/events/read-models/failure-streams.ts';
import { type FailureRow, failures } from '#domains/events/read-models/failures.ts';
import { ajvFor } from '#scripts/build/validators.ts';
import type { Page } from '#shared/definition/query.ts';
import { readModel } from '#shared/definition/read-model.ts';
import type { EventStore } from '#shared/event-store/event-store.ts';
import type { Envelope, StreamName } from '#shared/messages/envelope.ts';
import { projectEvent } from '#shared/read-models/projector.ts';
import { createRowStore } from '#shared/read-models/row-store.ts';
import { documents, eventStore } from '#shared/runtime/clients.ts';
import { failureOf, fingerprintOf } from '#shared/runtime/failure.ts';
import { serveCommand } from '#shared/runtime/serve-command.ts';
import { serveProjection } from '#shared/runtime/serve-projection.ts';
import { serveQuery } from '#shared/runtime/serve-query.ts';
import { serveErrorsReactor, servePlatformReactor, serveReactor } from '#shared/runtime/serve-reactor.ts';
import { Counted, counter } from '#shared/testing/counter.ts';
import { request } from '#shared/testing/requests.ts';
import { eventsBus, type KernelPlatform, readModelTables, startKernelPlatform } from './platform.ts';
import { type Published, publishedUntil } from './published.ts';
import { at, newStream, record } from './recording.ts';
import { bodyOf, parametersOf } from './requests.ts';

const [totalsTable, streamsTable, failuresTable] = readModelTables;
const readModelName = 'testing/totals';

/** Adds up what was counted, and has a bug until it is mended. */
let mended = false;
const sums = readModel({
  follows: counter,
  listed: ({ id, numbers }: { id: string; numbers: readonly number[] }) => ({
    list: 'all',
    order: `${numbers.length}#${id}`,
  }),
  project: {
    Counted: (row, { stream, data }) => {
      if (data.by === 13 && !mended) throw new TypeError(`13 is unlucky in ${stream.id}`);
      return { id: stream.id, numbers: [...(row?.numbers ?? []), data.by] };
    },
  },
});

let platform: KernelPlatform;
let store: EventStore;
let written: string[];

beforeAll(async () => {
  platform = await startKernelPlatform();
  store = await eventStore();
});
afterAll(() => platform.stop());
beforeEach(() => {
  written = [];
  mended = false;
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
  const settings = {
    READ_MODEL_TABLE: totalsTable,
    READ_MODEL_FAILURE_STREAMS: streamsTable,
    READ_MODEL_FAILURES: failuresTable,
    READ_MODELS: JSON.stringify([{ name: readModelName, follows: ['counter'], table: totalsTable }]),
  };
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** What the state machine of a projection does: tells the errors bus what the projector threw. */
async function deliver(event: Envelope): Promise<'projected' | 'failed'> {
  try {
    await serveProjection(sums)({ id: event.id, detail: event });
    return 'projected';
  } catch (error) {
    const { name, message, stack = '' } = error as Error;
    const { id: eventId, tenant, stream, version, correlationId } = event;
    const cause = JSON.stringify({ errorType: name, errorMessage: message, trace: stack.split('\n') });
    await report('ProjectionFailed', {
      readModel: readModelName,
      eventId,
      tenant,
      stream,
      version,
      correlationId,
      trace: '',
      error: { Error: name, Cause: cause },
    });
    return 'failed';
  }
}

const report = (type: string, ...details: object[]) =>
  serveErrorsReactor(recordFailures)({
    Records: details.map((detail) => ({
      messageId: randomUUID(),
      body: JSON.stringify(busEvent(type, detail)),
    })),
  });

const busEvent = (type: string, detail: object) => ({
  id: randomUUID(),
  source: 'skafu.testing',
  'detail-type': type,
  time: new Date().toISOString(),
  resources: [],
  detail,
});

/** Brings the read models of failures up to the store. */
async function follow(id: string): Promise<void> {
  const { events } = await store.load({ tenant: 'skafu', type: 'failure', id });
  const client = await documents();
  await projectEvent(at(events, -1), createRowStore(client, streamsTable, failureStreams), store);
  await projectEvent(at(events, -1), createRowStore(client, failuresTable, failures), store);
}

async function listed(): Promise<FailureRow[]> {
  const list = serveQuery(listFailures, parametersOf(listFailures.input));
  return [...bodyOf<Page<FailureRow>>(await list(request({}))).items];
}

async function streamsOf(id: string, state: string): Promise<(FailureStreamRow & { position?: number })[]> {
  const list = serveQuery(listFailureStreams, parametersOf(listFailureStreams.input));
  const asked = request({ pathParameters: { failureId: id }, queryStringParameters: { state } });
  return [...bodyOf<Page<FailureStreamRow>>(await list(asked)).items];
}

function redrive(id: string, body: object = {}) {
  const validate = ajvFor('body').compile(redriveFailure.input);
  return serveCommand(
    redriveFailure,
    validate,
  )(request({ pathParameters: { failureId: id }, body: JSON.stringify(body) }));
}

const rowOf = async ({ id }: StreamName) =>
  (
    await createRowStore(await documents(), totalsTable, sums).readTogether(
      { tenant: 'skafu', type: 'counter', id },
      [id],
    )
  ).rows.get(id);

async function recorded(stream: StreamName, numbers: readonly number[]): Promise<readonly Envelope[]> {
  for (const by of numbers) await record(store, stream, [Counted({ by })]);
  return (await store.load(stream)).events;
}

const release = () => servePlatformReactor(releaseStreams)(busEvent('Scheduled Event', {}));
const metrics = () =>
  written.filter((line) => line.includes('"HeldStreams"')).map((line) => JSON.parse(line));

describe('an event that a projector fails on', () => {
  test('holds its stream while others flow, and after the fix a redrive reads on in order', async () => {
    const poisoned = newStream();
    const healthy = newStream();
    const events = await recorded(poisoned, [1, 13, 3, 4]);
    for (const event of events) await deliver(event);
    for (const event of await recorded(healthy, [1, 2])) expect(await deliver(event)).toBe('projected');
    expect(await rowOf(poisoned)).toMatchObject({ numbers: [1] });
    expect(await rowOf(healthy)).toMatchObject({ numbers: [1, 2] });

    // Three deliveries failed for one cause, of one stream: that is told once.
    const id = failureId(fingerprintOf(readModelName, 'TypeError', `13 is unlucky in ${poisoned.id}`));
    await follow(id);
    expect((await listed()).find(({ failureId: own }) => own === id)).toMatchObject({
      component: readModelName,
      name: 'TypeError',
      status: 'open',
      count: 1,
      affected: 1,
    });
    expect(await streamsOf(id, 'waiting')).toMatchObject([
      { id: poisoned.id, state: 'held', version: 2, position: 1 },
    ]);
    await release();
    expect(metrics()).toEqual([
      expect.objectContaining({ HeldStreams: 1 }),
      expect.objectContaining({ HeldStreams: 1, ReadModel: readModelName }),
    ]);

    // Too early: it fails again, and is told as such.
    await deliverRedriven(id, 'failed');
    expect(await streamsOf(id, 'waiting')).toMatchObject([{ state: 'held', redrivenAt: expect.any(String) }]);

    mended = true;
    await deliverRedriven(id, 'projected');
    expect(await rowOf(poisoned)).toMatchObject({ numbers: [1, 13, 3, 4] });
    expect(await streamsOf(id, 'waiting')).toMatchObject([{ state: 'released', position: 4 }]);

    written = [];
    await release();
    await follow(id);
    expect(await streamsOf(id, 'waiting')).toEqual([]);
    expect(await streamsOf(id, 'done')).toMatchObject([{ id: poisoned.id, state: 'released' }]);
    expect(metrics()).toEqual([expect.objectContaining({ HeldStreams: 0 })]);
    expect((await redrive(id)).statusCode).toBe(409);
  });

  /** The command, the reactor that it wakes, the event that comes from the bus, and its projection. */
  async function deliverRedriven(id: string, outcome: 'projected' | 'failed'): Promise<void> {
    expect((await redrive(id)).statusCode).toBe(200);
    const { events } = await store.load({ tenant: 'skafu', type: 'failure', id });
    await serveReactor(redriveStream)({ id: '1', detail: at(events, -1) });
    const came: Published<Envelope>[] = await publishedUntil(platform.queueOf(eventsBus), () => true);
    const again = at(came, -1).detail;
    expect(again.version).toBe(4);
    expect(await deliver(again)).toBe(outcome);
    await follow(id);
  }
});

test('a function that could not act is given the very event again', async () => {
  const stream = newStream();
  const events = await recorded(stream, [1, 2, 3]);
  const failure = failureOf(new Error('The webhook is down'), {
    component: 'testing/tell',
    event: at(events, 1),
  });
  await report('FunctionFailed', failure);
  const id = failureId(failure.fingerprint);
  await follow(id);
  expect(await streamsOf(id, 'waiting')).toMatchObject([
    { state: 'failed', component: 'testing/tell', version: 2 },
  ]);
  const stranger = await redrive(id, { stream: 'skafu/counter/another' });
  expect(stranger.statusCode).toBe(409);
  expect((await redrive(id, { stream: `skafu/counter/${stream.id}` })).statusCode).toBe(200);
  const told = (await store.load({ tenant: 'skafu', type: 'failure', id })).events;
  await serveReactor(redriveStream)({ id: '1', detail: at(told, -1) });
  const came = await publishedUntil<Envelope>(platform.queueOf(eventsBus), () => true);
  expect(at(came, -1).detail).toEqual(at(events, 1));
  await follow(id);
  expect(await streamsOf(id, 'done')).toMatchObject([{ state: 'redriven' }]);
});

test('a storm of one cause costs a few events, whatever its size', async () => {
  const failure = failureOf(new Error('The table is gone'), { component: 'testing/storm' });
  const batch = Array.from({ length: 500 }, () => failure);
  for (let time = 0; time < 10; time++) await report('FunctionFailed', ...batch);
  const id = failureId(failure.fingerprint);
  const { events } = await store.load({ tenant: 'skafu', type: 'failure', id });
  // Ten one by one and one for each batch; a minute that ended meanwhile begins anew.
  expect(events.length).toBeLessThanOrEqual(2 * (10 + 10));
  await follow(id);
  expect((await listed()).find(({ failureId: own }) => own === id)).toMatchObject({ count: 5_000 });
});

test('a batch that comes again is recorded once', async () => {
  const failure = failureOf(new Error('Twice'), { component: 'testing/twice' });
  const batch = { Records: [{ messageId: 'm1', body: JSON.stringify(busEvent('FunctionFailed', failure)) }] };
  for (let time = 0; time < 2; time++) await serveErrorsReactor(recordFailures)(batch);
  const id = failureId(failure.fingerprint);
  expect((await store.load({ tenant: 'skafu', type: 'failure', id })).events).toHaveLength(1);
});

test('failures that cannot be recorded are tried again and not reported, which would never end', async () => {
  const broken = { Records: [{ messageId: 'm2', body: 'not JSON' }] };
  await expect(serveErrorsReactor(recordFailures)(broken)).rejects.toThrow(SyntaxError);
});
