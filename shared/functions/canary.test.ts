import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { log } from '../runtime/log.ts';
import { handler } from './canary.ts';

interface Reply {
  status?: number;
  headers: Record<string, string>;
  body: string;
}

const json = { 'content-type': 'application/json', 'cache-control': 'no-store' };

/** A front door that is as it should be. */
const sound: Readonly<Record<string, Reply>> = {
  '/': {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      'content-security-policy': "default-src 'self'; frame-ancestors 'none'",
      'strict-transport-security': 'max-age=63072000',
    },
    body: '<script type="module" crossorigin src="/assets/index-a1b2.js"></script>',
  },
  '/assets/index-a1b2.js': {
    headers: {
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
    },
    body: 'export {}',
  },
  '/config.json': { headers: json, body: '{"userPoolId":"pool","userPoolClientId":"client"}' },
  '/api/v1/health': { headers: json, body: '{"status":"healthy"}' },
  '/api/v1/info': { headers: { ...json, 'x-content-type-options': 'nosniff' }, body: '{"name":"skafu"}' },
};

let replies: Record<string, Reply>;
let server: Server;
let logged: { check: string; wrong: string[]; seen?: { status: number; body: string } }[];
let metrics: Record<string, unknown>[];

beforeEach(async () => {
  replies = { ...sound };
  server = createServer(({ url = '' }, response) => {
    const { status = 200, headers, body } = replies[url] ?? { status: 404, headers: {}, body: 'nothing' };
    response.writeHead(status, headers).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  vi.stubEnv('FRONT_DOOR', `127.0.0.1:${(server.address() as AddressInfo).port}`);
  logged = [];
  metrics = [];
  vi.spyOn(log, 'error').mockImplementation((_message, ...more) => {
    logged.push(more[0] as (typeof logged)[number]);
  });
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    metrics.push(JSON.parse(String(text)));
    return true;
  });
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  // Closing what a test has closed already is no concern of its.
  await new Promise((resolve) => server.close(resolve));
});

const successes = () => metrics.filter((line) => 'CanarySuccess' in line);

describe('the canary', () => {
  it('records success, and the latency of each check', async () => {
    expect(await handler()).toEqual({ failed: [] });
    expect(successes()).toMatchObject([
      {
        CanarySuccess: 1,
        _aws: {
          CloudWatchMetrics: [
            {
              Namespace: 'Skafu',
              Dimensions: [[]],
              Metrics: [{ Name: 'CanarySuccess', Unit: 'Count' }],
            },
          ],
        },
      },
    ]);
    const latencies = metrics.filter((line) => 'CanaryLatency' in line);
    expect(latencies.map((line) => line['Check'])).toEqual(['console', 'asset', 'config', 'health', 'info']);
    for (const line of latencies) expect(line['CanaryLatency']).toBeGreaterThan(0);
    expect(logged).toEqual([]);
  });

  it('goes on at the address that the bare name redirects to', async () => {
    const { port } = server.address() as AddressInfo;
    const bare = createServer(({ url }, response) => {
      asked.push(url ?? '');
      response.writeHead(301, { location: `http://127.0.0.1:${port}${url}` }).end();
    });
    const asked: string[] = [];
    await new Promise<void>((resolve) => bare.listen(0, '127.0.0.1', resolve));
    vi.stubEnv('FRONT_DOOR', `127.0.0.1:${(bare.address() as AddressInfo).port}`);
    expect(await handler()).toEqual({ failed: [] });
    expect(asked).toEqual(['/']);
    await new Promise((resolve) => bare.close(resolve));
  });

  it.each([
    ['console', '/', { 'strict-transport-security': '' }, 'The header strict-transport-security is .'],
    [
      'asset',
      '/assets/index-a1b2.js',
      { 'cache-control': 'no-cache' },
      'The header cache-control is no-cache.',
    ],
    ['health', '/api/v1/health', { 'cache-control': 'public' }, 'The header cache-control is public.'],
  ])('fails %s for a header that is not as it should be', async (name, path, headers, wrong) => {
    const reply = sound[path];
    if (reply) replies[path] = { ...reply, headers: { ...reply.headers, ...headers } };
    expect(await handler()).toEqual({ failed: [name] });
    expect(logged).toMatchObject([{ check: name, wrong: [wrong], seen: { status: 200 } }]);
    expect(successes()).toMatchObject([{ CanarySuccess: 0 }]);
  });

  it('fails an unhealthy API, and logs what it saw', async () => {
    replies['/api/v1/health'] = { status: 503, headers: json, body: '{"status":"unhealthy"}' };
    expect(await handler()).toEqual({ failed: ['health'] });
    expect(logged).toMatchObject([
      {
        check: 'health',
        wrong: ['The status is 503, not 200.', 'The field status is unhealthy.'],
        seen: { status: 503, body: '{"status":"unhealthy"}' },
      },
    ]);
  });

  it('fails a configuration that is the page instead', async () => {
    const page = sound['/'];
    if (page) replies['/config.json'] = page;
    expect(await handler()).toEqual({ failed: ['config'] });
  });

  it.each(['null', '7', 'not JSON'])('fails an answer that has no fields: %s', async (body) => {
    replies['/api/v1/health'] = { headers: json, body };
    expect(await handler()).toEqual({ failed: ['health'] });
    expect(logged).toMatchObject([{ check: 'health', wrong: ['The field status is undefined.'] }]);
  });

  it('fails the page and its asset when the page names no script', async () => {
    const page = sound['/'];
    if (page) replies['/'] = { ...page, body: '<h1>Maintenance</h1>' };
    expect(await handler()).toEqual({ failed: ['console', 'asset'] });
  });

  it('does not wait longer than a person would', async () => {
    const timeout = new DOMException('The operation was aborted due to timeout', 'TimeoutError');
    const patience = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(AbortSignal.abort(timeout));
    expect((await handler()).failed).toContain('console');
    expect(patience).toHaveBeenCalledWith(5_000);
    expect(logged[0]?.wrong).toEqual([`There is no answer: ${timeout}`]);
  });

  it('counts what it cannot reach as failed, and does not fail itself', async () => {
    await new Promise((resolve) => server.close(resolve));
    expect(await handler()).toEqual({ failed: ['console', 'asset', 'config', 'health', 'info'] });
    expect(logged[0]?.wrong[0]).toMatch(/^There is no answer: .*ECONNREFUSED/);
    expect(successes()).toMatchObject([{ CanarySuccess: 0 }]);
  });
});
