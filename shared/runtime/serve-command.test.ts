import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { command } from '../definition/command.ts';
import type { EventStore } from '../event-store/event-store.ts';
import { mark } from '../event-store/personal-text.ts';
import { integer, optional, text } from '../messages/schema.ts';
import { count, counter } from '../testing/counter.ts';
import { createMemoryEventStore } from '../testing/memory-event-store.ts';
import { claimsOf, request } from '../testing/requests.ts';
import type { HttpEvent } from './http.ts';
import { serveCommand } from './serve-command.ts';

const input = { by: integer({ minimum: 0 }), note: optional(text(20)) };
const startCounter = command({
  route: 'POST /counters',
  roles: ['operator', 'admin'],
  input,
  aggregate: counter,
  decide: count,
});
const addToCounter = command({ ...startCounter, input, route: 'POST /counters/{counterId}/additions' });
const validate = new Ajv2020({ allErrors: true, strict: false }).compile(startCounter.input);

let store: EventStore;
beforeEach(() => {
  store = createMemoryEventStore();
});
afterEach(() => vi.unstubAllEnvs());

async function send(changes: Parameters<typeof request>[0] = {}, definition = startCounter) {
  const handler = serveCommand(definition, validate, async () => store);
  const result = await handler(request({ body: '{"by":1}', ...changes }));
  return { ...result, body: JSON.parse(result.body) };
}
const add = (id: string, changes: Partial<HttpEvent> = {}) =>
  send({ ...changes, pathParameters: { counterId: id } }, addToCounter);
const idOf = (result: { body: { stream: string } }) => result.body.stream.replace('counter/', '');
const load = (id: string, tenant = 'skafu') => store.load({ tenant, type: 'counter', id });

