import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { decodeJwt, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { testResource } from '../../../core/testing.ts';
import { signedHeaders } from '../../../gateway/sign.ts';
import {
  createTestApi,
  notifyCode,
  openSocket,
  startMessage,
  type TestApi,
  type TestSocket,
} from '../fixture.ts';

const schema = `
  type Query { plain: String }
  type Mutation {
    notify(topic: String!, id: ID, text: String, level: Int): Notice @aws_iam
    secretly(topic: String!): Notice @aws_iam
  }
  type Notice @aws_iam @aws_cognito_user_pools {
    topic: String! id: ID text: String level: Int forMachines: String @aws_iam
  }
  type Subscription {
    onNotice(topic: String, id: ID): Notice @aws_subscribe(mutations: ["notify"])
    onLoud(least: Int!): Notice @aws_subscribe(mutations: ["notify"])
    onRefused: Notice @aws_subscribe(mutations: ["notify"])
    onAdmin: Notice @aws_subscribe(mutations: ["notify"]) @aws_cognito_user_pools(cognito_groups: ["admin"])
    onMachine: Notice @aws_subscribe(mutations: ["notify"]) @aws_iam
  }
`;
const loudCode = `
  import { util, extensions } from '@aws-appsync/utils';
  export const request = (ctx) => ({ payload: null });
  export function response(ctx) {
    extensions.setSubscriptionFilter(util.transform.toSubscriptionFilter({ level: { ge: ctx.args.least } }));
    return null;
  }
`;
const refusingCode = `
  import { util } from '@aws-appsync/utils';
  export function request(ctx) { util.unauthorized(); }
  export function response(ctx) { return null; }
`;

let api: TestApi;
let token: string;

beforeAll(async () => {
  api = await createTestApi(schema);
  await api.resolver('Mutation', 'notify', notifyCode);
  await api.resolver('Mutation', 'secretly', notifyCode);
  await api.resolver('Subscription', 'onLoud', loudCode);
  await api.resolver('Subscription', 'onRefused', refusingCode);
  token = await api.token('ada@example.com', ['operator']);
});
afterAll(() => api.stop());

const authorization = (value: string) => ({ host: '127.0.0.1', Authorization: value });

async function connected(value = token): Promise<TestSocket> {
  const socket = await api.connect(authorization(value));
  socket.send({ type: 'connection_init' });
  expect(await socket.next()).toEqual({ type: 'connection_ack', payload: { connectionTimeoutMs: 300_000 } });
  return socket;
}

async function subscribed(socket: TestSocket, id: string, query: string, variables = {}): Promise<void> {
  socket.send(startMessage(id, token, query, variables));
  expect(await socket.next()).toEqual({ type: 'start_ack', id });
}

async function notify(args: string, selection = '{ topic id text level }'): Promise<void> {
  const { errors } = await api.ask({ role: 'notifier' }, `mutation { notify(${args}) ${selection} }`);
  expect(errors).toBeUndefined();
}

/** A token of the pool with other claims, so that only these decide. */
async function tokenWith(claims: object): Promise<string> {
  const kept = JSON.parse(readFileSync(join(api.cloud.dataDirectory, 'cognito', 'keys.json'), 'utf8')) as {
    accessToken: { id: string; privateKey: string };
  };
  return new SignJWT({ ...decodeJwt(token), ...claims })
    .setProtectedHeader({ alg: 'RS256', kid: kept.accessToken.id })
    .sign(createPrivateKey(kept.accessToken.privateKey));
}

const nowSeconds = () => Math.floor(Date.now() / 1000);

describe('a subscription', () => {
  it('is told what the mutation selected, the rest as null, and only of what its arguments ask for', async () => {
    const socket = await connected();
    await subscribed(socket, 'a', 'subscription { onNotice(topic: "x") { topic text id __typename } }');
    await notify('topic: "y", text: "not for me"');
    await notify('topic: "x", text: "hello", id: 1', '{ words: text topic }');
    expect(await socket.next()).toEqual({
      id: 'a',
      type: 'data',
      payload: { data: { onNotice: { topic: 'x', text: 'hello', id: null, __typename: 'Notice' } } },
    });
    socket.send({ id: 'a', type: 'stop' });
    expect(await socket.next()).toEqual({ id: 'a', type: 'complete' });
    socket.socket.close();
    await socket.closed;
  });

  it('asks by an argument of null for null, and by one that is left out for anything', async () => {
    const socket = await connected();
    const query = 'subscription S($id: ID) { onNotice(id: $id) { text } }';
    await subscribed(socket, 'null', query, { id: null });
    await subscribed(socket, 'any', query);
    await notify('topic: "x", id: 1, text: "first"');
    await notify('topic: "x", text: "second"');
    const told = [await socket.next(), await socket.next(), await socket.next()];
    expect(
      told.map((each) => [each['id'], (each['payload'] as { data: { onNotice: object } }).data.onNotice]),
    ).toEqual([
      ['any', { text: 'first' }],
      ['null', { text: 'second' }],
      ['any', { text: 'second' }],
    ]);
    socket.socket.close();
  });

  it('is filtered by what its resolver sets instead of its arguments', async () => {
    const socket = await connected();
    await subscribed(socket, 'loud', 'subscription { onLoud(least: 5) { level } }');
    await notify('topic: "x", level: 4');
    await notify('topic: "x", level: 5');
    expect(await socket.next()).toMatchObject({ payload: { data: { onLoud: { level: 5 } } } });
    socket.socket.close();
  });

  it('does not begin where its resolver, its field or its query refuse it', async () => {
    const socket = await connected();
    const refused = async (query: string, value = token) => {
      socket.send(startMessage('r', value, query));
      const { type, id, payload } = await socket.next();
      expect([type, id]).toEqual(['error', 'r']);
      return (payload as { errors: object[] }).errors[0];
    };
    expect(await refused('subscription { onRefused { id } }')).toMatchObject({ errorType: 'Unauthorized' });
    for (const field of ['onAdmin', 'onMachine']) {
      expect(await refused(`subscription { ${field} { id } }`)).toMatchObject({
        errorType: 'Unauthorized',
        message: `Not Authorized to access ${field} on type Subscription`,
      });
    }
    expect(await refused('{ plain }')).toMatchObject({ errorType: 'UnsupportedOperation' });
    expect(await refused('subscription {')).toMatchObject({ errorType: 'MalformedHttpRequestException' });
    expect(await refused('subscription { lost }')).toMatchObject({
      message: expect.stringContaining('lost'),
    });
    expect(await refused('subscription { onNotice { id } }', 'nonsense')).toMatchObject({
      errorType: 'UnauthorizedException',
    });
    socket.socket.close();
  });

  it('is told nothing of fields that its reader may not read', async () => {
    const socket = await connected();
    await subscribed(socket, 'a', 'subscription { onNotice { topic forMachines } }');
    await notify('topic: "x"', '{ topic forMachines }');
    expect(await socket.next()).toMatchObject({
      payload: {
        data: { onNotice: { topic: 'x', forMachines: null } },
        errors: [{ errorType: 'Unauthorized', path: ['onNotice', 'forMachines'] }],
      },
    });
    socket.socket.close();
  });

  it('can be begun by who signs, too', async () => {
    const credentials = api.cloud.ports.access.assume('arn:aws:iam::000000000000:role/listener', 'test');
    await api.apply('aws_iam_role', 'listener', {
      name: 'listener',
      assume_role_policy: JSON.stringify({ Version: '2012-10-17', Statement: [] }),
    });
    await api.apply('aws_iam_role_policy', 'listener', {
      ...{ name: 'listener', role: 'listener' },
      policy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Action: 'appsync:GraphQL',
            Resource: `${api.attributes['arn']}/types/Subscription/*`,
          },
        ],
      }),
    });
    const path = `/_appsync/${api.id}/graphql`;
    const sign = (url: string, body: string) => {
      const request = { method: 'POST', url: new URL(url, api.gateway.url), headers: {}, body };
      const headers = signedHeaders(request, credentials, { region: 'us-east-1', service: 'appsync' });
      return { ...headers, host: request.url.host };
    };
    const socket = await api.connect(sign(`${path}/connect`, '{}'));
    socket.send({ type: 'connection_init' });
    expect(await socket.next()).toMatchObject({ type: 'connection_ack' });
    const start = async (id: string, field: string, tampered = '') => {
      const data = JSON.stringify({ query: `subscription { ${field} { topic } }` });
      socket.send({
        id,
        type: 'start',
        payload: { data: data + tampered, extensions: { authorization: sign(path, data) } },
      });
      return socket.next();
    };
    expect(await start('m', 'onMachine')).toEqual({ type: 'start_ack', id: 'm' });
    expect(await start('t', 'onMachine', ' ')).toMatchObject({
      type: 'error',
      payload: { errors: [{ errorType: 'InvalidSignatureException' }] },
    });
    await notify('topic: "x"');
    expect(await socket.next()).toMatchObject({ id: 'm', payload: { data: { onMachine: { topic: 'x' } } } });
    socket.socket.close();
  });

  it('begins a hundred times on a connection, and no more', async () => {
    const socket = await connected();
    for (let count = 0; count < 100; count += 1)
      socket.send(startMessage(`s${count}`, token, 'subscription { onNotice(topic: "none") { id } }'));
    for (let count = 0; count < 100; count += 1)
      expect(await socket.next()).toMatchObject({ type: 'start_ack' });
    socket.send(startMessage('more', token, 'subscription { onNotice { id } }'));
    expect(await socket.next()).toMatchObject({
      type: 'error',
      payload: { errors: [{ errorType: 'MaxSubscriptionsReachedError' }] },
    });
    socket.socket.close();
  });
});

