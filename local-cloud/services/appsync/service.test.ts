import {
  AppSyncClient,
  CreateDataSourceCommand,
  GetDataSourceCommand,
  GetFunctionCommand,
  GetGraphqlApiCommand,
  GetResolverCommand,
  ListDataSourcesCommand,
  ListFunctionsCommand,
  ListResolversCommand,
  ListTypesCommand,
} from '@aws-sdk/client-appsync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Attributes } from '../../core/service.ts';
import { createTestApi, notifyCode, type TestApi } from './fixture.ts';

const schema = `
  type Query { steps(n: Int): Int order: Order plain: String }
  type Mutation { notify(id: ID): Order }
  type Order { id: ID total: Int }
`;
const runtime = { name: 'APPSYNC_JS', runtime_version: '1.0.0' };
const imports = "import { util, runtime } from '@aws-appsync/utils';";
const code = (request: string, response: string) =>
  `${imports} export function request(ctx) { ${request} } export function response(ctx) { ${response} }`;

let api: TestApi;
let client: AppSyncClient;
let token: string;
const logRole = 'arn:aws:iam::000000000000:role/logs';

beforeAll(async () => {
  api = await createTestApi(schema, {
    xray_enabled: true,
    log_config: [{ field_log_level: 'ERROR', cloudwatch_logs_role_arn: logRole }],
    tags: { team: 'orders' },
  });
  token = await api.token('ada@example.com');
  client = new AppSyncClient({
    ...{ endpoint: api.gateway.url, region: 'us-east-1' },
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
});
afterAll(async () => {
  client.destroy();
  await api.stop();
});

async function addFunction(name: string, source: string, text: string): Promise<string> {
  const made = await api.apply('aws_appsync_function', name, {
    ...{ api_id: api.id, name, data_source: source, code: text, runtime },
  });
  return String(made['function_id']);
}

describe('a resolver', () => {
  it('runs the functions of its pipeline one after the other, with what each answered and a common stash', async () => {
    const double = await addFunction(
      'double',
      'none',
      code(
        'if (ctx.prev.result > 50) runtime.earlyReturn(7, { skipTo: "END" }); return { payload: ctx.prev.result * 2 };',
        'ctx.stash.doubled = true; return ctx.result;',
      ),
    );
    const call = await addFunction(
      'call',
      'function',
      code(
        "return { operation: 'Invoke', payload: { n: ctx.prev.result, doubled: ctx.stash.doubled } };",
        'if (ctx.error) util.error(ctx.error.message, ctx.error.type); return ctx.result;',
      ),
    );
    await api.apply('aws_appsync_resolver', 'steps', {
      ...{ api_id: api.id, type: 'Query', field: 'steps', kind: 'PIPELINE', runtime },
      code: code(
        'if (ctx.args.n === 0) runtime.earlyReturn(-1); return ctx.args.n;',
        'return ctx.prev.result + 1;',
      ),
      pipeline_config: { functions: [double, call] },
    });
    api.answer(({ n, doubled }) => (doubled === true ? Number(n) + 100 : 0));
    expect(await api.ask(token, '{ steps(n: 4) }')).toEqual({ status: 200, data: { steps: 109 } });
    expect(await api.ask(token, '{ steps(n: 0) }')).toEqual({ status: 200, data: { steps: 0 } });
    expect(await api.ask(token, '{ steps(n: 51) }')).toEqual({ status: 200, data: { steps: 8 } });
    api.answer(() => new Error('Broken.'));
    expect(await api.ask(token, '{ steps(n: 4) }')).toMatchObject({
      data: { steps: null },
      errors: [{ errorType: 'Lambda:Unhandled', message: 'Broken.' }],
    });
    const { functions } = await client.send(new ListFunctionsCommand({ apiId: api.id }));
    expect(functions?.map(({ name }) => name)).toEqual(['double', 'call']);
    const { functionConfiguration } = await client.send(
      new GetFunctionCommand({ apiId: api.id, functionId: double }),
    );
    expect(functionConfiguration).toMatchObject({ name: 'double', dataSourceName: 'none' });
  });

  const resolver = (more: Attributes) => () =>
    api.apply('aws_appsync_resolver', 'x', {
      ...{ api_id: api.id, type: 'Query', field: 'plain', data_source: 'none' },
      ...more,
    });

  it.each([
    ['templates', { request_template: '{}' }, 'the argument request_template'],
    ['batches', { data_source: 'function', max_batch_size: 5 }, 'max_batch_size'],
    ['caches', { caching_config: { ttl: 60 } }, 'caching_config'],
    [
      'a runtime of another name',
      { code: notifyCode, runtime: { name: 'X', runtime_version: '1' } },
      'APPSYNC_JS 1.0.0',
    ],
    ['NONE without code', {}, 'needs code'],
    ['code that is none', { code: 'throw 1;', runtime }, 'one or more errors'],
    [
      'a field that is not there',
      { field: 'lost', code: notifyCode, runtime },
      'No field named lost found on type Query',
    ],
    [
      'a source that is not there',
      { data_source: 'lost', code: notifyCode, runtime },
      'No data source found named lost',
    ],
  ])('is refused by name with %s', async (_name, more, message) => {
    await expect(resolver(more)).rejects.toThrow(message);
  });
});

describe('an API', () => {
  const make = (more: Attributes) => () =>
    api.apply('aws_appsync_graphql_api', 'x', { name: 'x', authentication_type: 'AWS_IAM', schema, ...more });

  it.each([
    ['OpenID Connect', { authentication_type: 'OPENID_CONNECT' }, 'authentication_type "OPENID_CONNECT"'],
    [
      'a Lambda authorizer',
      { lambda_authorizer_config: { authorizer_uri: 'x' } },
      'lambda_authorizer_config',
    ],
    ['merged APIs', { api_type: 'MERGED' }, 'api_type "MERGED"'],
    ['private visibility', { visibility: 'PRIVATE' }, 'visibility "PRIVATE"'],
    ['a depth beyond AWS’s', { query_depth_limit: 76 }, 'from 0 to 75'],
    ['no pool', { authentication_type: 'AMAZON_COGNITO_USER_POOLS' }, 'User pool configuration is required'],
    ['a schema that does not parse', { schema: 'type Query {' }, 'The GraphQL schema is not valid'],
    ['a type that is not there', { schema: 'type Query { a: Lost }' }, 'Unknown type "Lost"'],
    [
      'a subscription to nothing',
      { schema: 'type Query { a: Int } type Subscription { b: Int @aws_subscribe(mutations: ["lost"]) }' },
      'the mutation lost, which is not there',
    ],
    [
      'a subscription of another type',
      {
        schema:
          'type Query { a: Int } type Mutation { c: String } type Subscription { b: Int @aws_subscribe(mutations: ["c"]) }',
      },
      'have not the same type',
    ],
  ])('is refused with %s', async (_name, more, message) => {
    await expect(make(more)).rejects.toThrow(message);
  });

  it('may write the scalars and directives of AppSync in its schema, for the tools', async () => {
    const written = `scalar AWSJSON directive @aws_iam on OBJECT | FIELD_DEFINITION type Query { a: AWSJSON @aws_iam }`;
    await expect(make({ schema: written })()).resolves.toMatchObject({ name: 'x' });
  });

  it('writes a segment, and its log as the role of its settings', async () => {
    const lines: [string, string][] = [];
    api.cloud.ports.logs = {
      write: (group, _stream, entries) =>
        void lines.push(...entries.map(({ message }) => [group, message] as [string, string])),
    };
    await api.resolver('Query', 'order');
    api.answer(() => new Error('Broken.'));
    const root = '1-5759e988-bd862e3fe1be46a994272793';
    await fetch(`${api.gateway.url}/_appsync/${api.id}/graphql`, {
      method: 'POST',
      headers: { authorization: token, 'x-amzn-trace-id': `Root=${root};Sampled=1` },
      body: JSON.stringify({ query: '{ order { id } }' }),
    });
    expect(api.cloud.recorded.segments.at(-1)).toMatchObject({
      trace_id: root,
      name: 'api',
      origin: 'AWS::AppSync::GraphQLAPI',
      http: { response: { status: 200 } },
    });
    // The role is not there yet: on AWS such an API has no log.
    expect(lines).toEqual([]);
    const allowed = { Effect: 'Allow', Action: 'logs:*', Resource: '*' };
    await api.apply('aws_iam_role', 'logs', { name: 'logs', assume_role_policy: '{"Statement":[]}' });
    await api.apply('aws_iam_role_policy', 'logs', {
      ...{ name: 'logs', role: 'logs' },
      policy: JSON.stringify({ Version: '2012-10-17', Statement: [allowed] }),
    });
    await api.ask(token, '{ order { id } }');
    expect(lines.map(([group]) => group)).toEqual(lines.map(() => `/aws/appsync/apis/${api.id}`));
    const written = lines.map(([, line]) => line).join('\n');
    expect(written).toContain('"logType":"RequestSummary"');
    expect(written).toContain('Broken.');
    expect(written).not.toContain(token);
  });
});

describe('the control plane', () => {
  it('tells what the Terraform made, page by page', async () => {
    const apiId = api.id;
    const { graphqlApi } = await client.send(new GetGraphqlApiCommand({ apiId }));
    expect(graphqlApi).toMatchObject({
      name: 'api',
      uris: api.attributes['uris'],
      userPoolConfig: { userPoolId: api.pool.poolId, awsRegion: 'us-east-1', defaultAction: 'ALLOW' },
      additionalAuthenticationProviders: [
        { authenticationType: 'AWS_IAM' },
        { authenticationType: 'API_KEY' },
      ],
      logConfig: { fieldLogLevel: 'ERROR', cloudWatchLogsRoleArn: logRole },
      xrayEnabled: true,
      tags: { team: 'orders' },
    });
    const first = await client.send(new ListDataSourcesCommand({ apiId, maxResults: 2 }));
    expect(first.dataSources?.map(({ name }) => name)).toEqual(['none', 'function']);
    const second = await client.send(new ListDataSourcesCommand({ apiId, nextToken: first.nextToken }));
    expect(second.dataSources?.map(({ name }) => name)).toEqual(['powerless']);
    expect(second.nextToken).toBeUndefined();
    const { dataSource } = await client.send(new GetDataSourceCommand({ apiId, name: 'function' }));
    expect(dataSource).toMatchObject({
      type: 'AWS_LAMBDA',
      lambdaConfig: { lambdaFunctionArn: expect.any(String) },
    });
    await api.resolver('Mutation', 'notify', notifyCode);
    const { resolvers } = await client.send(new ListResolversCommand({ apiId, typeName: 'Mutation' }));
    expect(resolvers).toMatchObject([
      { fieldName: 'notify', kind: 'UNIT', dataSourceName: 'none', code: notifyCode },
    ]);
    const one = { apiId, typeName: 'Mutation', fieldName: 'notify' };
    expect((await client.send(new GetResolverCommand(one))).resolver).toEqual(resolvers?.[0]);
    const { types } = await client.send(new ListTypesCommand({ apiId, format: 'SDL' }));
    expect(types?.map(({ name }) => name)).toEqual(expect.arrayContaining(['Query', 'Mutation', 'Order']));
  });

  it('says by name what it does not do, and what is not there', async () => {
    const creation = new CreateDataSourceCommand({ apiId: api.id, name: 'x', type: 'NONE' });
    await expect(client.send(creation)).rejects.toMatchObject({
      name: 'NotImplemented',
      message: expect.stringContaining('CreateDataSource'),
    });
    const lost = new GetDataSourceCommand({ apiId: api.id, name: 'lost' });
    await expect(client.send(lost)).rejects.toMatchObject({ name: 'NotFoundException' });
    const wrong = new ListDataSourcesCommand({ apiId: api.id, maxResults: 99 });
    await expect(client.send(wrong)).rejects.toMatchObject({ name: 'BadRequestException' });
  });

  it('is for those who have leave', async () => {
    const credentials = api.cloud.ports.access.assume('arn:aws:iam::000000000000:role/stranger', 'test');
    const stranger = new AppSyncClient({ endpoint: api.gateway.url, region: 'us-east-1', credentials });
    await expect(stranger.send(new GetGraphqlApiCommand({ apiId: api.id }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining(`appsync:GetGraphqlApi on resource: ${api.attributes['arn']}`),
    });
    stranger.destroy();
  });
});
