import { afterEach, expect, test } from 'vitest';
import type { Attributes } from '../../core/service.ts';
import { createTestCloud, type TestCloud } from '../../core/testing.ts';
import { createTestApi } from './fixture.ts';

let cloud: TestCloud;
afterEach(() => cloud.remove());

function api(authorize: (event: Attributes) => unknown, lambdaAuthorizer: Attributes = {}) {
  cloud = createTestCloud({ ports: { logs: { write: () => undefined } } });
  return createTestApi(cloud, {
    routes: ['GET /orders/{id}', 'POST /orders/{id}'].map((key) => ({ key, authorized: 'CUSTOM' as const })),
    authorize,
    lambdaAuthorizer: {
      enable_simple_responses: true,
      identity_sources: ['$request.header.X-Key'],
      ...lambdaAuthorizer,
    },
  });
}
const key = (value: string) => ({ headers: { 'x-key': value } });

test('a function lets a request in, and what it says of it goes on to the other', async () => {
  const { request, asked, events } = await api(() => ({ isAuthorized: true, context: { tenant: 'a' } }));
  expect((await request('GET /orders/7?x=1', key('k'))).status).toBe(200);
  expect(asked).toMatchObject([
    {
      ...{ version: '2.0', type: 'REQUEST', routeKey: 'GET /orders/{id}', identitySource: ['k'] },
      ...{ rawPath: '/orders/7', queryStringParameters: { x: '1' }, pathParameters: { id: '7' } },
      routeArn: expect.stringMatching(
        /^arn:aws:execute-api:us-east-1:000000000000:\w+\/\$default\/GET\/orders\/7$/u,
      ),
    },
  ]);
  expect(asked[0]).not.toHaveProperty('isBase64Encoded');
  expect(events).toMatchObject([{ requestContext: { authorizer: { lambda: { tenant: 'a' } } } }]);
});

test('or refuses it, and a request without its identity is refused unasked', async () => {
  const { request, asked, events } = await api(() => ({ isAuthorized: false }));
  expect(await request('GET /orders/7', key('k'))).toMatchObject({ status: 403 });
  expect((await request('GET /orders/7')).body.toString()).toBe('{"message":"Unauthorized"}');
  expect(asked).toHaveLength(1);
  expect(events).toEqual([]);
});

test.each([
  ['says nothing that can be understood', () => ({ allowed: 'yes' })],
  ['answers nothing', () => undefined],
])('one that %s is an internal error', async (_what, authorize) => {
  const { request, events } = await api(authorize);
  expect(await request('GET /orders/7', key('k'))).toMatchObject({ status: 500 });
  expect(events).toEqual([]);
});

test('its answer holds for the same identity, and not longer than it may', async () => {
  const { request, asked } = await api(() => ({ isAuthorized: true }));
  for (const value of ['k', 'k', 'other']) await request('GET /orders/7', key(value));
  expect(asked).toHaveLength(2);
  cloud.remove();
  const uncached = await api(() => ({ isAuthorized: true }), { authorizer_result_ttl_in_seconds: 0 });
  for (const value of ['k', 'k']) await uncached.request('GET /orders/7', key(value));
  expect(uncached.asked).toHaveLength(2);
});

test('a policy lets in by route, also where it was answered for another one', async () => {
  const policyDocument = (Resource: string, Effect = 'Allow') => ({
    Version: '2012-10-17',
    Statement: [
      { Action: 'execute-api:Invoke', Effect: 'Allow', Resource: '*' },
      { Action: 'execute-api:*', Effect, Resource },
    ],
  });
  const { request, asked } = await api(
    () => ({ principalId: 'me', policyDocument: policyDocument('*/POST/orders/*', 'Deny') }),
    { enable_simple_responses: false },
  );
  expect((await request('GET /orders/7', key('k'))).status).toBe(200);
  expect((await request('POST /orders/7', key('k'))).status).toBe(403);
  expect(asked).toHaveLength(1);
});
