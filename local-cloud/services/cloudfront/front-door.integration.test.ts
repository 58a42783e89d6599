import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { brotliDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HttpRequest, HttpResponse } from '../../core/cloud.ts';
import { freePort } from '../../core/free-port.ts';
import type { Attributes, Service } from '../../core/service.ts';
import { createTestCloud, type TestCloud, testResource } from '../../core/testing.ts';
import { createS3 } from '../s3/index.ts';
import { createCloudFront } from './index.ts';

const managed = {
  optimized: '658327ea-f89d-4fab-a63d-7e88639e58f6',
  disabled: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
  allViewerExceptHost: 'b689b0a8-53d0-40ab-baf2-68738e2966ac',
};
const script = 'const answer = 42;\n'.repeat(200);
const spaRoutes = `function handler(event) {
  var request = event.request;
  if (request.uri === '/fail') throw new Error('on purpose');
  if (request.uri === '/gone') return { statusCode: 302, headers: { location: { value: '/new' } } };
  if (request.uri.indexOf('.') === -1) request.uri = '/index.html';
  return request;
}`;

let cloud: TestCloud;
let cloudFront: Service;
let url: string;
let port: number;
let domainName: string;
const apiRequests: HttpRequest[] = [];
let apiAnswer: HttpResponse;

beforeAll(async () => {
  port = await freePort();
  url = `http://127.0.0.1:${port}`;
  cloud = createTestCloud({ consolePort: port });
  const s3 = await createS3(cloud);
  cloudFront = await createCloudFront(cloud);
  cloud.ports.httpApis = {
    async handle(_apiId, request) {
      apiRequests.push(request);
      return { ...apiAnswer, headers: { ...apiAnswer.headers } };
    },
  };
  const apply = async (type: string, name: string, desired: Attributes) => {
    const handler = s3.resources[type] ?? cloudFront.resources[type];
    if (!handler) throw new Error(`no handler for ${type}`);
    return handler.apply(testResource(type, name, desired), undefined);
  };
  const bucket = await apply('aws_s3_bucket', 'console', { bucket: 'console' });
  const put = (key: string, content: string, content_type: string, cache_control?: string) =>
    apply('aws_s3_object', key, { bucket: 'console', key, content, content_type, cache_control });
  await put('index.html', '<h1>Console</h1>', 'text/html', 'no-cache');
  await put('assets/app.js', script, 'text/javascript', 'public, max-age=31536000, immutable');
  const headers = await apply('aws_cloudfront_response_headers_policy', 'headers', {
    name: 'headers',
    security_headers_config: {
      content_security_policy: {
        content_security_policy:
          "default-src 'self'; connect-src 'self' https://cognito-idp.us-east-1.amazonaws.com",
        override: true,
      },
      frame_options: { frame_option: 'DENY', override: true },
    },
  });
  const routes = await apply('aws_cloudfront_function', 'routes', { name: 'routes', code: spaRoutes });
  const common = { response_headers_policy_id: headers['id'], compress: true };
  const distribution = await apply('aws_cloudfront_distribution', 'front-door', {
    enabled: true,
    default_root_object: 'index.html',
    origin: [
      { origin_id: 'console', domain_name: bucket['bucket_regional_domain_name'] },
      { origin_id: 'api', domain_name: 'abc123.execute-api.us-east-1.amazonaws.com' },
    ],
    ordered_cache_behavior: [
      {
        ...common,
        path_pattern: '/api/cached/*',
        target_origin_id: 'api',
        allowed_methods: ['GET', 'HEAD'],
        cache_policy_id: managed.optimized,
      },
      {
        ...common,
        path_pattern: '/api/*',
        target_origin_id: 'api',
        allowed_methods: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'POST', 'PATCH', 'DELETE'],
        cache_policy_id: managed.disabled,
        origin_request_policy_id: managed.allViewerExceptHost,
      },
    ],
    default_cache_behavior: {
      ...common,
      target_origin_id: 'console',
      allowed_methods: ['GET', 'HEAD'],
      cache_policy_id: managed.optimized,
      function_association: [{ event_type: 'viewer-request', function_arn: routes['arn'] }],
    },
  });
  domainName = String(distribution['domain_name']);
  apiAnswer = { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from('{}') };
  await cloudFront.start?.();
});

afterAll(async () => {
  await cloudFront.stop?.();
  cloud.remove();
});

/** Sends bytes as they are, and answers the first line that comes back. */
function raw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    let received = '';
    socket.on('data', (part) => {
      received += part.toString();
      if (received.includes('\r\n')) socket.destroy();
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(received.split('\r\n')[0] ?? ''));
  });
}

