import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { getLineage } from '#domains/events/queries/get-lineage.ts';
import { getStream } from '#domains/events/queries/get-stream.ts';
import { getStreamState } from '#domains/events/queries/get-stream-state.ts';
import { listCategories } from '#domains/events/queries/list-categories.ts';
import { listEffects } from '#domains/events/queries/list-effects.ts';
import { listStreamEvents } from '#domains/events/queries/list-stream-events.ts';
import { listStreams } from '#domains/events/queries/list-streams.ts';
import { recordedEvents } from '#domains/events/read-models/recorded-events.ts';
import { streams } from '#domains/events/read-models/streams.ts';
import { streamsById } from '#domains/events/read-models/streams-by-id.ts';
import type { FollowedModel } from '#shared/definition/definitions.ts';
import type { ReadModel } from '#shared/definition/read-model.ts';
import type { EventStore } from '#shared/event-store/event-store.ts';
import { type StreamName, streamPath } from '#shared/messages/envelope.ts';
import { projectEvent } from '#shared/read-models/projector.ts';
import { createRowStore } from '#shared/read-models/row-store.ts';
import { documents, eventStore } from '#shared/runtime/clients.ts';
import type { HttpHandler } from '#shared/runtime/serve-http.ts';
import { serveQuery, tableSetting } from '#shared/runtime/serve-query.ts';
import { Closed, Counted, counter } from '#shared/testing/counter.ts';
import { claimsOf, request } from '#shared/testing/requests.ts';
import { totals } from './models.ts';
import { type KernelPlatform, readModelTables, startKernelPlatform } from './platform.ts';
import { newStream, record, recordCommits } from './recording.ts';
import { bodyOf, parametersOf } from './requests.ts';

interface Answer {
  readonly items: readonly (Record<string, unknown> & { readonly version: number })[];
  readonly nextCursor?: string;
}

const [streamsTable, byIdTable, recordedTable] = readModelTables;
const projections: Readonly<Record<string, ReadModel>> = {
  'events/streams': streams,
  'events/recorded-events': recordedEvents,
  'testing/totals': totals,
};
/** Rows of counters share a table with those of streams: their keys differ. */
const models: FollowedModel[] = [
  { name: 'events/streams', follows: 'everything', table: streamsTable },
  { name: 'events/recorded-events', follows: 'everything', table: recordedTable },
  { name: 'testing/totals', follows: ['counter'], table: streamsTable },
];
const definitions = { aggregates: [counter], projections };
const patience = { milliseconds: 300, step: 10 };
const handlers = {
  categories: serveQuery(listCategories, parametersOf(listCategories.input)),
  streams: serveQuery(listStreams, parametersOf(listStreams.input), patience),
  stream: serveQuery(getStream, parametersOf(getStream.input)),
  events: serveQuery(listStreamEvents, parametersOf(listStreamEvents.input)),
  state: serveQuery(getStreamState, parametersOf(getStreamState.input), patience, definitions),
  effects: serveQuery(listEffects, parametersOf(listEffects.input), patience, definitions),
  lineage: serveQuery(getLineage, parametersOf(getLineage.input), patience),
} satisfies Record<string, HttpHandler>;

let platform: KernelPlatform;
let store: EventStore;
beforeAll(async () => {
  platform = await startKernelPlatform();
  Object.assign(process.env, {
    [tableSetting('streams')]: streamsTable,
    [tableSetting('streamsById')]: byIdTable,
    [tableSetting('recordedEvents')]: recordedTable,
    CATEGORIES: JSON.stringify([{ domain: 'testing', type: 'counter' }]),
    READ_MODELS: JSON.stringify(models),
  });
  store = await eventStore();
});
afterAll(() => platform.stop());

