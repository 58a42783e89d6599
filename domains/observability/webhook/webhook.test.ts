import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createSocketServer } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Message } from '../alert-notification/alert-notification.ts';
import { guardedLookup, isPublic } from './guarded-lookup.ts';
import { bodyOf, testBody } from './message.ts';
import { sendWebhook } from './send.ts';
import { signedHeaders, writtenSecret } from './signature.ts';

const secret = Buffer.from('0123456789abcdef0123456789abcdef');
let server: Server | undefined;

afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  server = undefined;
});

async function receiver(listener: RequestListener): Promise<string> {
  const started = createServer(listener);
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  const address = started.address();
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/hook`;
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

const send = (url: string, more: { anyAddress?: boolean } = {}) =>
  sendWebhook({
    url,
    id: 'msg_1',
    body: testBody('On call', '2026-03-01T10:00:00.000Z'),
    secret,
    anyAddress: true,
    ...more,
  });

describe('a signature', () => {
  test('is that of the Standard Webhooks specification', () => {
    // The example of the specification's reference libraries.
    const known = Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64');
    const headers = signedHeaders(
      'msg_p5jXN8AQM9LWM0D4loKWxJek',
      '{"test": 2432232314}',
      known,
      1_614_265_330_999,
    );
    expect(headers).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });

  test('has a secret that libraries can read', () => {
    expect(writtenSecret(secret)).toBe(`whsec_${secret.toString('base64')}`);
  });
});

describe('sending', () => {
  test('posts the body, signed so that the receiver can verify it', async () => {
    let received: { headers: IncomingMessage['headers']; body: string } | undefined;
    const url = await receiver(async (request, response) => {
      received = { headers: request.headers, body: await textOf(request) };
      response.statusCode = 204;
      response.end();
    });
    expect(await send(url)).toMatchObject({ outcome: 'delivered', status: 204 });
    const { headers, body = '' } = received ?? {};
    const signed = `${headers?.['webhook-id']}.${headers?.['webhook-timestamp']}.${body}`;
    expect(headers?.['webhook-signature']).toBe(
      `v1,${createHmac('sha256', secret).update(signed).digest('base64')}`,
    );
    expect(JSON.parse(body)).toMatchObject({ type: 'channel.test', data: { channel: 'On call' } });
  });

  test('takes a refusal as a failure, and says which', async () => {
    const url = await receiver((_, response) => response.writeHead(503).end('not now'));
    expect(await send(url)).toMatchObject({
      outcome: 'failed',
      status: 503,
      reason: 'The receiver answered 503.',
    });
  });

  test('does not follow redirects', async () => {
    let calls = 0;
    const url = await receiver((_, response) => {
      calls++;
      response.writeHead(307, { location: '/elsewhere' }).end();
    });
    expect(await send(url)).toMatchObject({ outcome: 'failed', status: 307 });
    expect(calls).toBe(1);
  });

  test('lets go of an answer that does not end', async () => {
    const url = await receiver((_, response) => {
      const more = () => {
        if (!response.destroyed) response.write('x'.repeat(600), () => setImmediate(more));
      };
      response.writeHead(200);
      more();
    });
    expect(await send(url)).toMatchObject({ outcome: 'delivered', status: 200 });
  });

  test('takes it as a failure when nobody is there', async () => {
    const url = await receiver(() => undefined);
    server?.close();
    server = undefined;
    expect(await send(url)).toMatchObject({
      outcome: 'failed',
      reason: expect.stringContaining('ECONNREFUSED'),
    });
  });

  test('takes it as a failure when the receiver does not answer in time', async () => {
    const patience = new AbortController();
    const given = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(patience.signal);
    try {
      const url = await receiver(() => patience.abort(new DOMException('Too late', 'TimeoutError')));
      expect(await send(url)).toMatchObject({
        outcome: 'failed',
        reason: 'The receiver did not answer within 5 s.',
      });
      expect(given).toHaveBeenCalledWith(5000);
    } finally {
      given.mockRestore();
    }
  });

  test('says nothing in clear where the address is of HTTPS', async () => {
    const heard: Buffer[] = [];
    const eavesdropper = createSocketServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', (bytes) => {
        heard.push(bytes);
        socket.destroy();
      });
    });
    await new Promise<void>((resolve) => eavesdropper.listen(0, '127.0.0.1', resolve));
    const { port } = eavesdropper.address() as AddressInfo;
    expect(await send(`https://127.0.0.1:${port}/hook`)).toMatchObject({
      outcome: 'failed',
      reason: expect.stringMatching(/^ECONNRESET: /),
    });
    await new Promise((resolve) => eavesdropper.close(resolve));
    // The first byte of a TLS handshake.
    expect(heard.map(([first]) => first)).toEqual([0x16]);
    expect(Buffer.concat(heard).toString('latin1')).not.toContain('channel.test');
  });

  test('calls nobody in a private network, however the address is written', async () => {
    let calls = 0;
    const url = await receiver((_, response) => {
      calls++;
      response.end();
    });
    const { port } = new URL(url);
    for (const host of ['127.0.0.1', 'localhost', '[::1]', '2130706433', '0x7f.1', '[::ffff:127.0.0.1]']) {
      expect(await send(`http://${host}:${port}/`, { anyAddress: false })).toMatchObject({
        outcome: 'failed',
        reason: expect.stringMatching(/not public|ENOTFOUND/),
      });
    }
    expect(calls).toBe(0);
  });
});

