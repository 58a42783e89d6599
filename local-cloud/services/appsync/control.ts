import {
  getIntrospectionQuery,
  graphqlSync,
  isObjectType,
  lexicographicSortSchema,
  printType,
} from 'graphql';
import type { Cloud } from '../../core/cloud.ts';
import { AwsError, notSupported } from '../../core/errors.ts';
import type { AwsRequest, AwsResponse } from '../../core/service.ts';
import {
  describeApi,
  describeDataSource,
  describeFunction,
  describeKey,
  describeResolver,
} from './describe.ts';
import type { GraphqlApi } from './model.ts';
import type { Registry } from './registry.ts';

/** One request for an operation, with the names in its path. */
interface Asked {
  readonly cloud: Cloud;
  readonly registry: Registry;
  readonly api: GraphqlApi;
  readonly names: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
}

type Run = (asked: Asked) => object;

/** The operations of the control plane by method and path; those without a function say that they are not supported. */
const operations: readonly [name: string, method: string, path: string, run?: Run][] = [
  ['ListGraphqlApis', 'GET', '/v1/apis', listApis],
  ['CreateGraphqlApi', 'POST', '/v1/apis'],
  ['GetGraphqlApi', 'GET', '/v1/apis/{apiId}', ({ cloud, api }) => ({ graphqlApi: describeApi(cloud, api) })],
  ['UpdateGraphqlApi', 'POST', '/v1/apis/{apiId}'],
  ['DeleteGraphqlApi', 'DELETE', '/v1/apis/{apiId}'],
  ['ListDataSources', 'GET', '/v1/apis/{apiId}/datasources', listDataSources],
  ['CreateDataSource', 'POST', '/v1/apis/{apiId}/datasources'],
  ['GetDataSource', 'GET', '/v1/apis/{apiId}/datasources/{name}', getDataSource],
  ['UpdateDataSource', 'POST', '/v1/apis/{apiId}/datasources/{name}'],
  ['DeleteDataSource', 'DELETE', '/v1/apis/{apiId}/datasources/{name}'],
  ['ListTypes', 'GET', '/v1/apis/{apiId}/types', listTypes],
  ['CreateType', 'POST', '/v1/apis/{apiId}/types'],
  ['GetType', 'GET', '/v1/apis/{apiId}/types/{typeName}', getType],
  ['UpdateType', 'POST', '/v1/apis/{apiId}/types/{typeName}'],
  ['DeleteType', 'DELETE', '/v1/apis/{apiId}/types/{typeName}'],
  ['ListResolvers', 'GET', '/v1/apis/{apiId}/types/{typeName}/resolvers', listResolvers],
  ['CreateResolver', 'POST', '/v1/apis/{apiId}/types/{typeName}/resolvers'],
  ['GetResolver', 'GET', '/v1/apis/{apiId}/types/{typeName}/resolvers/{fieldName}', getResolver],
  ['UpdateResolver', 'POST', '/v1/apis/{apiId}/types/{typeName}/resolvers/{fieldName}'],
  ['DeleteResolver', 'DELETE', '/v1/apis/{apiId}/types/{typeName}/resolvers/{fieldName}'],
  ['ListFunctions', 'GET', '/v1/apis/{apiId}/functions', listFunctions],
  ['CreateFunction', 'POST', '/v1/apis/{apiId}/functions'],
  ['GetFunction', 'GET', '/v1/apis/{apiId}/functions/{functionId}', getFunction],
  ['UpdateFunction', 'POST', '/v1/apis/{apiId}/functions/{functionId}'],
  ['DeleteFunction', 'DELETE', '/v1/apis/{apiId}/functions/{functionId}'],
  ['ListApiKeys', 'GET', '/v1/apis/{apiId}/apikeys', listKeys],
  ['CreateApiKey', 'POST', '/v1/apis/{apiId}/apikeys'],
  ['UpdateApiKey', 'POST', '/v1/apis/{apiId}/apikeys/{id}'],
  ['DeleteApiKey', 'DELETE', '/v1/apis/{apiId}/apikeys/{id}'],
  ['GetIntrospectionSchema', 'GET', '/v1/apis/{apiId}/schema'],
  ['GetSchemaCreationStatus', 'GET', '/v1/apis/{apiId}/schemacreation', getSchemaStatus],
  ['StartSchemaCreation', 'POST', '/v1/apis/{apiId}/schemacreation'],
  ['GetApiCache', 'GET', '/v1/apis/{apiId}/ApiCaches'],
  ['CreateApiCache', 'POST', '/v1/apis/{apiId}/ApiCaches'],
  ['UpdateApiCache', 'POST', '/v1/apis/{apiId}/ApiCaches/update'],
  ['DeleteApiCache', 'DELETE', '/v1/apis/{apiId}/ApiCaches'],
  ['FlushApiCache', 'DELETE', '/v1/apis/{apiId}/FlushCache'],
  ['ListTagsForResource', 'GET', '/v1/tags/{resourceArn}', listTags],
  ['TagResource', 'POST', '/v1/tags/{resourceArn}'],
  ['UntagResource', 'DELETE', '/v1/tags/{resourceArn}'],
  ['EvaluateCode', 'POST', '/v1/dataplane-evaluatecode'],
  ['EvaluateMappingTemplate', 'POST', '/v1/dataplane-evaluatetemplate'],
];

