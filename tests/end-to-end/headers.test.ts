import { request as httpRequest } from 'node:http';
import { DeleteTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signInAs, type Tokens } from '../support/api.ts';
import { type Platform, removeDataDirectory, startPlatform } from '../support/platform.ts';

let platform: Platform;
let viewer: Tokens;
let neighbour: Tokens;
let script: string;

const unknownId = '01990000-0000-7000-8000-000000000000';

beforeAll(async () => {
  platform = await startPlatform();
  neighbour = await signInAs(platform.outputs, 'operator', 'neighbour');
  viewer = await signInAs(platform.outputs, 'viewer');
  const page = await (await fetch(platform.outputs.consoleUrl)).text();
  script = /src="(\/assets\/[^"]+\.js)"/.exec(page)?.[1] ?? '';
});
afterAll(async () => {
  await platform?.stop();
  removeDataDirectory(platform?.dataDirectory);
});

interface Kind {
  /** How the answer comes about. */
  kind: string;
  method?: string;
  path: string | (() => string);
  /** Whose token goes along, and which of the two. */
  token?: () => string;
  headers?: Record<string, string>;
  body?: () => string;
  status: number;
  cache?: string;
}

const api = '/api/v1';
const asViewer = () => viewer.id;

/** Every way in which something that is not the API answers. */
const answersOfConsole: Kind[] = [
  { kind: 'the page', path: '/', status: 200, cache: 'no-cache' },
  { kind: 'the page on a route of its own', path: '/alerts?range=1h', status: 200, cache: 'no-cache' },
  { kind: 'HEAD of the page', method: 'HEAD', path: '/', status: 200, cache: 'no-cache' },
  {
    kind: 'an asset',
    path: () => script,
    status: 200,
    cache: 'public, max-age=31536000, immutable',
  },
  { kind: 'a file without a hash', path: '/favicon.svg', status: 200, cache: 'no-cache' },
  { kind: 'the configuration', path: '/config.json', status: 200, cache: 'no-store' },
  { kind: 'an asset that is missing', path: '/assets/gone.js', status: 403, cache: 'no-store' },
  { kind: 'a path that cannot be decoded', path: '/assets/%E0%A4%A.js', status: 400, cache: 'no-store' },
  { kind: 'a method that is not allowed', method: 'POST', path: '/', status: 403, cache: 'no-store' },
  { kind: 'OPTIONS', method: 'OPTIONS', path: '/', status: 403, cache: 'no-store' },
  { kind: 'a URL too long', path: `/alerts?q=${'x'.repeat(8200)}`, status: 414, cache: 'no-store' },
];

/** Every way in which the API answers, by a function or by API Gateway itself. */
const answersOfApi: Kind[] = [
  { kind: 'a public route', path: `${api}/health`, status: 200 },
  { kind: 'a query', path: `${api}/observability/alert-rules`, token: asViewer, status: 200 },
  {
    kind: 'input that is not valid',
    path: `${api}/observability/alert-rules?limit=x`,
    token: asViewer,
    status: 400,
  },
  { kind: 'no token', path: `${api}/observability/alert-rules`, status: 401 },
  {
    kind: 'a forged token',
    path: `${api}/observability/alert-rules`,
    token: () => `${viewer.id}x`,
    status: 401,
  },
  {
    kind: 'an access token',
    path: `${api}/observability/alert-rules`,
    token: () => viewer.access,
    status: 401,
  },
  {
    kind: 'a role that may not',
    method: 'POST',
    path: `${api}/observability/alert-rules`,
    token: asViewer,
    body: () => '{}',
    status: 403,
  },
  {
    kind: 'a tenant that may not',
    path: `${api}/observability/metrics`,
    token: () => neighbour.id,
    status: 403,
  },
  {
    kind: 'an unknown id',
    path: `${api}/observability/alert-rules/${unknownId}`,
    token: asViewer,
    status: 404,
  },
  { kind: 'an unknown route', path: `${api}/nothing`, status: 404 },
  { kind: 'another method', method: 'PUT', path: `${api}/health`, body: () => '{}', status: 404 },
  { kind: 'HEAD', method: 'HEAD', path: `${api}/health`, status: 404 },
  { kind: 'OPTIONS', method: 'OPTIONS', path: `${api}/observability/alert-rules`, status: 404 },
  {
    kind: 'OPTIONS before a call from another origin',
    method: 'OPTIONS',
    path: `${api}/observability/alert-rules`,
    headers: { origin: 'https://elsewhere.example', 'access-control-request-method': 'POST' },
    status: 404,
  },
  {
    kind: 'a body that is not JSON',
    method: 'POST',
    path: `${api}/observability/alert-rules`,
    token: () => neighbour.id,
    body: () => '{',
    status: 400,
  },
  {
    kind: 'a body too large',
    method: 'POST',
    path: `${api}/observability/alert-rules`,
    token: asViewer,
    body: () => ' '.repeat(10 * 1024 * 1024 + 1),
    status: 413,
  },
  { kind: 'a URL too long', path: `${api}/health?q=${'x'.repeat(8200)}`, status: 414 },
];

