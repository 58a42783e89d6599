import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AwsError } from '../../core/errors.ts';
import { createTestCloud, type TestCloud } from '../../core/testing.ts';
import { createTestApi } from './fixture.ts';

describe('an HTTP API', () => {
  let cloud: TestCloud;
  const anyRoute = [{ key: 'ANY /{proxy+}' }];
  beforeEach(() => {
    cloud = createTestCloud();
  });
  afterEach(() => cloud.remove());

  it('hands the request to the function in payload format 2.0', async () => {
    const api = await createTestApi(cloud, { routes: [{ key: 'POST /pets/{petId}' }] });
    await api.request('POST /pets/a%20b?tag=x&tag=y&empty=', {
      headers: {
        'content-type': 'application/json',
        cookie: 'a=1; b=2',
        'user-agent': 'test',
        'x-two': 'p,q',
      },
      body: '{"name":"ä"}',
    });
    expect(api.events).toEqual([
      expect.objectContaining({
        version: '2.0',
        routeKey: 'POST /pets/{petId}',
        rawPath: '/pets/a b',
        rawQueryString: 'tag=x&tag=y&empty=',
        cookies: ['a=1', 'b=2'],
        headers: expect.objectContaining({ 'content-type': 'application/json', 'x-two': 'p,q' }),
        queryStringParameters: { tag: 'x,y', empty: '' },
        pathParameters: { petId: 'a b' },
        body: '{"name":"ä"}',
        isBase64Encoded: false,
        requestContext: expect.objectContaining({
          accountId: '000000000000',
          apiId: api.id,
          domainName: `${api.id}.execute-api.us-east-1.amazonaws.com`,
          domainPrefix: api.id,
          http: {
            method: 'POST',
            path: '/pets/a b',
            protocol: 'HTTP/1.1',
            sourceIp: '127.0.0.1',
            userAgent: 'test',
          },
          routeKey: 'POST /pets/{petId}',
          stage: '$default',
          time: expect.stringMatching(/^\d\d\/\w{3}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
          timeEpoch: expect.any(Number),
        }),
      }),
    ]);
    expect(api.events[0]).not.toHaveProperty('requestContext.authorizer');
  });

  it('passes bytes on in base64', async () => {
    const api = await createTestApi(cloud, { routes: anyRoute });
    const headers = { 'content-type': 'application/octet-stream' };
    await api.request('PUT /file', { headers, body: Buffer.from([0, 255]) });
    expect(api.events[0]).toMatchObject({ body: 'AP8=', isBase64Encoded: true });
  });

  it('answers what the function says, cookies and bytes included', async () => {
    const payload = {
      statusCode: 201,
      headers: { 'Content-Type': 'image/png', ETag: '"7"' },
      cookies: ['a=1', 'b=2'],
      body: 'AP8=',
      isBase64Encoded: true,
    };
    const api = await createTestApi(cloud, { routes: anyRoute, answer: () => ({ payload, requestId: 'r' }) });
    const response = await api.request('GET /x');
    expect(response).toMatchObject({
      status: 201,
      headers: { 'content-type': 'image/png', etag: '"7"', 'set-cookie': ['a=1', 'b=2'] },
      body: Buffer.from([0, 255]),
    });
    expect(response.headers['apigw-requestid']).toMatch(/=$/);
  });

  it('takes anything without a status code for a JSON body', async () => {
    const answer = () => ({ payload: { a: 1 }, requestId: 'r' });
    const api = await createTestApi(cloud, { routes: anyRoute, answer });
    const response = await api.request('GET /x');
    expect(response.status).toBe(200);
    expect(response.headers['content-type']).toBe('application/json');
    expect(response.body.toString()).toBe('{"a":1}');
  });

  it.each([
    ['ends with an error', () => ({ payload: {}, functionError: 'Unhandled' as const, requestId: 'r' }), 500],
    ['answers nonsense', () => ({ payload: { statusCode: 'often' }, requestId: 'r' }), 500],
    [
      'is throttled',
      () => Promise.reject(new AwsError('TooManyRequestsException', 'Rate exceeded', 429)),
      503,
    ],
    ['never answers', () => new Promise<never>(() => undefined), 503],
  ])('says so when the function %s', async (_, answer, status) => {
    const api = await createTestApi(cloud, { routes: anyRoute, answer, timeoutMilliseconds: 50 });
    const response = await api.request('GET /x');
    expect(response.status).toBe(status);
    const message = status === 500 ? 'Internal Server Error' : 'Service Unavailable';
    expect(JSON.parse(response.body.toString())).toEqual({ message });
  });

  it('refuses a body over ten megabytes and a path without a route', async () => {
    const api = await createTestApi(cloud, { routes: [{ key: 'POST /x' }] });
    const large = await api.request('POST /x', { body: Buffer.alloc(10 * 1024 * 1024 + 1) });
    expect([large.status, large.body.toString()]).toEqual([413, '{"message":"Request Entity Too Large"}']);
    const lost = await api.request('GET /x');
    expect([lost.status, lost.body.toString()]).toEqual([404, '{"message":"Not Found"}']);
    expect(api.events).toEqual([]);
  });

  it('throttles by the stage’s burst', async () => {
    const stage = { default_route_settings: { throttling_burst_limit: 2, throttling_rate_limit: 0.001 } };
    const api = await createTestApi(cloud, { routes: anyRoute, stage });
    const responses = [await api.request('GET /x'), await api.request('GET /x'), await api.request('GET /x')];
    expect(responses.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect(responses[2]?.body.toString()).toBe('{"message":"Too Many Requests"}');
  });

  it('answers preflight requests by the API’s CORS settings alone', async () => {
    const cors_configuration = [
      { allow_origins: ['https://a.example'], allow_methods: ['GET'], max_age: 60 },
    ];
    const api = await createTestApi(cloud, { routes: anyRoute, api: { cors_configuration } });
    const preflight = await api.request('OPTIONS /x', {
      headers: { origin: 'https://a.example', 'access-control-request-method': 'GET' },
    });
    expect(preflight).toMatchObject({
      status: 204,
      headers: { 'access-control-allow-origin': 'https://a.example', 'access-control-max-age': '60' },
    });
    const stranger = await api.request('GET /x', { headers: { origin: 'https://b.example' } });
    expect(stranger.headers).not.toHaveProperty('access-control-allow-origin');
  });

  it('records metrics, a segment and an access log line of each request', async () => {
    const lines: string[] = [];
    cloud.ports.logs = {
      write: (group, _stream, entries) =>
        void lines.push(...entries.map(({ message }) => `${group} ${message}`)),
    };
    const destination_arn = 'arn:aws:logs:us-east-1:000000000000:log-group:/api:*';
    const format = '$context.httpMethod $context.routeKey $context.status $context.authorizer.claims.sub';
    const api = await createTestApi(cloud, {
      routes: anyRoute,
      stage: { access_log_settings: { destination_arn, format } },
    });
    const root = '1-5759e988-bd862e3fe1be46a994272793';
    await api.request('GET /x', {
      headers: { 'x-amzn-trace-id': `Root=${root};Parent=53995c3f42cd8ad8;Sampled=1` },
    });
    expect(lines).toEqual(['/api GET ANY /{proxy+} 200 -']);
    expect(cloud.recorded.segments).toEqual([
      expect.objectContaining({
        trace_id: root,
        parent_id: '53995c3f42cd8ad8',
        origin: 'AWS::ApiGateway::Stage',
      }),
    ]);
    const ofApi = cloud.recorded.metrics.filter(({ dimensions }) => Object.keys(dimensions).length === 1);
    expect(ofApi.map(({ name }) => name)).toEqual([
      'Count',
      '4xx',
      '5xx',
      'Latency',
      'DataProcessed',
      'IntegrationLatency',
    ]);
    const handed = api.events[0]?.['headers'] as Record<string, string>;
    expect(handed['x-amzn-trace-id']).toContain(
      `Root=${root};Parent=${String(cloud.recorded.segments[0]?.id)}`,
    );
  });
});
