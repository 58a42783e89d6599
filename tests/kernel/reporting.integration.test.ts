import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { reportFailure } from '#shared/runtime/failure.ts';
import { log } from '#shared/runtime/log.ts';

// A bus of its own: no real one can be brought to refuse the single entry of a failure whenever a test wants it.
let answer: object;
let server: Server;

beforeAll(async () => {
  server = createServer((_, response) => {
    response.setHeader('content-type', 'application/x-amz-json-1.1').end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    SERVICE: 'testing',
    FUNCTION: 'totals',
    ERRORS_BUS: 'errors',
  });
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

test('a failure that the error bus took is logged once', async () => {
  const logged = vi.spyOn(log, 'error').mockReturnValue();
  answer = { FailedEntryCount: 0, Entries: [{ EventId: '1' }] };
  await reportFailure(new Error('broken'));
  expect(logged.mock.calls.map(([line]) => line)).toEqual(['Unexpected failure']);
});

test('a failure that the error bus did not take is logged, and why', async () => {
  const logged = vi.spyOn(log, 'error').mockReturnValue();
  answer = {
    FailedEntryCount: 1,
    Entries: [{ ErrorCode: 'ThrottlingException', ErrorMessage: 'Slow down' }],
  };
  await reportFailure(new Error('broken'));
  expect(logged.mock.calls).toEqual([
    ['Unexpected failure', expect.anything()],
    ['The failure could not be put on the error bus', { reason: 'Error: ThrottlingException: Slow down' }],
  ]);
});

test('a function without an error bus still logs its failure and does not fail again', async () => {
  const logged = vi.spyOn(log, 'error').mockReturnValue();
  vi.stubEnv('ERRORS_BUS', '');
  await reportFailure(new Error('broken'));
  expect(logged.mock.calls.map(([line]) => line)).toEqual([
    'Unexpected failure',
    'The failure could not be put on the error bus',
  ]);
});
