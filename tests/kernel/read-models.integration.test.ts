import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Rows } from '#shared/definition/query.ts';
import type { ReadModel } from '#shared/definition/read-model.ts';
import { createEventStore, type EventStore } from '#shared/event-store/event-store.ts';
import type { Envelope, StreamName } from '#shared/messages/envelope.ts';
import type { Problem } from '#shared/messages/problem.ts';
import { createPositions } from '#shared/read-models/positions.ts';
import { projectEvent } from '#shared/read-models/projector.ts';
import { createRowStore, type RowStore } from '#shared/read-models/row-store.ts';
import { createRows } from '#shared/read-models/rows.ts';
import { Closed, Counted } from '#shared/testing/counter.ts';
import { steps, type Total, totals } from './models.ts';
import { eventStoreTable, type KernelPlatform, readModelTables, startKernelPlatform } from './platform.ts';
import { at, newStream, record, recordCommits } from './recording.ts';

const [totalsTable, stepsTable] = readModelTables;
let platform: KernelPlatform;
let plain: DynamoDBClient;
let client: DynamoDBDocumentClient;
let store: EventStore;

beforeAll(async () => {
  platform = await startKernelPlatform();
  plain = new DynamoDBClient({});
  client = DynamoDBDocumentClient.from(plain, { marshallOptions: { removeUndefinedValues: true } });
  store = createEventStore(plain, eventStoreTable);
});
afterAll(async () => {
  plain.destroy();
  await platform.stop();
});

const tableOf = (model: ReadModel) => (model === totals ? totalsTable : stepsTable);
const rowStore = (model: ReadModel): RowStore => createRowStore(client, tableOf(model), model);
const rowsOf = <Row>(model: ReadModel<Row>, tenant = 'skafu'): Rows<Row> =>
  createRows<Row>(client, tableOf(model as ReadModel), tenant);
const deliver = (event: Envelope, model: ReadModel) => projectEvent(event, rowStore(model), store);

/** Every row of a list, page by page. */
async function listed<Row>(
  rows: Rows<Row>,
  list: string,
  page: { limit?: number; ascending?: boolean } = {},
) {
  const items: Row[] = [];
  const sizes: number[] = [];
  let cursor: string | undefined;
  do {
    const { items: more, nextCursor } = await rows.list(list, { ...page, cursor });
    items.push(...more);
    sizes.push(more.length);
    cursor = nextCursor;
  } while (cursor);
  return { items, sizes };
}

