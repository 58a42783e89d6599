import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { call, signInAs } from '../support/api.ts';
import { type Platform, removeDataDirectory, startPlatform, waitFor } from '../support/platform.ts';
import { ruleOnRequests } from '../support/rules.ts';
import { apiIdOf, makeTraffic } from '../support/traffic.ts';

let platform: Platform;
let token: string;
let receiverUrl: string;

/** Somebody's webhook receiver: what it got, and what it answers. */
const received: { headers: IncomingHttpHeaders; body: string }[] = [];
let status = 204;
const receiver = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  received.push({ headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
  response.writeHead(status).end();
});

beforeAll(async () => {
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const address = receiver.address();
  receiverUrl = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/hook`;
  platform = await startPlatform();
  token = (await signInAs(platform.outputs, 'operator')).id;
});
afterAll(async () => {
  await platform?.stop();
  removeDataDirectory(platform?.dataDirectory);
  receiver.closeAllConnections();
  await new Promise((resolve) => receiver.close(resolve));
});

const get = (path: string) => call(platform.outputs, 'GET', path, { token });
const send = (method: string, path: string, body?: unknown) =>
  call(platform.outputs, method, path, { token, body });
/** Types of the messages, each once: a receiver knows a message that comes again by its id. */
const types = () =>
  [...new Map(received.map(({ headers, body }) => [headers['webhook-id'], body])).values()].map(
    (body) => (JSON.parse(body) as { type: string }).type,
  );
const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();

describe('people on alerts', { timeout: 600_000 }, () => {
  let channel: string;
  let secret: Buffer;
  let alertId: string;
  const notifications = async () => (await get(`/observability/alerts/${alertId}/notifications`)).body.items;

  test('make a channel, are told its secret once, and test it', async () => {
    const made = await send('POST', '/observability/notification-channels', {
      name: 'On call',
      kind: 'webhook',
      url: receiverUrl,
      severities: ['warning'],
      moments: ['raised', 'resolved'],
      consoleUrl: platform.outputs.consoleUrl,
    });
    expect(made.status).toBe(201);
    const written = String(made.body['secret']);
    secret = Buffer.from(written.replace('whsec_', ''), 'base64');
    expect(secret).toHaveLength(32);
    channel = `/observability/${String(made.body.stream).replace('notification-channel', 'notification-channels')}`;
    expect((await send('POST', `${channel}/test`)).status).toBe(200);
    const tested = await waitFor(
      async () => {
        const { body } = await get(channel);
        return (body['lastTest'] as { outcome?: string } | undefined)?.outcome && body;
      },
      { what: 'the test to be answered' },
    );
    expect(tested).toMatchObject({ lastTest: { outcome: 'delivered', status: 204 } });
    expect(types()).toEqual(['channel.test']);
    expect(JSON.stringify(tested)).not.toContain(written);
  });

  test('cannot give a second channel the name of the first', async () => {
    const again = await send('POST', '/observability/notification-channels', {
      name: 'ON CALL',
      kind: 'webhook',
      url: receiverUrl,
      severities: ['info'],
      moments: ['raised'],
    });
    expect(again).toMatchObject({ status: 409, body: { type: 'urn:skafu:problem:name-taken' } });
  });

  test('refuse addresses that are not to be called', async () => {
    const definition = { name: 'x', kind: 'webhook', severities: ['info'], moments: ['raised'] };
    for (const url of ['http://example.com/', 'ftp://example.com/', 'nowhere']) {
      const answer = await send('POST', '/observability/notification-channels', { ...definition, url });
      expect(answer).toMatchObject({ status: 400, body: { errors: [{ pointer: '#/url' }] } });
    }
  });

  test('silence an alert before its first episode, for planned work', async () => {
    const rule = await send(
      'POST',
      '/observability/alert-rules',
      ruleOnRequests(await apiIdOf(platform.outputs, token)),
    );
    alertId = String(rule.body.stream).replace('alert-rule/', '');
    const silence = `/observability/alerts/${alertId}/silence`;
    const silenced = await send('POST', silence, { until: inMinutes(30), reason: 'planned' });
    expect(silenced.status).toBe(200);
    const seen = await get(`${silence}?atLeast=${silenced.body.stream}:${silenced.body.version}`);
    expect(seen.body).toMatchObject({ silence: { reason: 'planned', silencedBy: { type: 'user' } } });
    const wrong = await send('POST', silence, { until: inMinutes(-1), reason: 'late' });
    expect(wrong).toMatchObject({ status: 400, body: { errors: [{ pointer: '#/until' }] } });
    const unknown = '01990000-0000-7000-8000-000000000001';
    const nobody = await send('POST', `/observability/alerts/${unknown}/silence`, {
      until: inMinutes(1),
      reason: 'x',
    });
    expect(nobody.status).toBe(404);
  });

  test('see it raised and marked all the same; are told once the silence ends; and of the end when they can be', async () => {
    const traffic = makeTraffic(platform.outputs);
    try {
      const open = await waitFor(async () => (await get('/observability/alerts')).body.items?.[0], {
        seconds: 180,
        what: 'the alert to be raised',
      });
      expect(open).toMatchObject({ alertId, episode: 1, status: 'open', silence: { reason: 'planned' } });
      await waitFor(async () => (await notifications())?.[0]?.['status'] === 'withheld', {
        what: 'the message to be withheld',
      });
      expect(types()).toEqual(['channel.test']);

      await send('DELETE', `/observability/alerts/${alertId}/silence`, { reason: 'done early' });
      await waitFor(() => types().includes('alert.raised'), { what: 'the message to be sent' });
      await send('POST', `/observability/alerts/${alertId}/comments`, {
        episode: 1,
        text: 'it is <b>me</b>',
      });
    } finally {
      status = 503;
      await traffic.stop();
    }

    await waitFor(async () => (await notifications())?.some((each) => each['status'] === 'retrying'), {
      seconds: 180,
      what: 'the message of the end to fail',
    });
    status = 204;
    await waitFor(async () => (await notifications())?.every((each) => each['status'] === 'delivered'), {
      seconds: 240,
      everyMilliseconds: 1000,
      what: 'the message of the end to be tried again',
    });
    const ends = received.filter(
      ({ body }) => body.includes('"alert.resolved"') && body.includes('"episode":1'),
    );
    expect(ends.length).toBeGreaterThan(1);
    expect(new Set(ends.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  });

  test('can verify every message, and follow its link', () => {
    for (const { headers, body } of received) {
      const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
      const signature = createHmac('sha256', secret).update(signed).digest('base64');
      expect(headers['webhook-signature']).toBe(`v1,${signature}`);
    }
    const raised = received.find(({ body }) => body.includes('"alert.raised"'));
    expect(JSON.parse(raised?.body ?? '{}')).toMatchObject({
      data: { link: `${platform.outputs.consoleUrl}/observability/alerts/${alertId}?episode=1` },
    });
  });

  test('leave everything they did in the history', async () => {
    const history = (await get(`/observability/alerts/${alertId}/history`)).body.items ?? [];
    const first = history.map(({ type }) => type).reverse();
    expect(first.slice(0, 5)).toEqual([
      'AlertSilenced',
      'AlertRaised',
      'AlertUnsilenced',
      'AlertCommented',
      'AlertResolved',
    ]);
    expect(history.find(({ type }) => type === 'AlertCommented')).toMatchObject({
      data: { text: 'it is <b>me</b>' },
      actor: { type: 'user' },
    });
  });
});