/** Everything a stream holds, in each read model. */
async function project(stream: StreamName): Promise<void> {
  const tables: [ReadModel, string][] = [
    [streams, streamsTable],
    [streamsById, byIdTable],
    [recordedEvents, recordedTable],
    [totals, streamsTable],
  ];
  for (const [model, table] of tables) {
    const rows = createRowStore(await documents(), table, model);
    for (const event of (await store.load(stream)).events) await projectEvent(event, rows, store);
  }
}

async function ask(
  name: keyof typeof handlers,
  path: Record<string, string>,
  query: Record<string, string> = {},
  tenant = 'skafu',
) {
  const claims = claimsOf(['viewer'], tenant);
  const event = request({ claims, pathParameters: path, queryStringParameters: query });
  const result = await handlers[name](event);
  return { status: result.statusCode, body: bodyOf<Answer & Record<string, unknown>>(result) };
}
const named = ({ type, id }: StreamName) => ({ type, id });

describe('streams', () => {
  test('are listed by category, the one that grew last first, and found by the beginning of the id', async () => {
    const tenant = `tenant-${randomUUID()}`;
    const [first, second] = [newStream(tenant), newStream(tenant)];
    for (const [time, stream] of [first, second, first].entries()) {
      await record(store, stream, [Counted({ by: 1 })], { time: 1000 * (time + 1) });
    }
    for (const stream of [first, second]) await project(stream);
    const all = await ask('streams', {}, { type: 'counter' }, tenant);
    expect(all.body.items.map(({ id, version }) => [id, version])).toEqual([
      [first.id, 2],
      [second.id, 1],
    ]);
    const found = await ask('streams', {}, { type: 'counter', search: second.id.slice(0, 9) }, tenant);
    expect(found.body.items.map(({ id }) => id)).toEqual([second.id]);
    expect((await ask('streams', {}, { type: 'timer' }, tenant)).body.items).toEqual([]);
    expect((await ask('streams', {}, { type: 'counter' })).body.items).not.toContainEqual(
      expect.objectContaining({ id: first.id }),
    );
  });

  test('have the categories that the stack tells', async () => {
    expect((await ask('categories', {})).body.items).toEqual([{ domain: 'testing', type: 'counter' }]);
  });

  test('tell their ends and their snapshot', async () => {
    const stream = newStream();
    await recordCommits(store, stream, [2, 1]);
    const { body } = await ask('stream', named(stream));
    expect(body).toMatchObject({ domain: 'testing', version: 3, commits: 2, lastType: 'Counted' });
    expect(body).not.toHaveProperty('snapshot');
    const { head } = await store.load(stream);
    await store.keepSnapshot({ head, fingerprint: 'any', state: {}, commands: new Map() });
    expect((await ask('stream', named(stream))).body['snapshot']).toEqual({ version: 3 });
  });

  test('of another tenant are unknown', async () => {
    const stream = newStream();
    await recordCommits(store, stream, [1]);
    for (const name of ['stream', 'state'] as const)
      expect((await ask(name, named(stream), {}, 'other')).status).toBe(404);
    expect((await ask('events', named(stream), {}, 'other')).body.items).toEqual([]);
    expect((await ask('effects', { ...named(stream), version: '1' }, {}, 'other')).status).toBe(404);
  });
});

describe('the events of a stream', () => {
  const sizes = [1, 3, 1, 2, 4, 1];
  const versions = Array.from({ length: 12 }, (_, index) => index + 1);
  let stream: StreamName;
  beforeAll(async () => {
    stream = newStream();
    await recordCommits(store, stream, sizes);
  });

  async function walk(query: Record<string, string>): Promise<number[]> {
    const seen: number[] = [];
    let cursor: string | undefined;
    do {
      const { body } = await ask('events', named(stream), { ...query, ...(cursor ? { cursor } : {}) });
      seen.push(...body.items.map(({ version }) => version));
      cursor = body.nextCursor;
    } while (cursor);
    return seen;
  }

  test.each(['1', '2', '5', '100'])('come in pages of %s, each once, in both directions', async (limit) => {
    expect(await walk({ limit })).toEqual(versions.toReversed());
    expect(await walk({ limit, ascending: 'true' })).toEqual(versions);
  });

  test('can be read from any version on', async () => {
    for (const from of versions) {
      expect(await walk({ limit: '3', from: `${from}` })).toEqual(versions.slice(0, from).toReversed());
      expect(await walk({ limit: '3', from: `${from}`, ascending: 'true' })).toEqual(
        versions.slice(from - 1),
      );
    }
    expect(await walk({ from: '999' })).toEqual(versions.toReversed());
  });

  test('are refused with a cursor that is none', async () => {
    expect((await ask('events', named(stream), { cursor: 'nonsense' })).status).toBe(400);
  });
});

