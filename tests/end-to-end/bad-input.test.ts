import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import events from '#domains/events/domain.ts';
import observability from '#domains/observability/domain.ts';
import { call, signInAs, type Tokens } from '../support/api.ts';
import { type Platform, removeDataDirectory, startPlatform } from '../support/platform.ts';
import { ruleOnRequests } from '../support/rules.ts';

let platform: Platform;
let operator: Tokens;
let viewer: Tokens;
let admin: Tokens;
let neighbour: Tokens;
let ruleId: string;

const rule = ruleOnRequests('nobody');
const channel = {
  name: 'On call',
  kind: 'webhook',
  url: 'https://hooks.example.com/alerts',
  severities: ['critical'],
  moments: ['raised'],
};
const prefix = '/observability';
const unknownId = '01990000-0000-7000-8000-000000000000';

beforeAll(async () => {
  platform = await startPlatform();
  viewer = await signInAs(platform.outputs, 'viewer');
  neighbour = await signInAs(platform.outputs, 'operator', 'neighbour');
  admin = await signInAs(platform.outputs, 'admin');
  operator = await signInAs(platform.outputs, 'operator');
  const { body } = await call(platform.outputs, 'POST', `${prefix}/alert-rules`, {
    token: operator.id,
    body: rule,
  });
  ruleId = String(body.stream).replace('alert-rule/', '');
});
afterAll(async () => {
  await platform?.stop();
  removeDataDirectory(platform?.dataDirectory);
});

/** Every route of the domains as method and path, its ids filled in. */
const routes = [observability, events].flatMap(({ name, commands, queries }) =>
  [...Object.values(commands), ...Object.values(queries)].map(({ route, kind, roles, ...more }) => {
    const [method = '', path = ''] = route.split(' ');
    const fill = (id: string) =>
      `/${name}${path
        .replace('{version}', '1')
        .replace('{type}', 'alert-rule')
        .replace(/\{\w+\}/g, id)}`;
    return {
      route,
      kind,
      roles,
      method,
      path: fill,
      installationOnly: 'installationOnly' in more && more.installationOnly === true,
    };
  }),
);

/** An empty list, or a count of none. */
const isNothing = (value: unknown) => (Array.isArray(value) ? value.length === 0 : value === 0);

/** A body that the route takes, so that it is the id that is wrong. */
function bodyOf(route: string): object {
  const until = new Date(Date.now() + 3_600_000).toISOString();
  const bodies: [end: string, body: object][] = [
    ['PUT /alert-rules/{alertRuleId}', rule],
    ['/acknowledgement', { episode: 1 }],
    ['/silence', { until, reason: 'planned' }],
    ['/comments', { episode: 1, text: 'Seen.' }],
    ['PUT /notification-channels/{notificationChannelId}', channel],
    ['/resolve', { reason: 'Mended.' }],
    ['/ignore', { reason: 'Known.' }],
    ['/reopen', { reason: 'Again.' }],
    ['/cancellation', { reason: 'Wrong one.' }],
  ];
  return bodies.find(([end]) => route.endsWith(end))?.[1] ?? {};
}
const commands = routes.filter(({ kind }) => kind === 'command');
const queries = routes.filter(({ kind }) => kind === 'query');
const onOneThing = routes.filter(({ route }) => route.includes('{'));

