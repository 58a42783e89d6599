import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { query } from '#shared/definition/query.ts';
import type { EventStore } from '#shared/event-store/event-store.ts';
import type { Envelope, StreamName } from '#shared/messages/envelope.ts';
import { notFound } from '#shared/messages/problem.ts';
import { integer, optional, text } from '#shared/messages/schema.ts';
import { eventStore } from '#shared/runtime/clients.ts';
import type { HttpEvent } from '#shared/runtime/http.ts';
import { serveProjection } from '#shared/runtime/serve-projection.ts';
import { serveQuery } from '#shared/runtime/serve-query.ts';
import { Counted } from '#shared/testing/counter.ts';
import { claimsOf, request } from '#shared/testing/requests.ts';
import { steps, type Total, totals } from './models.ts';
import { type KernelPlatform, startKernelPlatform } from './platform.ts';
import { at, newStream, record } from './recording.ts';
import { bodyOf, parametersOf } from './requests.ts';

const getTotal = query({
  route: 'GET /counters/{counterId}',
  roles: ['viewer', 'operator'],
  input: { counterId: text(100) },
  readModels: { totals },
  answer: async ({ counterId }, { rows }) => {
    const row = await rows.totals.get(counterId);
    if (row) return row;
    throw notFound(`There is no counter ${counterId}.`);
  },
});
const listTotals = query({
  route: 'GET /counters',
  roles: ['viewer', 'operator'],
  input: { limit: optional(integer({ minimum: 1, maximum: 100 })), cursor: optional(text(2048)) },
  readModels: { totals, steps },
  answer: (page, { rows }) => rows.totals.list('all', page),
});
const secrets = query({
  route: 'GET /secrets',
  roles: ['operator'],
  input: {},
  installationOnly: true,
  answer: async () => ({ items: ['seen'] }),
});

const get = serveQuery(getTotal, parametersOf(getTotal.input), { milliseconds: 300, step: 10 });
const list = serveQuery(listTotals, parametersOf(listTotals.input), { milliseconds: 300, step: 10 });
const project = serveProjection(totals);

let platform: KernelPlatform;
let store: EventStore;
beforeAll(async () => {
  platform = await startKernelPlatform();
  store = await eventStore();
});
afterAll(() => platform.stop());

const ask = (changes: Partial<HttpEvent>, tenant = 'skafu') =>
  request({ routeKey: 'GET /counters', claims: claimsOf(['viewer'], tenant), ...changes });
const askFor = (stream: StreamName, atLeast?: number, tenant = stream.tenant) =>
  ask(
    {
      pathParameters: { counterId: stream.id },
      ...(atLeast === undefined
        ? {}
        : { queryStringParameters: { atLeast: `counter/${stream.id}:${atLeast}` } }),
    },
    tenant,
  );

async function recorded(stream = newStream()): Promise<Envelope> {
  await record(store, stream, [Counted({ by: 1 })]);
  return at((await store.load(stream)).events, -1);
}
const streamOf = ({ tenant, stream }: Envelope): StreamName => ({ tenant, ...stream });
const deliver = (event: Envelope) => project({ id: 'bus-1', detail: event });

describe('a query over HTTP', () => {
  test('answers a row with its version as ETag, not to be cached', async () => {
    const event = await recorded();
    await deliver(event);
    const answer = await get(askFor(streamOf(event)));
    expect(answer).toMatchObject({ statusCode: 200, headers: { etag: '"1"', 'cache-control': 'no-store' } });
    expect(bodyOf(answer)).toEqual({ counterId: event.stream.id, total: 1, version: 1 });
  });

  test('answers a list without ETag', async () => {
    const answer = await list(ask({}));
    expect(answer.statusCode).toBe(200);
    expect(answer.headers).not.toHaveProperty('etag');
  });

  test('pages a list by the cursor it gave', async () => {
    const tenant = `pages-${randomUUID()}`;
    for (let index = 0; index < 3; index++) await deliver(await recorded(newStream(tenant)));
    const first = bodyOf<{ items: object[]; nextCursor: string }>(
      await list(ask({ queryStringParameters: { limit: '2' } }, tenant)),
    );
    expect(first.items).toHaveLength(2);
    const second = await list(
      ask({ queryStringParameters: { limit: '2', cursor: first.nextCursor } }, tenant),
    );
    const { items, nextCursor } = bodyOf<{ items: object[]; nextCursor?: string }>(second);
    expect(items).toHaveLength(1);
    expect(nextCursor).toBeUndefined();
    expect(first.items).not.toContainEqual(items[0]);
  });

  test('names the fields at fault', async () => {
    const answer = await list(ask({ queryStringParameters: { limit: '0', colour: 'red' } }));
    expect(answer).toMatchObject({
      statusCode: 400,
      headers: { 'content-type': 'application/problem+json' },
    });
    const { errors } = bodyOf<{ errors: { pointer: string }[] }>(answer);
    expect(errors.map(({ pointer }) => pointer).sort()).toEqual(['#/colour', '#/limit']);
  });

  test.each(['nonsense', 'bnVsbA', 'W10', ''])('refuses the cursor "%s"', async (cursor) => {
    expect(await list(ask({ queryStringParameters: { cursor } }))).toMatchObject({ statusCode: 400 });
  });

  test('shows nobody a row or a list of another tenant', async () => {
    const event = await recorded();
    await deliver(event);
    expect(await get(askFor(streamOf(event), undefined, 'neighbour'))).toMatchObject({ statusCode: 404 });
    expect(bodyOf(await list(ask({}, 'neighbour')))).toEqual({ items: [] });
    const { nextCursor = '' } = bodyOf<{ nextCursor?: string }>(
      await list(ask({ queryStringParameters: { limit: '1' } })),
    );
    expect(await list(ask({ queryStringParameters: { cursor: nextCursor } }, 'neighbour'))).toMatchObject({
      statusCode: 400,
    });
  });

  test('is for callers with a token and a role', async () => {
    expect(await list(request({ claims: {} }))).toMatchObject({ statusCode: 401 });
    expect(await list(request({ claims: claimsOf([]) }))).toMatchObject({ statusCode: 403 });
    expect(await list(request({ claims: claimsOf(['developer']) }))).toMatchObject({ statusCode: 403 });
  });

  test('shows what cannot be told apart by tenant to the tenant of the installation alone', async () => {
    const see = serveQuery(secrets, parametersOf(secrets.input));
    expect(bodyOf(await see(request({ claims: claimsOf(['operator']) })))).toEqual({ items: ['seen'] });
    expect(await see(request({ claims: claimsOf(['operator'], 'neighbour') }))).toMatchObject({
      statusCode: 403,
    });
  });
});