describe('the state of a stream', () => {
  test('is what it was at the version, and before it', async () => {
    const stream = newStream();
    await record(store, stream, [Counted({ by: 2 }), Counted({ by: 3 })]);
    await record(store, stream, [Closed({})]);
    const at = async (version?: number) =>
      (await ask('state', named(stream), version ? { version: `${version}` } : {})).body;
    expect(await at(1)).toMatchObject({ before: { total: 0 }, state: { total: 2 }, event: { version: 1 } });
    expect(await at(2)).toMatchObject({ before: { total: 2 }, state: { total: 5, closed: false } });
    expect(await at()).toMatchObject({ version: 3, state: { total: 5, closed: true } });
    expect((await ask('state', named(stream), { version: '4' })).status).toBe(404);
  });

  test('is not told where no domain has such streams', async () => {
    expect((await ask('state', { type: 'timer', id: randomUUID() })).status).toBe(404);
  });
});

describe('the lineage of a request', () => {
  test('has its events in the order of time, and how far each read model has come', async () => {
    const correlationId = randomUUID();
    const [one, other] = [newStream(), { ...newStream(), type: 'timer' }];
    await record(store, one, [Counted({ by: 1 })], { correlationId, causationId: 'command', time: 1000 });
    await project(one);
    await record(store, other, [Counted({ by: 1 })], {
      correlationId,
      causationId: `${streamPath(one)}/1`,
      time: 2000,
    });
    const { events } = await store.load(other);
    const rows = createRowStore(await documents(), recordedTable, recordedEvents);
    for (const event of events) await projectEvent(event, rows, store);

    const { body } = await ask('lineage', { correlationId });
    expect(body.items.map(({ stream, causationId }) => [stream, causationId])).toEqual([
      [named(one), 'command'],
      [named(other), `${streamPath(one)}/1`],
    ]);
    expect(body['streams']).toEqual([
      {
        ...named(one),
        version: 1,
        models: models.map(({ name }) => ({ model: name, version: 1 })),
      },
      {
        ...named(other),
        version: 1,
        models: [
          { model: 'events/streams', version: 0 },
          { model: 'events/recorded-events', version: 1 },
        ],
      },
    ]);
    expect((await ask('lineage', { correlationId }, {}, 'other')).body.items).toEqual([]);
  });

  test('shows the row of each read model before and after an event, and as it is now', async () => {
    const stream = newStream();
    await record(store, stream, [Counted({ by: 1 }), Counted({ by: 2 }), Counted({ by: 4 })]);
    await project(stream);
    const { body } = await ask('effects', { ...named(stream), version: '2' });
    expect(body.items.find(({ model }) => model === 'testing/totals')).toEqual({
      model: 'testing/totals',
      key: stream.id,
      joined: false,
      version: 3,
      before: { counterId: stream.id, total: 1, version: 1 },
      after: { counterId: stream.id, total: 3, version: 2 },
      now: { counterId: stream.id, total: 7, version: 3 },
    });
    expect(body.items.find(({ model }) => model === 'events/recorded-events')).toMatchObject({
      key: `${streamPath(stream)}/2`,
      after: { version: 2 },
    });
  });
});