describe('a read model with one row per stream', () => {
  test('keeps the row and its position together', async () => {
    const stream = newStream();
    for (const event of await recordCommits(store, stream, [1, 2])) await deliver(event, totals);
    expect(await rowsOf(totals).get(stream.id)).toEqual({ counterId: stream.id, total: 3, version: 3 });
    expect(await rowStore(totals).position(stream)).toEqual({ version: 3, commit: 2 });
  });

  test('has no row, and stands at the start, where nothing was applied', async () => {
    const stream = newStream();
    expect(await rowsOf(totals).get(stream.id)).toBeUndefined();
    expect(await rowStore(totals).position(stream)).toEqual({ version: 0, commit: 0 });
  });

  test('drops what it knows and reads what it missed', async () => {
    const stream = newStream();
    const events = await recordCommits(store, stream, [1, 2, 1]);
    expect(await deliver(at(events, 0), totals)).toBe(1);
    expect(await deliver(at(events, 3), totals)).toBe(3);
    expect(await deliver(at(events, 1), totals)).toBe(0);
    expect(await rowsOf(totals).get(stream.id)).toMatchObject({ total: 4, version: 4 });
  });

  test('moves its position over events that it does not care about', async () => {
    const stream = newStream();
    await record(store, stream, [Counted({ by: 2 })]);
    await record(store, stream, [{ type: 'Renamed', data: {} }]);
    await deliver(at((await store.load(stream)).events, -1), totals);
    expect(await rowsOf(totals).get(stream.id)).toMatchObject({ total: 2, version: 1 });
    expect((await rowStore(totals).position(stream)).version).toBe(2);
  });

  test('keeps a position for a stream that has no row yet', async () => {
    const stream = newStream();
    await record(store, stream, [{ type: 'Renamed', data: {} }]);
    await deliver(at((await store.load(stream)).events, 0), totals);
    expect(await rowsOf(totals).get(stream.id)).toBeUndefined();
    expect((await rowStore(totals).position(stream)).version).toBe(1);
  });

  test('leaves a tombstone that no list shows and that no late event revives', async () => {
    const stream = newStream('removal');
    await record(store, stream, [Counted({ by: 1 })]);
    await record(store, stream, [Closed({})]);
    const { events } = await store.load(stream);
    const rows = rowsOf(totals, 'removal');
    await deliver(at(events, 0), totals);
    expect((await listed(rows, 'all')).items).toHaveLength(1);
    await deliver(at(events, 1), totals);
    expect(await deliver(at(events, 0), totals)).toBe(0);
    expect(await rows.get(stream.id)).toBeUndefined();
    expect((await listed(rows, 'all')).items).toEqual([]);
    expect(await rowStore(totals).position(stream)).toEqual({ version: 2, commit: 2 });
  });

  test('takes deliveries that meet in turns', async () => {
    const stream = newStream();
    const events = await recordCommits(store, stream, [1, 1, 1, 1]);
    const applied = await Promise.all([...events, ...events].map((event) => deliver(event, totals)));
    expect(applied.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(4);
    expect(await rowsOf(totals).get(stream.id)).toMatchObject({ total: 4, version: 4 });
  });
});

describe('a read model with rows of their own keys', () => {
  test('keeps one position beside the rows', async () => {
    const stream = newStream();
    for (const event of await recordCommits(store, stream, [2, 1])) await deliver(event, steps);
    const versions = (await listed(rowsOf(steps), stream.id)).items.map(({ version }) => version);
    expect(versions).toEqual([3, 2, 1]);
    expect(await rowsOf(steps).get(`${stream.id}/2`)).toMatchObject({ by: 1, version: 2 });
    expect(await rowStore(steps).position(stream)).toEqual({ version: 3, commit: 2 });
  });

  test('removes a row, and no late event revives it', async () => {
    const stream = newStream();
    await record(store, stream, [Counted({ by: 1 }), Counted({ by: 2 })]);
    await record(store, stream, [Closed({})]);
    const { events } = await store.load(stream);
    for (const event of [...events, at(events, 0), at(events, 1)]) await deliver(event, steps);
    // A counter that closes takes back its last step.
    expect((await listed(rowsOf(steps), stream.id)).items.map(({ version }) => version)).toEqual([1]);
    expect((await rowStore(steps).position(stream)).version).toBe(3);
  });

  test('moves its position where there is no row to change', async () => {
    const stream = newStream();
    await record(store, stream, [Closed({})]);
    await deliver(at((await store.load(stream)).events, 0), steps);
    expect((await listed(rowsOf(steps), stream.id)).items).toEqual([]);
    expect((await rowStore(steps).position(stream)).version).toBe(1);
  });

  test('takes deliveries that meet in turns', async () => {
    const stream = newStream();
    const events = await recordCommits(store, stream, [1, 1, 1]);
    await Promise.all([...events, ...events].map((event) => deliver(event, steps)));
    expect((await listed(rowsOf(steps), stream.id)).items).toHaveLength(3);
  });

  test('passes on what DynamoDB refuses for another reason', async () => {
    const stream = newStream();
    const event = at(await recordCommits(store, stream, [1]), 0);
    const elsewhere = (model: ReadModel) => createRowStore(client, 'no-such-table', model);
    for (const model of [totals, steps]) {
      await expect(elsewhere(model).position(stream)).rejects.toThrow(
        expect.objectContaining({ name: 'ResourceNotFoundException' }),
      );
      const tooLarge = { ...event, data: { by: 'x'.repeat(500_000) } };
      await expect(rowStore(model).apply(tooLarge, { version: 0, commit: 0 })).rejects.toThrow(
        /[Ii]tem size/,
      );
    }
  });
});

describe('deliveries that are repeated, reordered and lost', () => {
  const isDeep = process.env['SKAFU_DEEP'] === '1';
  const sizes = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 5 });
  const picks = fc.array(fc.nat(), { maxLength: 12 });

  test('lead to the fold of the stream once the last event arrives', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, picks, fc.boolean(), async (commits, deliveries, isConcurrent) => {
        const stream = newStream();
        const events = await recordCommits(store, stream, commits);
        const picked = deliveries.map((pick) => at(events, pick % events.length));
        const both = async (event: Envelope) => {
          await deliver(event, totals);
          await deliver(event, steps);
        };
        if (isConcurrent) await Promise.all(picked.map(both));
        else for (const event of picked) await both(event);
        await both(at(events, -1));
        expect(await rowsOf(totals).get(stream.id)).toEqual(foldOf<Total>(totals, events));
        expect((await listed(rowsOf(steps), stream.id, { ascending: true })).items).toEqual(
          events.map((event) => steps.project(undefined, event)),
        );
      }),
      { numRuns: isDeep ? 300 : 12 },
    );
  }, 600_000);

  function foldOf<Row>(model: ReadModel<Row>, events: readonly Envelope[]): unknown {
    return events.reduce<Row | undefined>(
      (row, event) => model.project(row, event) as Row | undefined,
      undefined,
    );
  }
});