interface Found {
  readonly name: string;
  readonly names: Record<string, string>;
  readonly run: Run | undefined;
}

/** The operation that a request is for, with the names in its path; undefined when there is none. */
export function operationOf({ method, path }: Pick<AwsRequest, 'method' | 'path'>): Found | undefined {
  const parts = path.replace(/\/$/u, '').split('/');
  for (const [name, itsMethod, pattern, run] of operations) {
    const expected = pattern.split('/');
    if (method !== itsMethod || parts.length !== expected.length) continue;
    const names: Record<string, string> = {};
    const fits = expected.every((part, index) => {
      if (!part.startsWith('{')) return part === parts[index];
      names[part.slice(1, -1)] = decoded(parts[index] ?? '');
      return parts[index] !== '';
    });
    if (fits) return { name, names, run };
  }
  return undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new AwsError('BadRequestException', `The path holds ${text}, which is not encoded as UTF-8.`);
  }
}

/** Answers a request to the control plane. */
export function control(cloud: Cloud, registry: Registry, request: AwsRequest): AwsResponse {
  const found = operationOf(request);
  if (!found) throw notSupported('AppSync', `${request.method} ${request.path}`);
  const { name, names, run } = found;
  if (!run && name !== 'GetIntrospectionSchema') throw notSupported('AppSync', name);
  const { apiId } = names;
  const api = apiId === undefined ? undefined : registry.apis.get(apiId);
  if (apiId !== undefined && !api) throw notFound(`GraphQL API ${apiId} not found.`);
  const asked = { cloud, registry, api: api as GraphqlApi, names, query: request.query };
  if (!run) return schemaResponse(asked);
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(run(asked)) };
}

const notFound = (message: string) => new AwsError('NotFoundException', message, 404);

/** One page of a list: its operation hands a token out where there is more. */
function page(items: readonly object[], member: string, query: URLSearchParams): object {
  const most = Number(query.get('maxResults') ?? 25);
  if (!Number.isInteger(most) || most < 0 || most > 25)
    throw new AwsError('BadRequestException', 'maxResults must be a whole number from 0 to 25.');
  const token = query.get('nextToken');
  const from = token === null ? 0 : Number(Buffer.from(token, 'base64url').toString());
  if (!Number.isInteger(from) || from < 0) throw new AwsError('BadRequestException', 'Invalid nextToken.');
  const to = from + (most || 25);
  return {
    [member]: items.slice(from, to),
    ...(to < items.length && { nextToken: Buffer.from(String(to)).toString('base64url') }),
  };
}

function listApis({ cloud, registry, query }: Asked): object {
  return page(
    [...registry.apis.values()].map((api) => describeApi(cloud, api)),
    'graphqlApis',
    query,
  );
}

