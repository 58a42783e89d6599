import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Body, call, signInAs } from '../support/api.ts';
import { type Platform, removeDataDirectory, startPlatform } from '../support/platform.ts';

let platform: Platform;
const tokens: Record<string, string> = {};

beforeAll(async () => {
  platform = await startPlatform();
  for (const group of ['admin', 'developer', 'viewer'])
    tokens[group] = (await signInAs(platform.outputs, group)).id;
  tokens['neighbour'] = (await signInAs(platform.outputs, 'operator', 'neighbour')).id;
});
afterAll(async () => {
  await platform?.stop();
  removeDataDirectory(platform?.dataDirectory);
});

const get = (path: string, who: string) =>
  call(platform.outputs, 'GET', `/observability/${path}`, { token: tokens[who] });
const namesOf = (body: Body) => (body.items ?? []).map(({ email }) => email);

describe('users', () => {
  test('are listed page by page, each once', async () => {
    const found: unknown[] = [];
    let cursor = '';
    do {
      const more: string = cursor && `&cursor=${encodeURIComponent(cursor)}`;
      const { status, body } = await get(`users?limit=2${more}`, 'admin');
      expect(status).toBe(200);
      found.push(...namesOf(body));
      cursor = body.nextCursor ?? '';
    } while (cursor);
    expect(found.toSorted()).toEqual(platform.outputs.users.map(({ email }) => email).toSorted());
  });

  test('are found by the beginning of their email, and told with their roles', async () => {
    const { body } = await get('users?prefix=developer@', 'admin');
    expect(namesOf(body)).toEqual(['developer@skafu.example']);
    const { username } = body.items?.[0] ?? {};
    expect((await get(`users/${username}`, 'admin')).body).toMatchObject({
      email: 'developer@skafu.example',
      status: 'CONFIRMED',
      enabled: true,
      tenant: 'skafu',
      groups: ['developer'],
    });
  });

  test('are for administrators of the installation alone', async () => {
    for (const who of ['developer', 'viewer', 'neighbour']) {
      expect((await get('users', who)).status, who).toBe(403);
      expect((await get('users/somebody', who)).status, who).toBe(403);
    }
    expect((await get('users/nobody', 'admin')).status).toBe(404);
  });
});

describe('finance', () => {
  test('tells what the installation costs, and asks AWS once for many who want to know', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => get('finance/cost?groupBy=region', 'developer')),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ body }) => body['cachedAt'])).size).toBe(1);
    expect(answers[0]?.body).toMatchObject({
      unit: 'USD',
      granularity: 'daily',
      partial: false,
      price: 0.01,
    });
  });

  test('asks again when a person pays for it', async () => {
    const before = (await get('finance/cost', 'developer')).body;
    const after = (await get('finance/cost?refresh=true', 'developer')).body;
    expect(String(after['cachedAt']) > String(before['cachedAt'])).toBe(true);
    expect((await get('finance/cost', 'developer')).body).toEqual(after);
  });

  test('always answers the default forecast, with bounds or with why there are none', async () => {
    const { status, body } = await get('finance/forecast', 'developer');
    expect(status).toBe(200);
    expect(body).toMatchObject({ intervalPercent: 80, available: expect.any(Boolean) });
    expect(body['available'] === true || typeof body['reason'] === 'string').toBe(true);
  });

  test.each([
    ['finance/cost?from=2026-02-30', '#/from'],
    ['finance/cost?to=2999-01-01', '#/to'],
    ['finance/cost?groupBy=colour', '#/groupBy'],
    ['finance/forecast?granularity=hourly', '#/granularity'],
  ])('names what is wrong in %s', async (path, pointer) => {
    const { status, body } = await get(path, 'developer');
    expect(status).toBe(400);
    expect(body.errors?.map((error) => error.pointer)).toEqual([pointer]);
  });

  test('is for neither viewers nor other tenants', async () => {
    for (const who of ['viewer', 'neighbour']) {
      for (const path of ['finance/cost', 'finance/forecast'])
        expect((await get(path, who)).status, `${who} ${path}`).toBe(403);
    }
  });
});
