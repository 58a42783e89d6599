import { describe, expect, test } from 'vitest';
import { createFreshMarks } from './api-access.ts';
import { isProblem } from './problem.ts';
import { type ApiRequest, request } from './request.ts';
import { createFakeApi, type FakeApi, problem } from './testing/fake-api.ts';

function send(fake: FakeApi, wish: ApiRequest) {
  const { signal, abort } = new AbortController();
  const api = { signal, abort, extra: fake.access, endpoint: 'test', type: 'query' as const };
  return request(wish, { ...api, dispatch: () => undefined as never, getState: () => undefined }, {});
}

const command: ApiRequest = { path: 'x/things', method: 'POST', body: { name: 'a' } };

describe('a request', () => {
  test('carries the token and leaves out what is not asked for', async () => {
    const fake = createFakeApi(() => ({ body: { items: [] } }));
    await send(fake, { path: 'x/things', query: { limit: 25, cursor: '', state: undefined } });
    expect(fake.requests[0]?.headers.get('authorization')).toBe('Bearer token-0');
    expect(String(fake.requests[0]?.query)).toBe('limit=25');
  });

  test('renews the token once when it is refused', async () => {
    const fake = createFakeApi(({ headers }) =>
      headers.get('authorization') === 'Bearer token-1' ? { body: { ok: true } } : { status: 401, body: {} },
    );
    expect(await send(fake, { path: 'x' })).toEqual({ data: { ok: true } });
    expect(fake.signedOut).toBe(0);
  });

  test('ends the session when a new token is refused too', async () => {
    const fake = createFakeApi(() => ({ status: 401, body: { message: 'Unauthorized' } }));
    const { error } = await send(fake, { path: 'x' });
    expect(error).toMatchObject({ status: 401, detail: 'Unauthorized' });
    expect(fake.signedOut).toBe(1);
    expect(fake.requests).toHaveLength(2);
  });

  test('says in words of the API why it failed, and which field', async () => {
    const errors = [{ pointer: '#/name', detail: 'must not be empty' }];
    const fake = createFakeApi(() => problem(400, 'invalid', 'Bad input', errors));
    const { error } = await send(fake, command);
    expect(isProblem(error)).toBe(true);
    expect(error).toMatchObject({ slug: 'invalid', detail: 'Bad input', correlationId: 'c-1', errors });
  });

  test('says when no answer came', async () => {
    const fake = createFakeApi(() => 'unreachable');
    expect((await send(fake, { path: 'x' })).error).toMatchObject({ status: 'unreachable' });
  });
});

describe('a command', () => {
  test('is repeated under the same key as long as its answer is unknown, and then under a new one', async () => {
    const fake = createFakeApi(() => 'unreachable');
    await send(fake, command);
    fake.answer = () => ({ body: { stream: 'thing/1', version: 1 } });
    await send(fake, command);
    await send(fake, command);
    const keys = fake.requests.map((each) => each.headers.get('idempotency-key'));
    expect(keys[0]).toBe(keys[1]);
    expect(keys[2]).not.toBe(keys[1]);
  });

  test('names the version it is based on', async () => {
    const fake = createFakeApi(() => ({ body: {} }));
    await send(fake, { ...command, ifMatch: 7 });
    expect(fake.requests[0]?.headers.get('if-match')).toBe('"7"');
  });

  test('makes later lists of the same kind ask to be as new as itself', async () => {
    const fake = createFakeApi(() => ({ body: { stream: 'thing/1', version: 4 } }));
    await send(fake, command);
    await send(fake, { path: 'x/things', follows: 'thing' });
    await send(fake, { path: 'x/others', follows: 'other' });
    expect(fake.requests.map((each) => each.query.get('atLeast'))).toEqual([null, 'thing/1:4', null]);
  });

  test('is forgotten after a while, when every list has it anyway', () => {
    let now = 0;
    const marks = createFreshMarks(() => now);
    marks.note('thing/1', 4);
    now = 9_999;
    expect(marks.of('thing')).toBe('thing/1:4');
    now = 10_000;
    expect(marks.of('thing')).toBeUndefined();
  });
});