describe('a connection', () => {
  const refusal = async (headers: Record<string, string>) => {
    const socket = await api.connect(headers);
    socket.send({ type: 'connection_init' });
    const message = await socket.next();
    await socket.closed;
    return message;
  };

  it('is refused to expired tokens, tokens of another pool, and nobody', async () => {
    const error = (message: string) => ({
      type: 'connection_error',
      payload: { errors: [{ errorType: 'UnauthorizedException', message, errorCode: 401 }] },
    });
    const expired = await tokenWith({ exp: nowSeconds() - 1 });
    expect(await refusal(authorization(expired))).toEqual(error('Token has expired.'));
    const foreign = await tokenWith({ iss: 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_other' });
    expect(await refusal(authorization(foreign))).toEqual(error('You are not authorized to make this call.'));
    expect(await refusal({ host: 'x' })).toEqual(error('Valid authorization header not provided.'));
  });

  it('ends when the token of its client expires', async () => {
    const socket = await connected(await tokenWith({ exp: nowSeconds() + 2 }));
    expect(await socket.closed).toBe(1008);
  });

  it('takes its headers from the query as well, and needs the subprotocol', async () => {
    const url = `${api.gateway.url.replace('http', 'ws')}/_appsync/${api.id}/graphql/realtime`;
    const header = encodeURIComponent(Buffer.from(JSON.stringify(authorization(token))).toString('base64'));
    const socket = await openSocket(`${url}?header=${header}&payload=e30=`, ['graphql-ws']);
    socket.send({ type: 'connection_init' });
    expect(await socket.next()).toMatchObject({ type: 'connection_ack' });
    socket.socket.close();
    await expect(openSocket(url, ['other'])).rejects.toThrow('400');
    await expect(openSocket(url.replace(api.id, 'nobody'), ['graphql-ws'])).rejects.toThrow('404');
  });

  it('answers messages that are none, and goes on', async () => {
    const socket = await api.connect(authorization(token));
    for (const text of [
      '{',
      '[]',
      '{"type":"data"}',
      '{"type":"start"}',
      '{"type":"start","id":"x","payload":{}}',
    ]) {
      socket.socket.send(text);
      expect([text, await socket.next()]).toMatchObject([text, { type: 'error', payload: { errors: [{}] } }]);
    }
    socket.send(startMessage('early', token, 'subscription { onNotice { id } }'));
    expect(await socket.next()).toMatchObject({ id: 'early', type: 'error' });
    socket.send({ type: 'connection_init' });
    expect(await socket.next()).toMatchObject({ type: 'connection_ack' });
    socket.socket.close();
  });

  it('harms nobody when its client dies or stops to read', async () => {
    const [dead, slow, alive] = [await connected(), await connected(), await connected()];
    for (const socket of [dead, slow, alive])
      await subscribed(socket, 'a', 'subscription { onNotice(topic: "big") { text } }');
    for (let count = 0; count < 40; count += 1)
      await subscribed(slow, `${count}`, 'subscription { onNotice(topic: "big") { text } }');
    slow.socket.pause();
    dead.socket.terminate();
    const text = 'x'.repeat(200_000);
    // What the machine's own buffers hold comes first.
    const cutOff = () => api.cloud.recorded.log.some(({ message }) => message.includes('reads too slowly'));
    for (let count = 0; count < 100 && !cutOff(); count += 1) {
      await notify(`topic: "big", text: "${text}"`, '{ topic text }');
      expect(await alive.next()).toMatchObject({ type: 'data' });
    }
    expect(cutOff()).toBe(true);
    slow.socket.terminate();
    alive.socket.close();
  });

  it('sees an API that was changed meanwhile', async () => {
    const socket = await connected();
    const changed = `${schema} extend type Subscription { onNew: Notice @aws_subscribe(mutations: ["notify"]) }`;
    const change = (text: string) =>
      api.service.resources['aws_appsync_graphql_api']?.apply(
        testResource('aws_appsync_graphql_api', 'api', { ...api.attributes, schema: text }),
        api.attributes,
      );
    await change(changed);
    await subscribed(socket, 'new', 'subscription { onNew { topic } }');
    await change(schema);
    socket.send(startMessage('gone', token, 'subscription { onNew { topic } }'));
    expect(await socket.next()).toMatchObject({ type: 'error', id: 'gone' });
    socket.socket.close();
  });

  it('is counted, with its subscriptions and its minutes', async () => {
    const { recorded } = api.cloud;
    recorded.metrics.length = 0;
    recorded.usage.length = 0;
    const socket = await connected();
    await subscribed(socket, 'a', 'subscription { onNotice { topic } }');
    await notify('topic: "x"');
    await socket.next();
    socket.socket.close();
    await socket.closed;
    const names = () => recorded.metrics.map(({ name }) => name);
    await vi.waitFor(() => expect(names()).toContain('DisconnectSuccess'));
    expect(names()).toEqual(
      expect.arrayContaining(['ConnectSuccess', 'SubscribeSuccess', 'PublishDataMessageSuccess']),
    );
    expect(recorded.usage.map(({ operation, quantity }) => [operation, quantity])).toEqual(
      expect.arrayContaining([
        ['ConnectionMinutes', 1],
        ['RealTimeUpdates', 1],
      ]),
    );
  });

  it('shows on the page who listens to what', async () => {
    const socket = await connected();
    await subscribed(socket, 'a', 'subscription { onNotice(topic: "x") { topic } }');
    const view = api.service.views?.[0];
    const blocks = JSON.stringify(await view?.show(new URLSearchParams({ api: api.id })));
    expect(blocks).toContain('onNotice');
    expect(blocks).toContain('{\\"topic\\":\\"x\\"}');
    expect(blocks).not.toContain(token);
    expect(JSON.stringify(await view?.show(new URLSearchParams()))).toContain(
      'AMAZON_COGNITO_USER_POOLS, AWS_IAM',
    );
    socket.socket.close();
  });

  it('is refused to pages of other sites', async () => {
    const url = `${api.gateway.url}/_appsync/${api.id}/graphql/realtime`;
    const headers = { origin: 'https://example.com', connection: 'Upgrade', upgrade: 'websocket' };
    const response = await new Promise<number | undefined>((resolve) => {
      get(url, { headers }).on('response', ({ statusCode }) => resolve(statusCode));
    });
    expect(response).toBe(403);
  });
});
