import { WebSocket } from 'ws';
import type { Invocation } from '../../core/cloud.ts';
import type { Attributes, Service } from '../../core/service.ts';
import { createTestCloud, type TestCloud, testResource } from '../../core/testing.ts';
import { type Gateway, listen } from '../../gateway/gateway.ts';
import { signedHeaders } from '../../gateway/sign.ts';
import { createTestPool, type TestPool, testPassword } from '../cognito/fixture.ts';
import { createIam } from '../iam/index.ts';
import { createAppSync } from './index.ts';

/** An API behind a gateway, with a user pool, roles that may something, and a function that the test gives. */
export interface TestApi {
  cloud: TestCloud;
  pool: TestPool;
  gateway: Gateway;
  service: Service;
  id: string;
  attributes: Attributes;
  /** Payloads that the function got, in order. */
  payloads: Attributes[];
  /** What the function does from now on. */
  answer(by: (payload: Attributes) => unknown): void;
  apply(type: string, name: string, desired: Attributes): Promise<Attributes>;
  /** Adds a resolver: by APPSYNC_JS code on the source NONE, or by the function without code. */
  resolver(type: string, field: string, code?: string, source?: string): Promise<Attributes>;
  /** A token of a user in these groups. */
  token(email: string, groups?: string[]): Promise<string>;
  /** Asks as who has the token, or who signs as a role; undefined asks without anything. */
  ask(who: string | { role: string } | undefined, query: string, variables?: object): Promise<GraphqlAnswer>;
  /** Opens a WebSocket with these headers in its subprotocol. */
  connect(headers: Record<string, string>): Promise<TestSocket>;
  stop(): Promise<void>;
}

export interface GraphqlAnswer {
  status: number;
  data?: Attributes | null;
  errors?: Attributes[];
}

export interface TestSocket {
  send(message: object): void;
  /** The next message that is not a sign of life. */
  next(): Promise<Attributes>;
  /** How the socket was closed. */
  closed: Promise<number>;
  socket: WebSocket;
}

export const notifyCode = `
  import { util } from '@aws-appsync/utils';
  export function request(ctx) { return { payload: ctx.args }; }
  export function response(ctx) { return ctx.result; }
`;

const policy = (statement: Attributes) =>
  JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', ...statement } });
const trust = (service: string) => policy({ Action: 'sts:AssumeRole', Principal: { Service: service } });

export const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function:answer';
const roleArn = (name: string) => `arn:aws:iam::000000000000:role/${name}`;

