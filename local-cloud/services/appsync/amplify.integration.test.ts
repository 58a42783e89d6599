import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider';
import { Amplify } from 'aws-amplify';
import { generateClient } from 'aws-amplify/api';
import { fetchAuthSession, signIn, signOut } from 'aws-amplify/auth';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { signedHeaders } from '../../gateway/sign.ts';
import { type LocalCloud, startLocalCloud } from '../../index.ts';
import { notifyCode, openSocket, startMessage } from './fixture.ts';

const schema = `
  type Query { order(id: ID!): Order }
  type Mutation { orderChanged(id: ID!, state: String!): Order @aws_iam }
  type Subscription { onOrder(id: ID): Order @aws_subscribe(mutations: ["orderChanged"]) }
  type Order @aws_iam @aws_cognito_user_pools { id: ID! state: String by: String }
`;
const handler = `export const handler = async ({ arguments: { id }, identity }) => {
  if (id === 'lost') throw new Error('There is no order ' + id + '.');
  return { id, state: 'open', by: identity.claims.token_use };
};`;
const password = 'Correct-Horse-9';

const policy = (...statements: object[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements });
const trust = (service: string) =>
  policy({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: service } });

const stack = {
  resource: {
    aws_cognito_user_pool: { users: { name: 'users', username_attributes: ['email'] } },
    aws_cognito_user_pool_client: {
      console: {
        name: 'console',
        user_pool_id: '${aws_cognito_user_pool.users.id}',
        explicit_auth_flows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
      },
    },
    aws_iam_role: {
      order: { name: 'order', assume_role_policy: trust('lambda.amazonaws.com') },
      source: { name: 'source', assume_role_policy: trust('appsync.amazonaws.com') },
      notifier: { name: 'notifier', assume_role_policy: trust('lambda.amazonaws.com') },
    },
    aws_iam_role_policy: {
      source: {
        ...{ name: 'source', role: '${aws_iam_role.source.name}' },
        policy:
          '${jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "lambda:InvokeFunction", Resource = aws_lambda_function.order.arn }] })}',
      },
      notifier: {
        ...{ name: 'notifier', role: '${aws_iam_role.notifier.name}' },
        policy:
          '${jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "appsync:GraphQL", Resource = "${aws_appsync_graphql_api.api.arn}/types/Mutation/*" }] })}',
      },
    },
    aws_lambda_function: {
      order: {
        ...{ function_name: 'order', filename: 'order.zip', handler: 'index.handler', runtime: 'nodejs22.x' },
        role: '${aws_iam_role.order.arn}',
      },
    },
    aws_appsync_graphql_api: {
      api: {
        name: 'orders',
        authentication_type: 'AMAZON_COGNITO_USER_POOLS',
        user_pool_config: { user_pool_id: '${aws_cognito_user_pool.users.id}', default_action: 'ALLOW' },
        additional_authentication_provider: [{ authentication_type: 'AWS_IAM' }],
        schema,
        xray_enabled: true,
      },
    },
    aws_appsync_datasource: {
      none: { api_id: '${aws_appsync_graphql_api.api.id}', name: 'none', type: 'NONE' },
      order: {
        ...{ api_id: '${aws_appsync_graphql_api.api.id}', name: 'order', type: 'AWS_LAMBDA' },
        service_role_arn: '${aws_iam_role.source.arn}',
        lambda_config: { function_arn: '${aws_lambda_function.order.arn}' },
      },
    },
    aws_appsync_resolver: {
      order: {
        ...{ api_id: '${aws_appsync_graphql_api.api.id}', type: 'Query', field: 'order' },
        data_source: '${aws_appsync_datasource.order.name}',
      },
      changed: {
        ...{ api_id: '${aws_appsync_graphql_api.api.id}', type: 'Mutation', field: 'orderChanged' },
        ...{ data_source: '${aws_appsync_datasource.none.name}', code: notifyCode },
        runtime: { name: 'APPSYNC_JS', runtime_version: '1.0.0' },
      },
    },
  },
  output: {
    pool: { value: '${aws_cognito_user_pool.users.id}' },
    client: { value: '${aws_cognito_user_pool_client.console.id}' },
    graphql: { value: '${aws_appsync_graphql_api.api.uris["GRAPHQL"]}' },
    realtime: { value: '${aws_appsync_graphql_api.api.uris["REALTIME"]}' },
  },
};

let folder: string;
let cloud: LocalCloud;
let outputs: Record<string, string>;