describe('a query that must be fresh', () => {
  test('answers at once when the row is as new as asked', async () => {
    const event = await recorded();
    await deliver(event);
    expect(await get(askFor(streamOf(event), 1))).toMatchObject({ statusCode: 200 });
  });

  test('waits until the row is as new as asked', async () => {
    const event = await recorded();
    const [answer] = await Promise.all([get(askFor(streamOf(event), 1)), deliver(event)]);
    expect(answer).toMatchObject({ statusCode: 200, headers: { etag: '"1"' } });
  });

  test('folds what the projection has not done yet, when that does not come', async () => {
    const event = await recorded();
    const answer = await get(askFor(streamOf(event), 1));
    expect(answer).toMatchObject({ statusCode: 200, headers: { etag: '"1"' } });
    expect(bodyOf(answer)).toMatchObject({ version: 1 });
  });

  test('folds on from the row that the projection has reached, and writes nothing', async () => {
    const event = await recorded();
    await deliver(event);
    await recorded(streamOf(event));
    await recorded(streamOf(event));
    expect(bodyOf(await get(askFor(streamOf(event), 3)))).toMatchObject({ total: 3, version: 3 });
    expect(bodyOf(await get(askFor(streamOf(event))))).toMatchObject({ total: 1, version: 1 });
  });

  test('shows it in lists, in its place, once, and on the page it belongs to', async () => {
    const tenant = `fresh-${randomUUID()}`;
    const events: Envelope[] = [];
    for (let index = 0; index < 4; index++) events.push(await recorded(newStream(tenant)));
    for (const event of events.slice(0, 3)) await deliver(event);
    const late = at(events, 3);
    const again = await recorded(streamOf(at(events, 1)));
    const shownAt = async (atLeast: string) => {
      const shown: [string, number][] = [];
      let cursor: string | undefined;
      do {
        const parameters = { atLeast, limit: '2', ...(cursor ? { cursor } : {}) };
        const answer = await list(ask({ queryStringParameters: parameters }, tenant));
        const page = bodyOf(answer) as { items: Total[]; nextCursor?: string };
        expect(page.items.length).toBeLessThanOrEqual(2);
        shown.push(...page.items.map(({ counterId, total }): [string, number] => [counterId, total]));
        cursor = page.nextCursor;
      } while (cursor);
      return shown.sort();
    };
    const delivered = events.slice(0, 3).map(({ stream }): [string, number] => [stream.id, 1]);
    expect(await shownAt(`counter/${late.stream.id}:1`)).toEqual([...delivered, [late.stream.id, 1]].sort());
    expect(await shownAt(`counter/${again.stream.id}:2`)).toEqual(
      delivered.map(([id, total]) => [id, id === again.stream.id ? 2 : total]).sort(),
    );
  });

  test('refuses a version that was never recorded', async () => {
    const event = await recorded();
    const answer = await get(askFor(streamOf(event), 2));
    expect(answer.statusCode).toBe(400);
    expect(bodyOf(answer)).toMatchObject({ errors: [{ pointer: '#/atLeast' }] });
  });

  test('does not wait for streams that its read models do not follow', async () => {
    const atLeast = `timer/${randomUUID()}:7`;
    expect(await list(ask({ queryStringParameters: { atLeast } }))).toMatchObject({ statusCode: 200 });
  });

  test('does not learn of another tenant’s streams', async () => {
    const event = await recorded();
    await deliver(event);
    expect(await get(askFor(streamOf(event), 1, 'neighbour'))).toMatchObject({ statusCode: 400 });
  });

  test.each(['counter', 'counter/x:1', `counter/${randomUUID()}`, `counter/${randomUUID()}:-1`, ''])(
    'refuses "%s"',
    async (atLeast) => {
      const answer = await list(ask({ queryStringParameters: { atLeast } }));
      expect(answer.statusCode).toBe(400);
      expect(bodyOf(answer)).toMatchObject({ errors: [{ pointer: '#/atLeast' }] });
    },
  );
});