export async function createTestApi(schema: string, api: Attributes = {}): Promise<TestApi> {
  const cloud = createTestCloud();
  const gateway = await listen(0, cloud.logger);
  Object.assign(cloud, { endpointUrl: gateway.url });
  const iam = await createIam(cloud);
  const pool = await createTestPool({ cloud });
  const service = await createAppSync(cloud);
  gateway.open([iam, pool.service, service], cloud);

  const apply = async (type: string, name: string, desired: Attributes): Promise<Attributes> => {
    const handler = service.resources[type] ?? iam.resources[type];
    if (!handler) throw new Error(`no handler for ${type}`);
    return handler.apply(testResource(type, name, desired), undefined);
  };
  const role = async (name: string, trusted: string, statement?: Attributes) => {
    await apply('aws_iam_role', name, { name, assume_role_policy: trust(trusted) });
    if (!statement) return;
    await apply('aws_iam_role_policy', name, { name, role: name, policy: policy(statement) });
  };
  await role('source', 'appsync.amazonaws.com', { Action: 'lambda:InvokeFunction', Resource: functionArn });
  await role('powerless', 'appsync.amazonaws.com');
  await role('stranger', 'lambda.amazonaws.com');

  const attributes = await apply('aws_appsync_graphql_api', 'api', {
    name: 'api',
    authentication_type: 'AMAZON_COGNITO_USER_POOLS',
    user_pool_config: [{ user_pool_id: pool.poolId, default_action: 'ALLOW' }],
    additional_authentication_provider: [
      { authentication_type: 'AWS_IAM' },
      { authentication_type: 'API_KEY' },
    ],
    schema,
    ...api,
  });
  const id = String(attributes['id']);
  await role('notifier', 'lambda.amazonaws.com', {
    Action: 'appsync:GraphQL',
    Resource: `${attributes['arn']}/types/Mutation/fields/notify`,
  });
  await apply('aws_appsync_datasource', 'none', { api_id: id, name: 'none', type: 'NONE' });
  for (const name of ['source', 'powerless']) {
    await apply('aws_appsync_datasource', name, {
      api_id: id,
      name: name === 'source' ? 'function' : name,
      type: 'AWS_LAMBDA',
      service_role_arn: roleArn(name),
      lambda_config: { function_arn: functionArn },
    });
  }

  const payloads: Attributes[] = [];
  let answer: (payload: Attributes) => unknown = () => null;
  cloud.ports.functions = {
    async invoke(_arn, payload): Promise<Invocation> {
      payloads.push(payload as Attributes);
      const answered = answer(payload as Attributes);
      if (!(answered instanceof Error)) return { payload: answered, requestId: 'r' };
      return { payload: { errorMessage: answered.message }, functionError: 'Unhandled', requestId: 'r' };
    },
    enqueue: async () => undefined,
  };
  const path = `/_appsync/${id}/graphql`;
  const sockets: WebSocket[] = [];
  return {
    cloud,
    pool,
    gateway,
    service,
    id,
    attributes,
    payloads,
    answer: (by) => {
      answer = by;
    },
    apply,
    resolver: (type, field, code, source = code === undefined ? 'function' : 'none') =>
      apply('aws_appsync_resolver', `${type}-${field}`, {
        ...{ api_id: id, type, field, data_source: source },
        ...(code !== undefined && { code, runtime: { name: 'APPSYNC_JS', runtime_version: '1.0.0' } }),
      }),
    async token(email, groups = []) {
      await pool.addUser(email, testPassword, groups);
      const { AuthenticationResult } = await pool.call('InitiateAuth', {
        ClientId: pool.clientId,
        AuthFlow: 'USER_PASSWORD_AUTH',
        AuthParameters: { USERNAME: email, PASSWORD: testPassword },
      });
      return String((AuthenticationResult as Attributes)['AccessToken']);
    },
    async ask(who, query, variables) {
      const url = new URL(`${gateway.url}${path}`);
      const body = JSON.stringify({ query, variables });
      const headers =
        typeof who === 'object'
          ? signedHeaders(
              { method: 'POST', url, headers: {}, body },
              cloud.ports.access.assume(roleArn(who.role), 'test'),
              { region: 'us-east-1', service: 'appsync' },
            )
          : who === undefined
            ? {}
            : { authorization: who };
      const response = await fetch(url, { method: 'POST', headers, body });
      return { status: response.status, ...((await response.json()) as object) };
    },
    async connect(headers) {
      const encoded = Buffer.from(JSON.stringify(headers)).toString('base64url');
      const url = `${gateway.url.replace('http', 'ws')}${path}/realtime`;
      const opened = await openSocket(url, ['graphql-ws', `header-${encoded}`]);
      sockets.push(opened.socket);
      return opened;
    },
    async stop() {
      for (const socket of sockets) socket.terminate();
      await service.stop?.();
      await gateway.close();
      cloud.remove();
    },
  };
}

/** A WebSocket whose messages wait until they are asked for. */
export async function openSocket(url: string, protocols: string[]): Promise<TestSocket> {
  const socket = new WebSocket(url, protocols);
  const messages: Attributes[] = [];
  let wake: () => void = () => undefined;
  socket.on('message', (data) => {
    const message = JSON.parse(String(data)) as Attributes;
    if (message['type'] === 'ka') return;
    messages.push(message);
    wake();
  });
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  return {
    socket,
    closed,
    send: (message) => socket.send(JSON.stringify(message)),
    async next() {
      while (messages.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return messages.shift() as Attributes;
    },
  };
}

/** A start message of the protocol. */
export function startMessage(
  id: string,
  authorization: string,
  query: string,
  variables: object = {},
): object {
  return {
    id,
    type: 'start',
    payload: {
      data: JSON.stringify({ query, variables }),
      extensions: { authorization: { host: '127.0.0.1', Authorization: authorization } },
    },
  };
}