describe('a list', () => {
  const tenant = 'lists';
  const streams: StreamName[] = [];
  beforeAll(async () => {
    for (let index = 0; index < 7; index++) {
      const stream = newStream(tenant);
      streams.push(stream);
      await record(store, stream, [Counted({ by: index + 1 })]);
      await deliver(at((await store.load(stream)).events, 0), totals);
    }
  });
  const totalsIn = ({ items }: { items: readonly Total[] }) => items.map(({ total }) => total);

  test('stands in its order, highest first or ascending', async () => {
    expect(totalsIn(await listed(rowsOf(totals, tenant), 'all'))).toEqual([7, 6, 5, 4, 3, 2, 1]);
    expect(totalsIn(await listed(rowsOf(totals, tenant), 'all', { ascending: true }))).toEqual([
      1, 2, 3, 4, 5, 6, 7,
    ]);
  });

  test('comes in pages that neither repeat nor leave out a row', async () => {
    const { items, sizes } = await listed(rowsOf(totals, tenant), 'all', { limit: 3 });
    expect(items.map(({ total }) => total)).toEqual([7, 6, 5, 4, 3, 2, 1]);
    expect(sizes).toEqual([3, 3, 1]);
  });

  test('goes on from its cursor even when the row there has moved on', async () => {
    const rows = rowsOf(totals, tenant);
    const first = await rows.list('all', { limit: 2 });
    const stream = streams.find(({ id }) => id === first.items[1]?.counterId);
    if (!stream) throw new Error('The row belongs to no stream.');
    await record(store, stream, [Counted({ by: 100 })]);
    await deliver(at((await store.load(stream)).events, -1), totals);
    const next = await rows.list('all', { limit: 2, cursor: first.nextCursor });
    expect(next.items.map(({ total }) => total)).toEqual([5, 4]);
  });

  test('shows a neighbour nothing', async () => {
    expect((await rowsOf(totals, 'neighbour').list('all', {})).items).toEqual([]);
    expect(await rowsOf(totals, 'neighbour').get(at(streams, 0).id)).toBeUndefined();
  });

  test('refuses a cursor that is not one of its own', async () => {
    const rows = rowsOf(totals, tenant);
    const { nextCursor = '' } = await rows.list('all', { limit: 1 });
    const cursorOf = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const wrong = [
      'nonsense',
      cursorOf({}),
      cursorOf(['', 'lists#a']),
      cursorOf(['1', 2]),
      cursorOf([1, 'lists#a']),
      cursorOf(['1', 'neighbour#a']),
      cursorOf(['x'.repeat(1_025), 'lists#a']),
      cursorOf(['1', `lists#${'x'.repeat(2_048)}`]),
      nextCursor.slice(2),
    ];
    for (const cursor of wrong) {
      const refused: Partial<Problem> = { status: 400, slug: 'invalid-input' };
      await expect(rows.list('all', { cursor }), cursor).rejects.toMatchObject(refused);
    }
    await expect(rowsOf(totals, 'neighbour').list('all', { cursor: nextCursor })).rejects.toMatchObject({
      status: 400,
    });
  });

  test('reads a single row as it stands now, so that a position reached is a row seen', async () => {
    const asked: unknown[] = [];
    const watching = new DynamoDBClient({});
    watching.middlewareStack.add(
      (next) => (request) => {
        asked.push((request.input as { ConsistentRead?: boolean }).ConsistentRead);
        return next(request);
      },
      { step: 'initialize' },
    );
    await createRows(DynamoDBDocumentClient.from(watching), totalsTable, tenant).get('anything');
    expect(asked).toEqual([true]);
    watching.destroy();
  });
});