describe('an address', () => {
  test.each(['93.184.216.34', '8.8.8.8', '172.32.0.1', '2606:2800:220:1::1', '2a00:1450:4001::1'])(
    '%s is public',
    (address) => expect(isPublic(address)).toBe(true),
  );

  test.each([
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.2',
    '169.254.169.254',
    '169.254.170.2',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:10.0.0.1',
    '64:ff9b::a00:1',
    'fd00:ec2::254',
    'fe80::1',
    'ff02::1',
    '2001:db8::1',
    '2002:7f00:1::1',
    'not-an-address',
  ])('%s is not', (address) => expect(isPublic(address)).toBe(false));

  test('is looked up as Node does, and refused there', async () => {
    const refused = (options: object) =>
      new Promise((resolve) => guardedLookup('localhost', options, (error) => resolve(error?.message)));
    expect(await refused({ all: true })).toMatch(/not public/);
    expect(await refused({})).toMatch(/not public/);
  });
});

describe('a message', () => {
  const message: Message = {
    channelId: 'c1',
    channelName: 'On call',
    alertId: 'a/1',
    episode: 2,
    moment: 'resolved',
    at: '2026-03-01T11:00:00.100Z',
    facts: {
      ruleName: 'Too many errors',
      severity: 'critical',
      metric: { namespace: 'AWS/Lambda', metricName: 'Errors', dimensions: { FunctionName: 'relay' } },
      statistic: 'Sum',
      comparison: 'GreaterThanThreshold',
      threshold: 5,
      reason: 'fine again',
      raisedAt: '2026-03-01T10:00:00.000Z',
      note: 'on it',
      resolvedAt: '2026-03-01T11:00:00.000Z',
      resolution: 'recovered',
    },
  };

  test('says what happened to which alert, and where to look', () => {
    expect(bodyOf(message, 'https://console.example.com/')).toEqual({
      type: 'alert.resolved',
      timestamp: '2026-03-01T11:00:00.100Z',
      data: {
        alertId: 'a/1',
        episode: 2,
        rule: { id: 'a/1', name: 'Too many errors' },
        severity: 'critical',
        metric: {
          namespace: 'AWS/Lambda',
          metricName: 'Errors',
          dimensions: { FunctionName: 'relay' },
          statistic: 'Sum',
        },
        condition: { comparison: 'GreaterThanThreshold', threshold: 5 },
        reason: 'fine again',
        raisedAt: '2026-03-01T10:00:00.000Z',
        note: 'on it',
        resolvedAt: '2026-03-01T11:00:00.000Z',
        resolution: 'recovered',
        link: 'https://console.example.com/observability/alerts/a%2F1?episode=2',
      },
    });
  });

  test('has no link where no console is known', () => {
    expect(bodyOf(message, undefined).data).not.toHaveProperty('link');
  });
});