describe('the front door', () => {
  it('answers at the domain name that the Terraform is told', async () => {
    expect((await fetch(`http://${domainName}/`)).status).toBe(200);
  });

  it.each(['/', '/alerts', '/alerts/7?range=1h'])(
    'serves the application at %s, with the policy’s headers',
    async (path) => {
      const response = await fetch(url + path);
      expect(await response.text()).toBe('<h1>Console</h1>');
      expect(response.headers.get('cache-control')).toBe('no-cache');
      expect(response.headers.get('x-frame-options')).toBe('DENY');
      expect(response.headers.get('x-cache')).toBe('Miss from cloudfront');
    },
  );

  it('lets the content security policy admit the local user pool beside AWS’s', async () => {
    const { headers } = await fetch(url);
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'self'; connect-src 'self' https://cognito-idp.us-east-1.amazonaws.com http://127.0.0.1:4566",
    );
  });

  it('compresses what is worth it, and knows what the browser already has', async () => {
    const body = await new Promise<Buffer>((resolve, reject) => {
      httpRequest(`${url}/assets/app.js`, { headers: { 'accept-encoding': 'gzip, br' } }, (response) => {
        expect(response.headers['content-encoding']).toBe('br');
        expect(response.headers['vary']).toBe('Accept-Encoding');
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () => resolve(Buffer.concat(parts)));
      })
        .on('error', reject)
        .end();
    });
    expect(body.length).toBeLessThan(script.length / 10);
    expect(brotliDecompressSync(body).toString()).toBe(script);
    const etag = (await fetch(`${url}/assets/app.js`)).headers.get('etag') ?? '';
    const second = await fetch(`${url}/assets/app.js`, { headers: { 'if-none-match': etag } });
    expect([second.status, await second.text()]).toEqual([304, '']);
    expect(second.headers.get('x-frame-options')).toBe('DENY');
  });

  it('answers for a missing file as S3 does to those who may not list', async () => {
    const response = await fetch(`${url}/assets/missing.js`);
    expect(response.status).toBe(403);
    expect(await response.text()).toContain('<Code>AccessDenied</Code>');
    expect(response.headers.get('x-cache')).toBe('Error from cloudfront');
  });

  it('hands API requests on whole, with every header but the host', async () => {
    const response = await fetch(`${url}/api/v1/alerts?limit=5`, {
      method: 'POST',
      headers: { authorization: 'Bearer t', 'content-type': 'application/json', cookie: 'a=1' },
      body: '{"a":1}',
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('x-frame-options')).toBe('DENY');
    expect(apiRequests.at(-1)).toMatchObject({
      method: 'POST',
      url: '/api/v1/alerts?limit=5',
      headers: {
        authorization: 'Bearer t',
        cookie: 'a=1',
        host: 'abc123.execute-api.us-east-1.amazonaws.com',
      },
      body: Buffer.from('{"a":1}'),
    });
  });

  it('passes the API’s errors on, never a page of the application', async () => {
    apiAnswer = {
      status: 404,
      headers: { 'content-type': 'application/json' },
      body: Buffer.from('{"message":"Not Found"}'),
    };
    const response = await fetch(`${url}/api/v1/nothing`);
    expect([response.status, await response.text()]).toEqual([404, '{"message":"Not Found"}']);
  });

  it('caches API answers only where the policy says so, and as long as they allow', async () => {
    apiAnswer = { status: 200, headers: { 'cache-control': 'max-age=60' }, body: Buffer.from('1') };
    const calls = apiRequests.length;
    const caches = async (path: string) => (await fetch(url + path)).headers.get('x-cache');
    expect(await caches('/api/cached/a')).toBe('Miss from cloudfront');
    expect(await caches('/api/cached/a')).toBe('Hit from cloudfront');
    expect(await caches('/api/v1/a')).toBe('Miss from cloudfront');
    expect(await caches('/api/v1/a')).toBe('Miss from cloudfront');
    expect(apiRequests.length - calls).toBe(3);
    expect(apiRequests.at(calls)?.headers).not.toHaveProperty('accept');
  });

  it('answers what a function answers, and says so when one fails', async () => {
    const redirected = await fetch(`${url}/gone`, { redirect: 'manual' });
    expect([redirected.status, redirected.headers.get('location')]).toEqual([302, '/new']);
    const failed = await fetch(`${url}/fail`);
    expect(failed.status).toBe(503);
    expect(failed.headers.get('x-cache')).toBe('FunctionExecutionError from cloudfront');
  });

  it('refuses methods the behaviour does not allow', async () => {
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(403);
  });

  it.each([
    ['an upgrade', 'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n', 403],
    ['what is not HTTP', 'hello\r\n\r\n', 400],
    ['a header without end', `GET / HTTP/1.1\r\nHost: x\r\nA: ${'a'.repeat(50_000)}\r\n\r\n`, 494],
    ['a path that does not decode', 'GET /%zz.js HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 400],
    [
      'a path out of the bucket',
      'GET /../../etc/passwd.x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
      403,
    ],
    ['a target that is no path', 'OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 400],
  ])('survives %s', async (_, text, status) => {
    expect(await raw(text)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect((await fetch(url)).status).toBe(200);
  });

  it('gives the API’s own answer to a body too large, however much is sent', async () => {
    apiAnswer = { status: 413, headers: {}, body: Buffer.from('{"message":"Request Entity Too Large"}') };
    const status = await new Promise((resolve, reject) => {
      const sending = httpRequest(`${url}/api/v1/x`, { method: 'POST' }, (response) => {
        resolve(response.statusCode);
        sending.destroy();
      });
      sending.on('error', reject);
      sending.write(Buffer.alloc(11 * 1024 * 1024));
    });
    expect(status).toBe(413);
    expect(apiRequests.at(-1)?.body.length).toBeGreaterThan(10 * 1024 * 1024);
  });

  it('says in one sentence that its port is taken', async () => {
    const second = await createCloudFront(
      createTestCloud({ consolePort: port, dataDirectory: cloud.dataDirectory }),
    );
    await second.resources['aws_cloudfront_distribution']?.apply(
      testResource('aws_cloudfront_distribution', 'other', {
        enabled: true,
        origin: { origin_id: 'o', domain_name: 'b.s3.us-east-1.amazonaws.com' },
        default_cache_behavior: { target_origin_id: 'o', cache_policy_id: managed.optimized },
      }),
      undefined,
    );
    await expect(second.start?.()).rejects.toThrow(`Port ${port} is taken`);
  });
});