async function commitsInStore(): Promise<number> {
  const { awsEndpointUrl, region, tables } = platform.outputs;
  const client = new DynamoDBClient({
    endpoint: awsEndpointUrl,
    region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const { Count } = await client.send(
    new ScanCommand({ TableName: tables['eventStore'], Select: 'COUNT', ConsistentRead: true }),
  );
  client.destroy();
  return Count ?? 0;
}

/** Runs work and shows that it has written nothing. */
async function writingNothing(work: () => Promise<void>): Promise<void> {
  const before = await commitsInStore();
  await work();
  expect(await commitsInStore()).toBe(before);
}

const send = (method: string, path: string, more: Parameters<typeof call>[3] = {}) =>
  call(platform.outputs, method, path, more);

describe('bad input', () => {
  test('knows every route of the domains', () => {
    expect(commands.length).toBeGreaterThan(4);
    expect(queries.length).toBeGreaterThan(6);
  });

  test.each(routes)('$route wants a valid token', async ({ method, path }) => {
    const { privateKey } = await generateKeyPair('RS256');
    const pool = `https://cognito-idp.${platform.outputs.region}.amazonaws.com/${platform.outputs.userPoolId}`;
    const forged = await new SignJWT({
      token_use: 'id',
      'cognito:groups': ['admin'],
      'custom:tenant': 'skafu',
      sub: 's',
    })
      .setProtectedHeader({ alg: 'RS256', kid: 'forged' })
      .setIssuer(pool)
      .setAudience(platform.outputs.userPoolClientId)
      .setExpirationTime('1h')
      .sign(privateKey);
    const [head = '', payload = '', signature = ''] = operator.id.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const raised = Buffer.from(JSON.stringify({ ...claims, 'cognito:groups': ['admin'] })).toString(
      'base64url',
    );
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`;
    await writingNothing(async () => {
      for (const token of [
        undefined,
        'nonsense',
        forged,
        `${head}.${raised}.${signature}`,
        unsigned,
        operator.access,
      ]) {
        expect(
          await send(method, path(unknownId), { token, body: method === 'GET' ? undefined : rule }),
        ).toMatchObject({ status: 401 });
      }
    });
  });

  test.each(commands)('$route is not for viewers', async ({ method, path }) => {
    await writingNothing(async () => {
      expect(await send(method, path(ruleId), { token: viewer.id, body: rule })).toMatchObject({
        status: 403,
        body: { type: 'urn:skafu:problem:forbidden' },
      });
    });
  });

  test.each(commands)('$route wants JSON of the right form', async ({ method, path }) => {
    await writingNothing(async () => {
      for (const body of [
        '{',
        '[]',
        '"text"',
        '{"surprise":1}',
        '\u0000',
        '{"name":{"a":[1,2,3]},"episode":"one"}',
      ]) {
        const answer = await send(method, path(ruleId), { token: operator.id, body });
        expect(answer).toMatchObject({ status: 400, body: { type: 'urn:skafu:problem:invalid-input' } });
        expect(answer.body.errors?.length).toBeGreaterThan(0);
      }
    });
  });

  test.each(Object.keys(rule))('a rule without %s is refused by that name', async (field) => {
    const { [field as keyof typeof rule]: _, ...rest } = rule;
    await writingNothing(async () => {
      const answer = await send('POST', `${prefix}/alert-rules`, { token: operator.id, body: rest });
      expect(answer).toMatchObject({
        status: 400,
        body: { errors: [{ pointer: `#/${field}`, detail: 'is required' }] },
      });
    });
  });

  test('a body of many megabytes is refused', async () => {
    await writingNothing(async () => {
      const body = JSON.stringify({ ...rule, name: 'a'.repeat(11 * 1024 * 1024) });
      expect((await send('POST', `${prefix}/alert-rules`, { token: operator.id, body })).status).toBe(413);
      const large = JSON.stringify({ ...rule, description: 'a'.repeat(1024 * 1024) });
      expect(await send('POST', `${prefix}/alert-rules`, { token: operator.id, body: large })).toMatchObject({
        status: 400,
      });
    });
  });

  test.each(onOneThing)(
    '$route does not know an unknown id or nonsense, and tells nobody of another tenant’s',
    async ({ method, path, route, roles, installationOnly }) => {
      const body = method === 'GET' || method === 'DELETE' ? undefined : bodyOf(route);
      const suffix = route.endsWith('{alertId}') ? '?episode=1' : '';
      const own = roles.includes('operator') ? operator : admin;
      const ask = async (id: string, token: string) => {
        const answer = await send(method, path(id) + suffix, { token, body });
        const told = JSON.stringify({ ...answer.body, correlationId: undefined });
        return { status: answer.status, told: told.replaceAll(id, '<id>') };
      };
      await writingNothing(async () => {
        const unknown = await ask(unknownId, own.id);
        // What is kept of a thing that never was is an empty list, or nothing.
        const isEmpty = unknown.status === 200 && Object.values(JSON.parse(unknown.told)).every(isNothing);
        if (!isEmpty) expect(unknown.status, unknown.told).toBeOneOf([400, 404]);
        for (const id of ['nonsense', '%00', '..%2f..%2fetc']) {
          const { status, told } = await ask(id, own.id);
          expect(status, told).toBeOneOf([400, 404, unknown.status]);
        }
        // A neighbour who knows the id of a thing of ours learns no more than of one that is not there.
        const elsewhere = await ask(ruleId, neighbour.id);
        const refused = installationOnly || !roles.includes('operator');
        if (refused) expect(elsewhere.status).toBe(403);
        else expect(elsewhere).toEqual(unknown);
      });
    },
  );

  test('lists show nothing of another tenant', async () => {
    for (const path of ['/alert-rules', '/alerts']) {
      expect((await send('GET', prefix + path, { token: neighbour.id })).body.items).toEqual([]);
    }
    const first = await send('GET', `${prefix}/alert-rules?limit=1`, { token: operator.id });
    const cursor = Buffer.from(JSON.stringify(['many requests', `skafu#${ruleId}`])).toString('base64url');
    expect(first.status).toBe(200);
    expect(
      await send('GET', `${prefix}/alert-rules?cursor=${cursor}`, { token: neighbour.id }),
    ).toMatchObject({ status: 400 });
  });

  test.each([
    '/metrics',
    '/metrics/data?from=2026-01-01T00:00:00.000Z&to=2026-01-01T01:00:00.000Z&period=60&series=[]',
    '/alarms',
  ])('%s belongs to the installation alone', async (path) => {
    expect(await send('GET', prefix + path, { token: neighbour.id })).toMatchObject({ status: 403 });
  });

  test.each([
    ['/alert-rules?limit=0', '#/limit'],
    ['/alert-rules?limit=many', '#/limit'],
    ['/alert-rules?limit=101', '#/limit'],
    ['/alert-rules?cursor=nonsense', '#/cursor'],
    ['/alert-rules?colour=red', '#/colour'],
    ['/alert-rules?atLeast=nonsense', '#/atLeast'],
    ['/alerts?status=closed', '#/status'],
    ['/alarms?state=BAD', '#/state'],
    ['/metrics/data?to=2026-01-01T00:00:00Z&period=60&series=[]', '#/from'],
    ['/metrics/data?from=yesterday&to=2026-01-01T00:00:00Z&period=60&series=[]', '#/from'],
    ['/metrics/data?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z&period=60&series=[]', '#/to'],
    ['/metrics/data?from=2026-01-01T00:00:00Z&to=2026-01-01T01:00:00Z&period=61&series=[]', '#/period'],
    ['/metrics/data?from=2020-01-01T00:00:00Z&to=2026-01-01T01:00:00Z&period=60&series=[]', '#/period'],
    ['/metrics/data?from=2026-01-01T00:00:00Z&to=2026-01-01T01:00:00Z&period=60&series=[', '#/series'],
    [
      '/metrics/data?from=2026-01-01T00:00:00Z&to=2026-01-01T01:00:00Z&period=60&series=[{"id":"A"}]',
      '#/series/0/id',
    ],
  ])('%s is refused by the name of the parameter', async (path, pointer) => {
    const answer = await send('GET', prefix + path, { token: operator.id });
    expect(answer.status).toBe(400);
    expect(answer.body.errors?.map((error) => error.pointer)).toContain(pointer);
  });

  test('what no route answers is a problem like every other', async () => {
    expect(await send('GET', '/nowhere')).toMatchObject({
      status: 404,
      body: { type: 'urn:skafu:problem:not-found' },
    });
    expect(await send('PATCH', `${prefix}/alert-rules`, { token: operator.id })).toMatchObject({
      status: 404,
    });
  });
});