describe('positions', () => {
  test('are told for streams of either kind of model, in as many calls as it takes', async () => {
    const followed: Envelope[] = [];
    for (let index = 0; index < 60; index++) {
      const [event] = await recordCommits(store, newStream(), [1]);
      if (event) followed.push(event);
    }
    for (const event of followed.slice(0, 55)) await deliver(event, index(event) % 2 ? totals : steps);
    const positions = createPositions(client);
    const inTotals = await positions(totalsTable, followed);
    const inSteps = await positions(stepsTable, followed);
    expect(inTotals.map((version, place) => version + at(inSteps, place))).toEqual(
      followed.map((_, place) => (place < 55 ? 1 : 0)),
    );

    function index(event: Envelope): number {
      return followed.indexOf(event);
    }
  });

  test('are told of a stream that two ask for, as two failures of one stream do', async () => {
    const [event] = await recordCommits(store, newStream(), [1]);
    if (!event) throw new Error('Nothing was recorded.');
    await deliver(event, totals);
    expect(await createPositions(client)(totalsTable, [event, event])).toEqual([1, 1]);
  });

  test('are asked for again where DynamoDB left some out', async () => {
    const [event] = await recordCommits(store, newStream(), [1]);
    if (!event) throw new Error('Nothing was recorded.');
    await deliver(event, totals);
    const partial = new DynamoDBClient({});
    let left = 1;
    // What a throttled table answers: nothing yet, and all keys unprocessed.
    partial.middlewareStack.add(
      (next) => (request) => {
        if (left-- === 0) return next(request);
        const { RequestItems } = request.input as { RequestItems: object };
        return Promise.resolve({
          output: { $metadata: {}, UnprocessedKeys: RequestItems } as never,
          response: {},
        });
      },
      { step: 'initialize', priority: 'low' },
    );
    expect(await createPositions(DynamoDBDocumentClient.from(partial))(totalsTable, [event])).toEqual([1]);
    partial.destroy();
  });
});

test('tables hold nothing but what is documented', async () => {
  for (const event of await recordCommits(store, newStream(), [1])) {
    await deliver(event, totals);
    await deliver(event, steps);
  }
  const documented = [
    [totalsTable, ['c', 'k', 'l', 'o', 'r', 'v']],
    [stepsTable, ['c', 'k', 'l', 'o', 'r', 'v', 'w']],
  ] as const;
  for (const [table, attributes] of documented) {
    const { Items: items = [] } = await plain.send(new ScanCommand({ TableName: table }));
    const names = new Set(items.flatMap((item) => Object.keys(item)));
    expect([...names].sort()).toEqual(attributes);
  }
});