beforeAll(async () => {
  // Node 20 has no WebSocket of its own, browsers do.
  vi.stubGlobal('WebSocket', WebSocket);
  folder = mkdtempSync(join(tmpdir(), 'appsync-'));
  mkdirSync(join(folder, 'stacks', 'orders'), { recursive: true });
  writeFileSync(
    join(folder, 'stacks', 'orders', 'order.zip'),
    zipSync({ 'index.mjs': Buffer.from(handler) }),
  );
  writeFileSync(join(folder, 'stacks', 'orders', 'cdk.tf.json'), JSON.stringify(stack));
  await start();
  const users = new CognitoIdentityProviderClient({
    ...{ endpoint: cloud.endpointUrl, region: 'us-east-1' },
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const user = { UserPoolId: outputs['pool'], Username: 'ada@example.com' };
  await users.send(new AdminCreateUserCommand(user));
  await users.send(new AdminSetUserPasswordCommand({ ...user, Password: password, Permanent: true }));
  users.destroy();
  configure();
  await signIn({ username: 'ada@example.com', password });
});
afterAll(async () => {
  await signOut();
  await cloud?.stop();
  vi.unstubAllGlobals();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

async function start(): Promise<void> {
  cloud = await startLocalCloud({
    ...{ stacksDirectory: join(folder, 'stacks'), dataDirectory: join(folder, 'data') },
    ...{ awsPort: 0, consolePort: 0 },
  });
  outputs = cloud.outputs['orders'] as Record<string, string>;
}

function configure(): void {
  Amplify.configure({
    Auth: {
      Cognito: {
        userPoolId: String(outputs['pool']),
        userPoolClientId: String(outputs['client']),
        userPoolEndpoint: cloud.endpointUrl,
      },
    },
    API: {
      GraphQL: { endpoint: String(outputs['graphql']), region: 'us-east-1', defaultAuthMode: 'userPool' },
    },
  });
}

/** Temporary credentials of a role, from STS, where every client gets them. */
async function credentialsOf(role: string) {
  const url = new URL(cloud.endpointUrl);
  const RoleArn = `arn:aws:iam::000000000000:role/${role}`;
  const fields = { Action: 'AssumeRole', Version: '2011-06-15', RoleArn, RoleSessionName: 'test' };
  const body = new URLSearchParams(fields).toString();
  const headers = signedHeaders(
    { method: 'POST', url, headers: { 'content-type': 'application/x-www-form-urlencoded' }, body },
    { accessKeyId: 'test', secretAccessKey: 'test' },
    { region: 'us-east-1', service: 'sts' },
  );
  const text = await (await fetch(url, { method: 'POST', headers, body })).text();
  const of = (name: string) => new RegExp(`<${name}>([^<]+)<`, 'u').exec(text)?.[1] ?? '';
  return {
    accessKeyId: of('AccessKeyId'),
    secretAccessKey: of('SecretAccessKey'),
    sessionToken: of('SessionToken'),
  };
}

/** The mutation of a back end, signed as a role. */
async function changed(id: string, state: string, role = 'notifier'): Promise<unknown> {
  const url = new URL(String(outputs['graphql']));
  const query = 'mutation M($id: ID!, $state: String!) { orderChanged(id: $id, state: $state) { id state } }';
  const body = JSON.stringify({ query, variables: { id, state } });
  const headers = signedHeaders(
    { method: 'POST', url, headers: { 'content-type': 'application/json' }, body },
    await credentialsOf(role),
    { region: 'us-east-1', service: 'appsync' },
  );
  return (await fetch(url, { method: 'POST', headers, body })).json();
}

describe('aws-amplify as it is', () => {
  it('asks a function, and is told what a signed mutation changed', async () => {
    const client = generateClient();
    const query = 'query Q($id: ID!) { order(id: $id) { id state by } }';
    expect(await client.graphql({ query, variables: { id: '7' } })).toMatchObject({
      data: { order: { id: '7', state: 'open', by: 'access' } },
    });
    await expect(client.graphql({ query, variables: { id: 'lost' } })).rejects.toMatchObject({
      errors: [{ errorType: 'Lambda:Unhandled', message: 'There is no order lost.' }],
    });

    const told: unknown[] = [];
    const failures: unknown[] = [];
    const observable = client.graphql({
      query: 'subscription S($id: ID) { onOrder(id: $id) { id state by } }',
      variables: { id: '7' },
    }) as unknown as { subscribe(observer: object): { unsubscribe(): void } };
    const subscription = observable.subscribe({
      next: ({ data }: { data: unknown }) => told.push(data),
      error: (error: unknown) => failures.push(error),
    });
    // The subscription stands as soon as the first change of its order arrives.
    await vi.waitFor(
      async () => {
        expect(await changed('8', 'not asked for')).toMatchObject({ data: { orderChanged: { id: '8' } } });
        await changed('7', 'sent');
        expect(failures).toEqual([]);
        expect(told).not.toEqual([]);
      },
      { timeout: 20_000, interval: 250 },
    );
    expect(told[0]).toEqual({ onOrder: { id: '7', state: 'sent', by: null } });
    subscription.unsubscribe();
  });
});

describe('a plain WebSocket client', () => {
  it('is told the same, in the order of the mutations', async () => {
    const { tokens } = await fetchAuthSession();
    const token = String(tokens?.idToken);
    const header = Buffer.from(JSON.stringify({ host: '127.0.0.1', Authorization: token })).toString(
      'base64url',
    );
    const socket = await openSocket(String(outputs['realtime']), ['graphql-ws', `header-${header}`]);
    socket.send({ type: 'connection_init' });
    expect(await socket.next()).toMatchObject({ type: 'connection_ack' });
    socket.send(startMessage('a', token, 'subscription { onOrder { id state } }'));
    expect(await socket.next()).toEqual({ type: 'start_ack', id: 'a' });
    for (const state of ['packed', 'sent', 'there']) await changed('9', state);
    for (const state of ['packed', 'sent', 'there'])
      expect(await socket.next()).toMatchObject({ payload: { data: { onOrder: { id: '9', state } } } });
    socket.socket.close();
    await socket.closed;
  });
});

describe('the API', () => {
  it('refuses a role that may not, and tells nobody', async () => {
    expect(await changed('7', 'stolen', 'order')).toMatchObject({
      data: { orderChanged: null },
      errors: [{ errorType: 'Unauthorized' }],
    });
  });

  // A second start of everything takes longer than all else here.
  it.skipIf(process.env['SKAFU_DEEP'] !== '1')(
    'is at the same address after a restart, apart from the port',
    async () => {
      const path = new URL(String(outputs['graphql'])).pathname;
      await cloud.stop();
      await start();
      expect(new URL(String(outputs['graphql'])).pathname).toBe(path);
      expect(await changed('7', 'again')).toEqual({ data: { orderChanged: { id: '7', state: 'again' } } });
    },
  );
});
