import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Attributes } from '../../core/service.ts';
import { createTestApi, notifyCode, type TestApi } from './fixture.ts';

const schema = `
  type Query {
    order(id: ID!): Order
    orders: [Order!]
    secret: String @aws_cognito_user_pools(cognito_groups: ["admin"])
    powerless: String
    echo(when: AWSDateTime, data: AWSJSON): AWSJSON
    hello(name: String): String
    plain: String
  }
  type Mutation { notify(id: ID!, text: String): Notice @aws_iam }
  type Notice @aws_iam @aws_cognito_user_pools { id: ID! text: String }
  type Order { id: ID! total: Int customer: Customer note: String @aws_iam }
  type Customer { name: String }
`;

let api: TestApi;
let user: string;
let admin: string;

beforeAll(async () => {
  api = await createTestApi(schema);
  for (const field of ['order', 'orders', 'secret', 'echo']) await api.resolver('Query', field);
  await api.resolver('Order', 'customer');
  await api.resolver('Query', 'powerless', undefined, 'powerless');
  await api.resolver('Mutation', 'notify', notifyCode);
  user = await api.token('ada@example.com', ['operator']);
  admin = await api.token('eve@example.com', ['admin']);
});
afterAll(() => api.stop());

describe('the GraphQL endpoint', () => {
  it('calls the function of a field with the context that AppSync documents', async () => {
    api.answer(({ info }) =>
      (info as Attributes)['fieldName'] === 'order' ? { id: '7', total: 12 } : { name: 'Ada' },
    );
    const query = 'query One($id: ID!) { order(id: $id) { id total customer { name } } }';
    expect(await api.ask(`Bearer ${user}`, query, { id: '7' })).toEqual({
      status: 200,
      data: { order: { id: '7', total: 12, customer: { name: 'Ada' } } },
    });
    const [first, second] = api.payloads.slice(-2);
    expect(first).toMatchObject({
      arguments: { id: '7' },
      source: null,
      prev: null,
      stash: {},
      identity: {
        groups: ['operator'],
        username: expect.any(String),
        sub: expect.any(String),
        sourceIp: ['127.0.0.1'],
        issuer: api.pool.issuer,
        defaultAuthStrategy: 'ALLOW',
        claims: { token_use: 'access' },
      },
      request: { headers: { host: expect.stringContaining('127.0.0.1') }, domainName: null },
      info: {
        fieldName: 'order',
        parentTypeName: 'Query',
        variables: { id: '7' },
        selectionSetList: ['id', 'total', 'customer', 'customer/name'],
        selectionSetGraphQL: '{\n  id\n  total\n  customer {\n    name\n  }\n}',
      },
    });
    expect(second).toMatchObject({ source: { id: '7', total: 12 }, info: { parentTypeName: 'Order' } });
  });

  it('answers what a function threw beside null', async () => {
    api.answer(() => new Error('No such order.'));
    expect(await api.ask(user, '{ order(id: "1") { id } }')).toEqual({
      status: 200,
      data: { order: null },
      errors: [
        {
          path: ['order'],
          data: null,
          errorType: 'Lambda:Unhandled',
          errorInfo: null,
          locations: [{ line: 1, column: 3, sourceName: null }],
          message: 'No such order.',
        },
      ],
    });
  });

  it('says which leave the role of a data source lacks', async () => {
    const { errors } = await api.ask(user, '{ powerless }');
    expect(errors?.[0]).toMatchObject({
      errorType: 'Lambda:AccessDeniedException',
      message: expect.stringContaining(
        'assumed-role/powerless/APPSYNC_ASSUME_ROLE is not authorized to perform: lambda:InvokeFunction',
      ),
    });
  });

  it('reads a field only for the groups that its directive names', async () => {
    api.answer(() => 'told');
    expect(await api.ask(admin, '{ secret }')).toEqual({ status: 200, data: { secret: 'told' } });
    const { data, errors } = await api.ask(user, '{ secret plain }');
    expect(data).toEqual({ secret: null, plain: null });
    expect(errors).toMatchObject([
      {
        errorType: 'Unauthorized',
        path: ['secret'],
        message: 'Not Authorized to access secret on type Query',
      },
    ]);
  });

  it('keeps fields of another way to sign in from who has a token', async () => {
    api.answer(() => ({ id: '7', note: 'for machines' }));
    expect(await api.ask(user, '{ order(id: "7") { note } }')).toMatchObject({
      data: { order: { note: null } },
      errors: [{ errorType: 'Unauthorized', path: ['order', 'note'] }],
    });
  });

  it('lets a role do what its policy allows, field by field', async () => {
    const mutation = 'mutation { notify(id: "1", text: "x") { id text } }';
    expect(await api.ask({ role: 'notifier' }, mutation)).toEqual({
      status: 200,
      data: { notify: { id: '1', text: 'x' } },
    });
    const refused = {
      status: 200,
      data: { notify: null },
      errors: [{ errorType: 'Unauthorized', message: 'Not Authorized to access notify on type Mutation' }],
    };
    expect(await api.ask({ role: 'stranger' }, mutation)).toMatchObject(refused);
    expect(await api.ask(user, mutation)).toMatchObject(refused);
  });

  it('refuses who brings nothing, a broken token, or a signature of nobody', async () => {
    expect(await api.ask(undefined, '{ plain }')).toEqual({
      status: 401,
      errors: [{ errorType: 'UnauthorizedException', message: 'Valid authorization header not provided.' }],
    });
    expect(await api.ask('nonsense', '{ plain }')).toMatchObject({
      status: 401,
      errors: [{ message: 'Unable to parse JWT token.' }],
    });
    const [header, payload] = user.split('.');
    expect(await api.ask(`${header}.${payload}.AAAA`, '{ plain }')).toMatchObject({
      status: 401,
      errors: [{ message: 'You are not authorized to make this call.' }],
    });
    const credential = 'AWS4-HMAC-SHA256 Credential=ASIANOBODY/20261127/us-east-1/appsync/aws4_request';
    expect(await api.ask(`${credential}, SignedHeaders=host, Signature=00`, '{ plain }')).toMatchObject({
      status: 403,
      errors: [{ errorType: 'UnrecognizedClientException' }],
    });
  });

  it('takes tokens of the clients that the Terraform names, and may deny what no directive allows', async () => {
    const status = async (config: Attributes) => {
      const made = await api.apply('aws_appsync_graphql_api', 'strict', {
        ...{ name: 'strict', authentication_type: 'AMAZON_COGNITO_USER_POOLS', schema },
        user_pool_config: { user_pool_id: api.pool.poolId, default_action: 'ALLOW', ...config },
      });
      const url = `${api.gateway.url}/_appsync/${String(made['id'])}/graphql`;
      const body = '{"query":"{ plain }"}';
      const response = await fetch(url, { method: 'POST', headers: { authorization: user }, body });
      const { errors } = (await response.json()) as { errors?: Attributes[] };
      return [response.status, errors?.[0]?.['errorType']];
    };
    expect(await status({ app_id_client_regex: api.pool.clientId })).toEqual([200, undefined]);
    expect(await status({ app_id_client_regex: api.pool.clientId.slice(1) })).toEqual([
      401,
      'UnauthorizedException',
    ]);
    expect(await status({ default_action: 'DENY' })).toEqual([200, 'Unauthorized']);
    await expect(status({ app_id_client_regex: '(' })).rejects.toThrow('no regular expression');
  });

  it('takes an API key until it expires', async () => {
    const asked = async (key: unknown) => {
      const headers = { 'x-api-key': String(key) };
      const url = `${api.gateway.url}/_appsync/${api.id}/graphql`;
      const response = await fetch(url, {
        method: 'POST',
        headers,
        body: '{"query":"{ __typename plain }"}',
      });
      return [response.status, await response.json()];
    };
    const good = await api.apply('aws_appsync_api_key', 'good', { api_id: api.id });
    // The default of the API is a pool, and nothing in the schema names keys.
    expect(await asked(good['key'])).toMatchObject([
      200,
      {
        data: { __typename: 'Query', plain: null },
        errors: [{ errorType: 'Unauthorized', path: ['plain'] }],
      },
    ]);
    const over = await api.apply('aws_appsync_api_key', 'over', {
      api_id: api.id,
      expires: '2020-01-01T00:00:00Z',
    });
    expect(await asked(over['key'])).toMatchObject([401, {}]);
    expect(await asked('da2-x')).toMatchObject([401, {}]);
  });

  it('refuses what is no GraphQL request, and answers one that does not fit the schema', async () => {
    const url = `${api.gateway.url}/_appsync/${api.id}/graphql`;
    for (const body of [
      '',
      '{',
      '[]',
      '{"query":7}',
      '{"query":"{ plain"}',
      '{"query":"{ plain }","variables":[]}',
    ]) {
      const response = await fetch(url, { method: 'POST', headers: { authorization: user }, body });
      expect([body, response.status, await response.json()]).toMatchObject([
        body,
        400,
        { errors: [{ errorType: 'MalformedHttpRequestException' }] },
      ]);
    }
    expect(await api.ask(user, '{ lost }')).toMatchObject({
      status: 200,
      data: null,
      errors: [{ message: expect.stringContaining('Cannot query field "lost"'), path: null }],
    });
    expect((await fetch(`${api.gateway.url}/_appsync/nobody/graphql`, { method: 'POST' })).status).toBe(404);
  });

  it('checks the scalars of AWS, and hands JSON over as what it holds', async () => {
    api.answer((payload) => payload['arguments']);
    const query = 'query Q($when: AWSDateTime, $data: AWSJSON) { echo(when: $when, data: $data) }';
    const when = '2026-11-27T10:15:00.123Z';
    const { data } = await api.ask(user, query, { when, data: '{"a":[1]}' });
    expect(JSON.parse(String(data?.['echo']))).toEqual({ when, data: { a: [1] } });
    const { errors } = await api.ask(user, query, { when: 'yesterday', data: '{"a":' });
    expect(errors?.map(({ message }) => message)).toEqual([
      expect.stringContaining("Unable to parse 'yesterday' as a valid AWSDateTime."),
      expect.stringContaining('as a valid AWSJSON.'),
    ]);
  });

  it('keeps to the limits and the silence about its schema that the Terraform sets', async () => {
    const limited = await createTestApi(schema, {
      query_depth_limit: 2,
      resolver_count_limit: 1,
      introspection_config: 'DISABLED',
    });
    try {
      await limited.resolver('Query', 'order');
      const token = await limited.token('ada@example.com');
      const failure = async (query: string) => (await limited.ask(token, query)).errors?.[0];
      expect(await failure('{ order(id: 1) { customer { name } } }')).toMatchObject({
        errorType: 'QueryDepthLimitReached',
      });
      expect(await failure('{ a: order(id: 1) { id } b: order(id: 2) { id } }')).toMatchObject({
        errorType: 'ResolverExecutionLimitReached',
      });
      expect(await failure('{ __schema { types { name } } }')).toMatchObject({
        message: expect.stringContaining('introspection'),
      });
    } finally {
      await limited.stop();
    }
  });

  it('counts what it answers, and what that would cost', async () => {
    const { recorded } = api.cloud;
    recorded.metrics.length = 0;
    recorded.usage.length = 0;
    await api.ask(user, '{ plain }');
    await api.ask(undefined, '{ plain }');
    const of = (name: string) =>
      recorded.metrics.filter((each) => each.name === name).map(({ value }) => value);
    expect(of('4XXError')).toEqual([0, 1]);
    expect(of('5XXError')).toEqual([0, 0]);
    expect(of('Latency')).toHaveLength(2);
    expect(recorded.metrics.every(({ dimensions }) => dimensions['GraphQLAPIId'] === api.id)).toBe(true);
    expect(recorded.usage).toMatchObject([
      { service: 'AWS AppSync', quantity: 1, resource: api.attributes['arn'] },
    ]);
  });

  it('answers pages of this machine, and no others', async () => {
    const url = `${api.gateway.url}/_appsync/${api.id}/graphql`;
    const preflight = (origin: string) =>
      fetch(url, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization',
        },
      });
    const allowed = await preflight('http://localhost:3000');
    expect(allowed.status).toBe(200);
    expect(allowed.headers.get('access-control-allow-origin')).toBe('http://localhost:3000');
    expect(allowed.headers.get('access-control-allow-headers')).toBe('authorization');
    expect((await preflight('https://example.com')).status).toBe(403);
  });
});