function listDataSources({ registry, api, query }: Asked): object {
  return page(registry.dataSourcesOf(api.id).map(describeDataSource), 'dataSources', query);
}

function getDataSource({ registry, api, names }: Asked): object {
  const source = registry.dataSource(api.id, names['name'] ?? '');
  if (!source) throw notFound(`No data source found named ${names['name']}`);
  return { dataSource: describeDataSource(source) };
}

function listResolvers({ registry, api, names, query }: Asked): object {
  const found = registry.resolversOf(api.id).filter(({ typeName }) => typeName === names['typeName']);
  return page(found.map(describeResolver), 'resolvers', query);
}

function getResolver({ registry, api, names }: Asked): object {
  const resolver = registry.resolver(api.id, names['typeName'] ?? '', names['fieldName'] ?? '');
  if (!resolver) throw notFound('No resolver found.');
  return { resolver: describeResolver(resolver) };
}

function listFunctions({ registry, api, query }: Asked): object {
  return page(registry.functionsOf(api.id).map(describeFunction), 'functions', query);
}

function getFunction({ registry, api, names }: Asked): object {
  const found = registry.functions.get(`${api.id}-${names['functionId']}`);
  if (!found) throw notFound('No function found.');
  return { functionConfiguration: describeFunction(found) };
}

function listKeys({ registry, api, query }: Asked): object {
  const keys = [...registry.apiKeys.values()].filter(({ apiId }) => apiId === api.id);
  return page(keys.map(describeKey), 'apiKeys', query);
}

function listTypes({ api, query }: Asked): object {
  requireFormat(query, ['SDL']);
  const types = Object.values(api.schema?.getTypeMap() ?? {}).filter(
    (type) => isObjectType(type) && !type.name.startsWith('__'),
  );
  return page(
    types.map((type) => describeType(api, type.name)),
    'types',
    query,
  );
}

function getType({ api, names, query }: Asked): object {
  requireFormat(query, ['SDL']);
  return { type: describeType(api, names['typeName'] ?? '') };
}

function describeType(api: GraphqlApi, name: string): object {
  const type = api.schema?.getType(name);
  if (!type) throw notFound(`Type ${name} not found.`);
  return {
    name,
    arn: `${api.arn}/types/${name}`,
    definition: printType(type),
    format: 'SDL',
    ...(type.description && { description: type.description }),
  };
}

function getSchemaStatus({ api }: Asked): object {
  if (!api.schema) return { status: 'NOT_APPLICABLE' };
  const own = Object.values(api.schema.getTypeMap()).filter(({ astNode }) => astNode);
  return { status: 'SUCCESS', details: `Successfully created schema with ${own.length} types.` };
}

/** The schema as it was written, or what introspection tells of it. */
function schemaResponse({ api, query }: Asked): AwsResponse {
  requireFormat(query, ['SDL', 'JSON']);
  if (!api.schema || api.schemaText === undefined)
    throw new AwsError('GraphQLSchemaException', `The API ${api.name} has no schema.`);
  const headers = { 'content-type': 'application/json' };
  if (query.get('format') === 'SDL') return { status: 200, headers, body: api.schemaText };
  const schema = lexicographicSortSchema(api.schema);
  return {
    status: 200,
    headers,
    body: JSON.stringify(graphqlSync({ schema, source: getIntrospectionQuery() })),
  };
}

function requireFormat(query: URLSearchParams, formats: readonly string[]): void {
  const format = query.get('format') ?? '';
  if (!['SDL', 'JSON'].includes(format))
    throw new AwsError('BadRequestException', 'The format is SDL or JSON.');
  if (!formats.includes(format)) throw notSupported('AppSync', `types in the format ${format}`);
}

function listTags({ registry, names }: Asked): object {
  const api = [...registry.apis.values()].find(({ arn }) => arn === names['resourceArn']);
  if (!api) throw notFound(`Resource ${names['resourceArn']} not found.`);
  return { tags: api.tags };
}
