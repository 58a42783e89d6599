import { randomBytes } from 'node:crypto';
import {
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { FollowedModel } from '#shared/definition/definitions.ts';
import { streamKey } from '#shared/event-store/commit.ts';
import type { EventStore } from '#shared/event-store/event-store.ts';
import { handler as catchUp } from '#shared/functions/catch-up.ts';
import { handler as health } from '#shared/functions/health.ts';
import { handler as info } from '#shared/functions/info.ts';
import { handler as relay, type StreamRecord } from '#shared/functions/relay.ts';
import { handler as unknownRoute } from '#shared/functions/unknown-route.ts';
import type { Envelope, StreamName } from '#shared/messages/envelope.ts';
import type { DomainEvent } from '#shared/messages/event.ts';
import { createRows } from '#shared/read-models/rows.ts';
import { documents, eventStore, generations } from '#shared/runtime/clients.ts';
import { type Failure, reportFailure } from '#shared/runtime/failure.ts';
import { serveProjection } from '#shared/runtime/serve-projection.ts';
import { Counted } from '#shared/testing/counter.ts';
import { request } from '#shared/testing/requests.ts';
import { totals } from './models.ts';
import {
  errorsBus,
  eventStoreTable,
  eventsBus,
  type KernelPlatform,
  readModelTables,
  startKernelPlatform,
} from './platform.ts';
import { type Published, publishedUntil } from './published.ts';
import { at, newStream, record } from './recording.ts';
import { bodyOf } from './requests.ts';

let platform: KernelPlatform;
let client: DynamoDBClient;
let store: EventStore;
let written: string[];

beforeAll(async () => {
  platform = await startKernelPlatform();
  client = new DynamoDBClient({});
  store = await eventStore();
});
afterAll(async () => {
  client.destroy();
  await platform.stop();
});
beforeEach(() => {
  written = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const keyOf = (stream: StreamName, commit: number) => ({
  s: { S: streamKey(stream) },
  c: { N: `${commit}` },
});

/** Records a commit, and answers it as Lambda hands over the table's stream: bytes as base64. */
async function streamRecord(stream: StreamName, events: readonly DomainEvent[], time = Date.now()) {
  const { commit } = await record(store, stream, events, { time });
  const { Item: item = {} } = await client.send(
    new GetItemCommand({ TableName: eventStoreTable, Key: keyOf(stream, commit) }),
  );
  const image = Object.entries(item).map(([name, value]) => [
    name,
    value.B ? { B: Buffer.from(value.B).toString('base64') } : value,
  ]);
  return {
    eventName: 'INSERT',
    dynamodb: { SequenceNumber: `${stream.id}-${commit}`, NewImage: Object.fromEntries(image) },
  } satisfies StreamRecord;
}

const arrived = (isLast: (event: Published<Envelope>) => boolean) =>
  publishedUntil<Envelope>(platform.queueOf(eventsBus), isLast);
const reported = (isLast: (event: Published<Failure>) => boolean) =>
  publishedUntil<Failure>(platform.queueOf(errorsBus), isLast);
/** Nothing can be awaited that does not come; an event put afterwards shows what came before it. */
async function arrivedUntilNow() {
  const marker = newStream();
  await relay({ Records: [await streamRecord(marker, [Counted({ by: 0 })])] });
  const events = await arrived(({ detail }) => detail.stream.id === marker.id);
  await client.send(new DeleteItemCommand({ TableName: eventStoreTable, Key: keyOf(marker, 1) }));
  return events.slice(0, -1);
}
const idsOf = (events: readonly Published<Envelope>[]) => events.map(({ detail }) => detail.id).sort();

describe('the relay', () => {
  test('puts every event of a commit on the bus as an envelope', async () => {
    const stream = newStream();
    const first = await streamRecord(stream, [Counted({ by: 1 }), Counted({ by: 2 })]);
    const second = await streamRecord(stream, [Counted({ by: 3 })]);
    expect(await relay({ Records: [first, second] })).toEqual({ batchItemFailures: [] });
    const published = (await arrivedUntilNow()).sort(
      (one, other) => one.detail.version - other.detail.version,
    );
    const { events } = await store.load(stream);
    expect(published.map(({ detail }) => detail)).toEqual(events);
    expect(published[0]).toMatchObject({ source: 'skafu.testing', 'detail-type': 'Counted' });
  });

  test('relays new commits alone', async () => {
    const inserted = await streamRecord(newStream(), [Counted({ by: 1 })]);
    const others: StreamRecord[] = [
      { ...inserted, eventName: 'MODIFY' },
      { ...inserted, eventName: 'REMOVE' },
      { eventName: 'INSERT' },
      { eventName: 'INSERT', dynamodb: { SequenceNumber: '1' } },
    ];
    expect(await relay({ Records: others })).toEqual({ batchItemFailures: [] });
    expect(await relay({ Records: [] })).toEqual({ batchItemFailures: [] });
    expect(await arrivedUntilNow()).toEqual([]);
  });

  test('reports from where the bus refused', async () => {
    const stream = newStream();
    const good = await streamRecord(stream, [Counted({ by: 1 })]);
    // The bus takes no event without a type.
    const refused = await streamRecord(stream, [Counted({ by: 2 }), { type: '', data: {} }]);
    const after = await streamRecord(stream, [Counted({ by: 3 })]);
    expect(await relay({ Records: [good, refused, after] })).toEqual({
      batchItemFailures: [{ itemIdentifier: `${stream.id}-2` }],
    });
    expect(idsOf(await arrivedUntilNow())).toEqual(
      [1, 2, 4].map((version) => `counter/${stream.id}/${version}`),
    );
  });

  test('reports a commit that it cannot read, after those before it have been relayed', async () => {
    const stream = newStream();
    const good = await streamRecord(stream, [Counted({ by: 1 })]);
    const unreadable = await streamRecord(stream, [Counted({ by: 2 })]);
    const after = await streamRecord(stream, [Counted({ by: 3 })]);
    unreadable.dynamodb.NewImage = { ...unreadable.dynamodb.NewImage, b: { B: 'bm90IEpTT04=' } };
    expect(await relay({ Records: [good, unreadable, after] })).toEqual({
      batchItemFailures: [{ itemIdentifier: `${stream.id}-2` }],
    });
    expect(idsOf(await arrivedUntilNow())).toEqual([`counter/${stream.id}/1`]);
    const failures = await reported(({ detail }) => detail.stream === streamKey(stream));
    expect(at(failures, -1).detail).toMatchObject({ name: 'StreamCorrupt', component: 'testing/totals' });
  });

  test('names the first of a refused and an unreadable commit', async () => {
    const stream = newStream();
    const refused = await streamRecord(stream, [{ type: '', data: {} }]);
    const unreadable = { eventName: 'INSERT', dynamodb: { NewImage: { s: { S: streamKey(stream) } } } };
    expect(await relay({ Records: [refused, unreadable] })).toEqual({
      batchItemFailures: [{ itemIdentifier: `${stream.id}-1` }],
    });
    // Without a number there is no place to go on from: Lambda then offers the whole batch again.
    expect(await relay({ Records: [unreadable] })).toEqual({ batchItemFailures: [{ itemIdentifier: '' }] });
  });
});

describe('a projection as a function', () => {
  const project = serveProjection(totals);

  test('applies what the bus brings, and records how long that took', async () => {
    const stream = newStream();
    await record(store, stream, [Counted({ by: 1 })], { time: Date.now() - 5_000 });
    await record(store, stream, [Counted({ by: 2 })], { time: Date.now() - 5_000 });
    const { events } = await store.load(stream);
    expect(await project({ id: 'bus-1', detail: at(events, 1) })).toEqual({ applied: 2 });
    const rows = createRows(await documents(), readModelTables[0], 'skafu');
    expect(await rows.get(stream.id)).toMatchObject({ total: 3, version: 2 });
    const metric = JSON.parse(at(written, -1)) as Record<string, unknown>;
    expect(metric).toMatchObject({
      ReadModel: 'testing/totals',
      _aws: { CloudWatchMetrics: [{ Namespace: 'Skafu', Dimensions: [['ReadModel']] }] },
    });
    expect(metric['ProjectionLag']).toBeGreaterThanOrEqual(5_000);
  });

  test('records nothing for an event that it knows', async () => {
    const stream = newStream();
    await record(store, stream, [Counted({ by: 1 })]);
    const delivery = { id: 'bus-1', detail: at((await store.load(stream)).events, 0) };
    await project(delivery);
    written = [];
    expect(await project(delivery)).toEqual({ applied: 0 });
    expect(written).toEqual([]);
  });

  test('leaves a table alone that is given up while the one before it is written', async () => {
    const stream = newStream();
    await record(store, stream, [Counted({ by: 4 })]);
    const [serving, given] = [readModelTables[0], readModelTables[2]];
    const tables = vi.spyOn(generations, 'writtenTables');
    tables.mockResolvedValueOnce([serving, given]).mockResolvedValueOnce([serving, given]);
    tables.mockResolvedValueOnce([serving]);
    expect(await project({ id: 'bus-1', detail: at((await store.load(stream)).events, 0) })).toEqual({
      applied: 1,
    });
    const rowIn = async (table: string) => createRows(await documents(), table, 'skafu').get(stream.id);
    expect(await rowIn(serving)).toMatchObject({ total: 4 });
    expect(await rowIn(given)).toBeUndefined();
  });

  test('throws what went wrong, for its state machine to try again', async () => {
    const stream = newStream();
    await record(store, stream, [Counted({ by: 1 })]);
    vi.stubEnv('READ_MODEL_TABLE', 'no-such-table');
    await expect(project({ id: 'bus-1', detail: at((await store.load(stream)).events, 0) })).rejects.toThrow(
      expect.objectContaining({ name: 'ResourceNotFoundException' }),
    );
  });
});

describe('catching up', () => {
  const models: FollowedModel[] = [
    { name: 'testing/totals', follows: ['counter'], table: readModelTables[0] },
    { name: 'testing/elsewhere', follows: ['timer'], table: readModelTables[2] },
  ];

  const longAgo = () => Date.now() - 60_000;
  const lagOf = (model: string) =>
    written
      .flatMap((line) => line.split('\n'))
      .filter((line) => line.includes('ReadModelLag') && line.includes(model))
      .map((line) => (JSON.parse(line) as { ReadModelLag: number }).ReadModelLag);

  /** Brings the read model up to every stream there is, as the projections would have. */
  async function catchUpWith(events: readonly Published<Envelope>[]) {
    for (const { detail } of events) await serveProjection(totals)({ id: 'bus', detail });
  }
  /** What other tests recorded grows old enough to be missed while these run. */
  async function emptyStore() {
    const { Items: keys = [] } = await client.send(
      new ScanCommand({ TableName: eventStoreTable, ProjectionExpression: 's, c' }),
    );
    for (const key of keys)
      await client.send(new DeleteItemCommand({ TableName: eventStoreTable, Key: key }));
    return keys.length;
  }
  beforeEach(async () => {
    vi.stubEnv('READ_MODELS', JSON.stringify(models));
    while ((await emptyStore()) > 0);
    // Ends a pass that was left in the middle.
    await catchUp();
    await arrivedUntilNow();
    written = [];
  });

  test('notifies again where a model is behind, with the last event of the stream, and tells the lag', async () => {
    const stream = newStream();
    await record(store, stream, [Counted({ by: 1 })], { time: longAgo() });
    await record(store, stream, [Counted({ by: 2 }), Counted({ by: 3 })], { time: longAgo() });
    expect(await catchUp()).toMatchObject({ behind: 1 });
    const published = await arrivedUntilNow();
    expect(idsOf(published)).toEqual([`counter/${stream.id}/3`]);
    expect(at(lagOf('testing/totals'), -1)).toBeGreaterThanOrEqual(60);
    expect(at(lagOf('testing/elsewhere'), -1)).toBeLessThan(1);

    await catchUpWith(published);
    written = [];
    expect(await catchUp()).toMatchObject({ behind: 0 });
    expect(at(lagOf('testing/totals'), -1)).toBeLessThan(1);
    expect(await arrivedUntilNow()).toEqual([]);
  });

  test('takes the last event of a stream for the last, in whatever order the store hands its commits over', async () => {
    const stream = newStream();
    for (const by of [1, 2, 3]) await record(store, stream, [Counted({ by })], { time: longAgo() });
    const send = DynamoDBClient.prototype.send as (command: unknown) => Promise<{ Items?: unknown[] }>;
    vi.spyOn(DynamoDBClient.prototype, 'send').mockImplementation(async function (
      this: DynamoDBClient,
      command: unknown,
    ) {
      const { Items: items, ...answer } = await send.call(this, command);
      return { ...answer, ...(items ? { Items: items.toReversed() } : {}) };
    } as never);
    expect(await catchUp()).toEqual({ examined: 1, behind: 1 });
    expect(idsOf(await arrivedUntilNow())).toEqual([`counter/${stream.id}/3`]);
  });

  test('gives young events time to arrive', async () => {
    await record(store, newStream(), [Counted({ by: 1 })]);
    expect(await catchUp()).toMatchObject({ behind: 0 });
  });

  test('reports a commit that it cannot read, and catches up the others', async () => {
    const [broken, behind] = [newStream(), newStream()];
    await record(store, broken, [Counted({ by: 1 })], { time: longAgo() });
    await record(store, behind, [Counted({ by: 1 })], { time: longAgo() });
    await client.send(
      new UpdateItemCommand({
        TableName: eventStoreTable,
        Key: keyOf(broken, 1),
        UpdateExpression: 'REMOVE b',
      }),
    );
    expect(await catchUp()).toMatchObject({ behind: 1 });
    expect(idsOf(await arrivedUntilNow())).toEqual([`counter/${behind.id}/1`]);
    expect(await reported(({ detail }) => detail.stream === streamKey(broken))).not.toEqual([]);
  });

  test('goes on in the next run where a large store was left', async () => {
    const streams = Array.from({ length: 30 }, () => newStream());
    for (const stream of streams) {
      // Random, so that it cannot be deflated: the store then takes more pages than one run reads.
      const by = randomBytes(225_000).toString('base64');
      await record(store, stream, [{ type: 'Noted', data: { by } }], { time: longAgo() });
    }
    const { behind: first } = await catchUp();
    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThan(streams.length);
    const { behind: second } = await catchUp();
    expect(first + second).toBe(streams.length);
    expect(idsOf(await arrivedUntilNow())).toEqual(streams.map(({ id }) => `counter/${id}/1`).sort());
  });

  test('fails when the bus refuses a notification', async () => {
    const stream = newStream();
    await record(store, stream, [{ type: '', data: {} }], { time: longAgo() });
    await expect(catchUp()).rejects.toThrow('The bus refused 1 of 1 notifications.');
  });
});

describe('failures', () => {
  test('arrive on the error bus with what is needed to find them, and nothing that was typed', async () => {
    vi.stubEnv('_X_AMZN_TRACE_ID', 'Root=1-2-3');
    const error = Object.assign(new Error('The table 42 is gone'), { input: { password: 'hunter2' } });
    await reportFailure(error, { correlationId: 'correlation-9', stream: 'skafu#counter#1' });
    const {
      detail,
      source,
      'detail-type': type,
    } = at(await reported(({ detail: { correlationId } }) => correlationId === 'correlation-9'), -1);
    expect({ source, type }).toEqual({ source: 'skafu.testing', type: 'FunctionFailed' });
    expect(detail).toEqual({
      fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
      component: 'testing/totals',
      name: 'Error',
      message: 'The table 42 is gone',
      stack: expect.stringContaining('functions.integration.test.ts'),
      correlationId: 'correlation-9',
      stream: 'skafu#counter#1',
      trace: 'Root=1-2-3',
    });
    expect(JSON.stringify(detail)).not.toMatch(/hunter2|secret/);
  });
});

describe('what everybody may ask', () => {
  test('health reads the event store', async () => {
    const answer = await health();
    expect(answer).toMatchObject({ statusCode: 200, headers: { 'cache-control': 'no-store' } });
    expect(bodyOf(answer)).toMatchObject({ status: 'healthy', checks: { eventStore: 'healthy' } });
  });

  test('health says when the event store does not answer', async () => {
    vi.stubEnv('EVENT_STORE_TABLE', 'no-such-table');
    const answer = await health();
    expect(answer.statusCode).toBe(503);
    expect(bodyOf(answer)).toMatchObject({ status: 'unhealthy', checks: { eventStore: 'unhealthy' } });
  });

  test('info says what runs where', async () => {
    expect(bodyOf(await info())).toEqual({
      name: 'skafu',
      environment: 'kernel',
      region: 'us-east-1',
      apiVersion: 'v1',
      time: expect.stringMatching(/Z$/),
    });
  });

  test('a route that is not there is told like every problem', async () => {
    const answer = await unknownRoute(request({ rawPath: '/api/v1/nowhere' }));
    expect(answer).toMatchObject({
      statusCode: 404,
      headers: { 'content-type': 'application/problem+json' },
    });
    expect(bodyOf(answer)).toMatchObject({
      type: 'urn:skafu:problem:not-found',
      detail: 'The API has no route /api/v1/nowhere.',
    });
  });
});
