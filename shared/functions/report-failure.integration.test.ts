import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { Failure } from '../runtime/failure.ts';
import { claimsOf, request } from '../testing/requests.ts';
import { handler } from './report-failure.ts';

let server: Server;
const arrived: Failure[] = [];

beforeAll(async () => {
  server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const { Entries } = JSON.parse(Buffer.concat(chunks).toString()) as { Entries: { Detail: string }[] };
    for (const { Detail } of Entries) arrived.push(JSON.parse(Detail) as Failure);
    response.setHeader('content-type', 'application/x-amz-json-1.1').end('{"Entries":[{"EventId":"1"}]}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
beforeEach(() => {
  arrived.length = 0;
  const settings = {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'key',
    AWS_SECRET_ACCESS_KEY: 'secret',
    SERVICE: 'platform',
    FUNCTION: 'report-failure',
    ERRORS_BUS: 'errors',
  };
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
});
afterEach(() => vi.unstubAllEnvs());

const somebody = () => ({ ...claimsOf(['viewer']), sub: randomUUID() });
const report = (body: unknown, claims: Record<string, unknown> = somebody()) =>
  handler(request({ claims, body: typeof body === 'string' ? body : JSON.stringify(body) }));

test('what failed in a browser arrives on the error bus, by its page and without secrets', async () => {
  const page = '/observability/alerts/0199?from=x';
  const answer = await report({ name: 'TypeError', message: 'no, token=abc', stack: 'at x', page });
  expect(answer.statusCode).toBe(202);
  expect(arrived).toEqual([
    expect.objectContaining({
      component: 'console/observability/alerts',
      name: 'TypeError',
      message: 'no, token=<secret>',
      stack: 'at x',
      correlationId: answer.headers['x-correlation-id'],
    }),
  ]);
});

test('a report may say little', async () => {
  expect((await report({})).statusCode).toBe(202);
  expect(arrived).toEqual([
    expect.objectContaining({ component: 'console', name: 'Error', message: 'It said nothing.' }),
  ]);
});

test('a report in base64 is read as well', async () => {
  const body = Buffer.from('{"message":"no"}').toString('base64');
  await handler(request({ claims: somebody(), body, isBase64Encoded: true }));
  expect(arrived).toEqual([expect.objectContaining({ message: 'no' })]);
});

test.each([
  ['not JSON', '#'],
  ['[]', '#'],
  [{ message: 1 }, '#/message'],
  [{ message: 'x'.repeat(1_001) }, '#/message'],
  [{ input: 'x' }, '#/input'],
])('a report that is none is refused by its field: %o', async (body, pointer) => {
  const answer = await report(body);
  expect(answer.statusCode).toBe(400);
  expect(JSON.parse(answer.body)).toMatchObject({ errors: [{ pointer }] });
  expect(arrived).toEqual([]);
});

test('nobody who is not signed in reports anything', async () => {
  expect((await report({}, {})).statusCode).toBe(401);
});

test('a console that fails in a loop is heard ten times a minute, and others meanwhile', async () => {
  const claims = somebody();
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-03-01T10:00:00.000Z') });
  try {
    const answers = [];
    for (let time = 0; time < 12; time++) answers.push(await report({ message: 'no' }, claims));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([...Array(10).fill(202), 429, 429]);
    expect(answers.at(-1)?.headers['retry-after']).toBe('60');
    expect((await report({ message: 'no' })).statusCode).toBe(202);
    vi.setSystemTime(Date.now() + 60_000);
    expect((await report({ message: 'no' }, claims)).statusCode).toBe(202);
  } finally {
    vi.useRealTimers();
  }
});