describe('a command over HTTP', () => {
  test('starts a stream and answers where it stands', async () => {
    const result = await send();
    expect(result).toMatchObject({ statusCode: 201, headers: { etag: '"1"' }, body: { version: 1 } });
    expect(idOf(result)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    expect((await load(idOf(result))).events[0]).toMatchObject({
      actor: { type: 'user', id: 'sub-1' },
      tenant: 'skafu',
    });
  });

  test('acts on the stream that the route names', async () => {
    const id = idOf(await send());
    expect(await add(id)).toMatchObject({ statusCode: 200, body: { stream: `counter/${id}`, version: 2 } });
  });

  test('may begin the stream of a thing that bears the id of another, once that exists', async () => {
    const id = idOf(await send());
    const twin = { ...counter, type: 'twin' };
    const addToTwin = command({
      ...startCounter,
      input,
      route: 'POST /counters/{twinId}/twins',
      aggregate: twin,
      existsWith: counter,
    });
    const addTwin = (twinId: string) => send({ pathParameters: { twinId } }, addToTwin);
    expect(await addTwin(id)).toMatchObject({ statusCode: 200, body: { stream: `twin/${id}`, version: 1 } });
    expect(await addTwin('01990000-0000-7000-8000-000000000000')).toMatchObject({ statusCode: 404 });
  });

  test('answers what else it has to tell of how things stand, a retry alike', async () => {
    const telling = command({
      ...startCounter,
      input,
      answer: async ({ tenant, id, state }) => ({ told: `${tenant}/${id}: ${state.total}` }),
    });
    const once = () => send({ headers: { 'idempotency-key': 'same' } }, telling);
    const first = await once();
    expect(first.body.told).toBe(`skafu/${idOf(first)}: 1`);
    expect((await once()).body).toEqual(first.body);
  });

  test('does not know an id that was never given, that is none, or that belongs to another tenant', async () => {
    const id = idOf(await send());
    expect(await add('01990000-0000-7000-8000-000000000000')).toMatchObject({ statusCode: 404 });
    expect(await add('nonsense')).toMatchObject({ statusCode: 404 });
    expect(
      await add(id, request({ body: '{"by":1}', claims: claimsOf(['operator'], 'neighbour') })),
    ).toMatchObject({ statusCode: 404 });
    expect((await load(id)).head.version).toBe(1);
  });

  test('names each field that is wrong, and writes nothing', async () => {
    const result = await send({ body: '{"by":"many","note":"","colour":1}' });
    expect(result).toMatchObject({ statusCode: 400, body: { type: 'urn:skafu:problem:invalid-input' } });
    expect(result.body.errors.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual([
      '#/by',
      '#/colour',
      '#/note',
      '#/note',
    ]);
    expect((await send({ body: '{}' })).body.errors).toEqual([{ pointer: '#/by', detail: 'is required' }]);
    const { body: _, ...withoutBody } = request();
    const handler = serveCommand(startCounter, validate, async () => store);
    expect((await handler(withoutBody)).statusCode).toBe(400);
  });

  test('refuses a body that is not JSON', async () => {
    for (const body of ['{', 'null', '[]', '"text"'])
      expect(await send({ body })).toMatchObject({ statusCode: 400 });
  });

  test('reads a body in base64', async () => {
    const body = Buffer.from('{"by":2}').toString('base64');
    expect(await send({ body, isBase64Encoded: true })).toMatchObject({ statusCode: 201 });
  });

  test('asks for an ID token, a tenant and a role', async () => {
    const access = { ...claimsOf(['operator']), token_use: 'access' };
    expect(await send({ claims: access })).toMatchObject({
      statusCode: 401,
      headers: { 'www-authenticate': 'Bearer' },
    });
    expect(await send({ claims: {} })).toMatchObject({ statusCode: 401 });
    expect(await send({ requestContext: { requestId: 'r' } })).toMatchObject({ statusCode: 401 });
    expect(await send({ claims: { ...claimsOf(['operator']), 'custom:tenant': 'a#b' } })).toMatchObject({
      statusCode: 403,
    });
    expect(await send({ claims: { sub: 's', token_use: 'id' } })).toMatchObject({ statusCode: 403 });
    expect(await send({ claims: claimsOf(['viewer', 'developer']) })).toMatchObject({ statusCode: 403 });
    expect(await send({ claims: { ...claimsOf([]), 'cognito:groups': ['admin'] } })).toMatchObject({
      statusCode: 201,
    });
    const { 'cognito:groups': _, ...withoutGroups } = claimsOf([]);
    expect(await send({ claims: withoutGroups })).toMatchObject({ statusCode: 403 });
  });

  test('that concerns the installation is done for its own tenant alone', async () => {
    vi.stubEnv('INSTALLATION_TENANT', 'skafu');
    const ofInstallation = command({ ...startCounter, input, installationOnly: true });
    expect(await send({}, ofInstallation)).toMatchObject({ statusCode: 201 });
    const recording = vi.spyOn(store, 'append');
    expect(await send({ claims: claimsOf(['admin'], 'neighbour') }, ofInstallation)).toMatchObject({
      statusCode: 403,
      body: { type: 'urn:skafu:problem:forbidden' },
    });
    expect(recording).not.toHaveBeenCalled();
  });

  test('refuses a sealed text, which would be opened for whoever brought it, and writes nothing', async () => {
    const recording = vi.spyOn(store, 'append');
    expect(await send({ body: JSON.stringify({ by: 1, note: `so ${mark}x` }) })).toMatchObject({
      statusCode: 400,
      body: { errors: [{ pointer: '#', detail: 'must not hold a sealed text' }] },
    });
    // However it is written in JSON.
    expect(await send({ body: '{"by":1,"note":"\\ue000personal:x"}' })).toMatchObject({ statusCode: 400 });
    expect(recording).not.toHaveBeenCalled();
  });

  test('answers the retry of a command as the first try, also of one that starts a stream', async () => {
    const headers = { 'idempotency-key': 'again' };
    const first = await send({ headers });
    expect((await send({ headers })).body).toEqual(first.body);
    const id = idOf(first);
    const added = await add(id, { headers });
    await add(id);
    expect((await add(id, { headers })).body).toEqual(added.body);
    expect((await load(id)).head.version).toBe(3);
    expect(await send({ headers: { 'idempotency-key': '' } })).toMatchObject({ statusCode: 400 });
    expect(await send({ headers: { 'idempotency-key': 'a'.repeat(129) } })).toMatchObject({
      statusCode: 400,
    });
  });

  test('acts only on the version that the caller has seen, if told', async () => {
    const id = idOf(await send());
    expect(await add(id, { headers: { 'if-match': '"7"' } })).toMatchObject({ statusCode: 412 });
    expect(await add(id, { headers: { 'if-match': 'seven' } })).toMatchObject({ statusCode: 400 });
    expect(await add(id, { headers: { 'if-match': '*' } })).toMatchObject({ statusCode: 200 });
    expect(await add(id, { headers: { 'if-match': '"2"' } })).toMatchObject({ statusCode: 200 });
  });

  test('keeps a harmless correlation id of the caller, and makes one otherwise', async () => {
    const result = await send({ headers: { 'x-correlation-id': 'mine-1' } });
    expect(result.headers['x-correlation-id']).toBe('mine-1');
    expect((await load(idOf(result))).events[0]?.correlationId).toBe('mine-1');
    expect(
      (await send({ headers: { 'x-correlation-id': 'not\nmine' } })).headers['x-correlation-id'],
    ).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('takes two commands of one correlation id for two', async () => {
    const headers = { 'x-correlation-id': '01990000-0000-7000-8000-000000000001' };
    const id = idOf(await send({ headers }));
    await add(id, { headers });
    await add(id, { headers });
    expect((await load(id)).head.version).toBe(3);
  });

  test('does not show the insides of an unexpected failure', async () => {
    const broken: EventStore = {
      ...store,
      load: () => Promise.reject(new Error('the password is swordfish')),
    };
    const result = await serveCommand(
      startCounter,
      validate,
      async () => broken,
    )(request({ body: '{"by":1}' }));
    expect(result.statusCode).toBe(500);
    expect(result.body).not.toContain('swordfish');
    expect(JSON.parse(result.body)).toMatchObject({
      type: 'urn:skafu:problem:unexpected',
      correlationId: expect.any(String),
    });
  });
});
