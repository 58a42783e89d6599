import { request } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Service } from '../core/service.ts';
import { createTestCloud, type TestCloud } from '../core/testing.ts';
import { type Gateway, listen } from './gateway.ts';

let cloud: TestCloud;
let gateway: Gateway;
const taken: string[] = [];

const service: Service = {
  signingNames: ['appsync'],
  resources: {},
  upgrade(incoming, socket) {
    taken.push(incoming.url ?? '');
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
  },
};

beforeEach(async () => {
  cloud = createTestCloud();
  gateway = await listen(0, cloud.logger);
  gateway.open([service, { signingNames: ['s3'], resources: {} }], cloud);
});
afterEach(async () => {
  await gateway.close();
  cloud.remove();
});

function ask(path: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = request(`${gateway.url}${path}`, { headers: { connection: 'Upgrade', ...headers } });
    asked.on('upgrade', ({ statusCode }) => resolve(statusCode));
    asked.on('response', ({ statusCode }) => resolve(statusCode));
    asked.on('error', reject);
    asked.end();
  });
}

describe('a request for another protocol', () => {
  it('is handed to the service that speaks WebSocket at that address', async () => {
    expect(await ask('/_appsync/x/graphql/realtime', { upgrade: 'websocket' })).toBe(101);
    expect(taken).toEqual(['/_appsync/x/graphql/realtime']);
  });

  it('is refused where no service speaks it, for protocols other than WebSocket, and to other sites', async () => {
    expect(await ask('/bucket', { upgrade: 'websocket' })).toBe(400);
    expect(await ask('/_appsync/x/graphql', { upgrade: 'h2c' })).toBe(501);
    expect(await ask('/_appsync/x/graphql', { upgrade: 'websocket', origin: 'https://example.com' })).toBe(
      403,
    );
    expect(await ask('/_appsync/x/graphql', { upgrade: 'websocket', origin: 'http://localhost:3000' })).toBe(
      101,
    );
  });

  it('ends with the gateway', async () => {
    const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
    socket.write(
      'GET /_appsync/x/graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    );
    await new Promise((resolve) => socket.once('data', resolve));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    await gateway.close();
    await closed;
    gateway = await listen(0, cloud.logger);
  });
});