async function ask({ method = 'GET', path, token, headers = {}, body }: Kind): Promise<Response> {
  const url = platform.outputs.consoleUrl + (typeof path === 'string' ? path : path());
  return fetch(url, {
    method,
    headers: {
      ...headers,
      ...(token ? { authorization: `Bearer ${token()}` } : {}),
      ...(body ? { 'content-type': 'application/json' } : {}),
    },
    ...(body ? { body: body() } : {}),
  });
}

/** What no answer is without, and what none tells. */
function expectGuarded(headers: Headers): void {
  expect(headers.get('strict-transport-security')).toBe('max-age=63072000; includeSubDomains');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('x-frame-options')).toBe('DENY');
  expect(headers.get('referrer-policy')).toBe('strict-origin-when-cross-origin');
  expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
  expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
  expect(headers.get('permissions-policy')).toContain('camera=(), ');
  expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  expect(headers.get('access-control-allow-origin')).toBeNull();
  for (const name of ['server', 'x-powered-by']) expect(headers.get(name), name).toBeNull();
}

describe('the console', () => {
  test.each(answersOfConsole)('guards $kind ($status)', async (kind) => {
    const { status, headers } = await ask(kind);
    expect(status).toBe(kind.status);
    expectGuarded(headers);
    expect(headers.get('cache-control')).toBe(kind.cache);
  });

  test('runs scripts and makes calls of its own alone, besides signing in', async () => {
    const { headers } = await fetch(platform.outputs.consoleUrl);
    const policy = headers.get('content-security-policy') ?? '';
    const { awsEndpointUrl, region } = platform.outputs;
    const directives = new Map(
      policy.split('; ').map((directive) => {
        const [name = '', ...sources] = directive.split(' ');
        return [name, sources];
      }),
    );
    expect(directives.get('default-src')).toEqual(["'none'"]);
    expect(directives.get('script-src')).toEqual(["'self'"]);
    expect(directives.get('connect-src')).toEqual([
      "'self'",
      `https://cognito-idp.${region}.amazonaws.com`,
      awsEndpointUrl,
    ]);
    expect(directives.get('base-uri')).toEqual(["'none'"]);
  });

  test('guards what has not changed (304)', async () => {
    const first = await fetch(platform.outputs.consoleUrl);
    const again = await fetch(platform.outputs.consoleUrl, {
      headers: { 'if-none-match': first.headers.get('etag') ?? '' },
    });
    expect(again.status).toBe(304);
    expectGuarded(again.headers);
    expect(again.headers.get('cache-control')).toBe('no-cache');
  });

  test('hangs up on headers too large, and tells nothing', async () => {
    const { status, body } = await new Promise<{ status: number | undefined; body: string }>(
      (resolve, reject) => {
        const headers = { 'x-large': 'x'.repeat(41 * 1024) };
        httpRequest(platform.outputs.consoleUrl, { headers }, (response) => {
          response.setEncoding('utf8');
          let received = '';
          response.on('data', (part: string) => {
            received += part;
          });
          response.on('end', () => resolve({ status: response.statusCode, body: received }));
        })
          .on('error', reject)
          .end();
      },
    );
    expect(status).toBe(494);
    expect(body).toBe('');
  });
});

describe('the API', () => {
  test.each(answersOfApi)('guards $kind ($status)', async (kind) => {
    const response = await ask(kind);
    expect(response.status).toBe(kind.status);
    expectGuarded(response.headers);
    expectData(response.headers);
    expect(await response.text()).not.toMatch(/\bat .+:\d+:\d+|node_modules/);
  });

  // The last one: it takes a table away.
  test('guards an unexpected failure (500), which tells nothing of its insides', async () => {
    const { awsEndpointUrl, region, tables, apiUrl } = platform.outputs;
    const client = new DynamoDBClient({
      endpoint: awsEndpointUrl,
      region,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    await client.send(new DeleteTableCommand({ TableName: tables['alertRules'] }));
    client.destroy();
    const response = await fetch(`${apiUrl}/observability/alert-rules`, {
      headers: { authorization: `Bearer ${viewer.id}` },
    });
    expect(response.status).toBe(500);
    expectGuarded(response.headers);
    expectData(response.headers);
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({ type: 'urn:skafu:problem:unexpected', status: 500 });
    expect(text).not.toMatch(/dynamo|table|\bat .+:\d+:\d+/i);
  });
});

/** What the API says is data: no browser runs it, and nobody keeps it. */
function expectData(headers: Headers): void {
  expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
  expect(headers.get('cache-control')).toBe('no-store');
}
