import type { Cloud } from '../../core/cloud.ts';
import { AwsError, notSupported } from '../../core/errors.ts';
import type { AwsRequest, AwsResponse } from '../../core/service.ts';
import type { Authorizer, Cors, HttpApi, Integration, Route, Stage } from './model.ts';
import type { Registry } from './registry.ts';
import { decoded } from './route-table.ts';

/** The kinds of things in an API: how their addresses call them, and how a message does. */
const kinds = { routes: 'Route', integrations: 'Integration', stages: 'Stage', authorizers: 'Authorizer' };
type Kind = keyof typeof kinds;

/**
 * What of API Gateway's control plane reads HTTP APIs (REST-JSON, `/v2/apis/…`): each list, by pages, and each one of
 * it. Changes are the Terraform's.
 */
export function control(cloud: Cloud, registry: Registry, request: AwsRequest): AwsResponse {
  const { method, path, query } = request;
  const [, apiId, part, id] =
    /^\/v2\/apis(?:\/([^/]+)(?:\/(routes|integrations|stages|authorizers)(?:\/([^/]+))?)?)?\/?$/u.exec(
      path,
    ) ?? [];
  if (method !== 'GET' || !/^\/v2\/apis(\/|$)/u.test(path) || (path.split('/').length > 4 && !part))
    throw notSupported('API Gateway', `${method} ${path}`);
  if (!apiId)
    return json(
      pageOf(
        query,
        [...registry.apis.values()].map((api) => describeApi(cloud, api)),
      ),
    );
  const api = registry.apis.get(apiId);
  if (!api)
    throw new AwsError(
      'NotFoundException',
      `Invalid API identifier specified ${cloud.accountId}:${apiId}`,
      404,
    );
  if (!part) return json(describeApi(cloud, api));
  const all = partsOf(cloud, registry, apiId, part as Kind);
  if (!id) return json(pageOf(query, [...all.values()]));
  const found = all.get(decoded(id));
  if (!found) {
    const kind = kinds[part as Kind];
    throw new AwsError('NotFoundException', `Invalid ${kind} identifier specified`, 404);
  }
  return json(found);
}

function partsOf(cloud: Cloud, registry: Registry, apiId: string, part: Kind): Map<string, object> {
  const here = <Part extends { apiId: string }>(
    parts: Iterable<Part>,
    idOf: (each: Part) => string,
    describe: (each: Part) => object,
  ) => new Map([...parts].filter((each) => each.apiId === apiId).map((each) => [idOf(each), describe(each)]));
  switch (part) {
    case 'routes':
      return here(
        registry.routes.values(),
        ({ id }) => id,
        (each) => describeRoute(registry, each),
      );
    case 'integrations':
      return here(
        registry.integrations.values(),
        ({ id }) => id,
        (each) => describeIntegration(cloud, each),
      );
    case 'stages':
      return here(
        registry.stages.values(),
        ({ name }) => name,
        (each) => describeStage(cloud, each),
      );
    case 'authorizers':
      return here(
        registry.authorizers.values(),
        ({ id }) => id,
        (each) => describeAuthorizer(cloud, each),
      );
  }
}

/** `MaxResults` of the list from where `NextToken` points. */
function pageOf(query: URLSearchParams, all: object[]): { items: object[]; nextToken?: string } {
  const limit = Number(query.get('maxResults') ?? 500);
  const start = Number(query.get('nextToken') ?? 0);
  if (!Number.isInteger(limit) || limit < 1) throw badRequest('maxResults must be a whole number from 1.');
  if (!Number.isInteger(start) || start < 0) throw badRequest('Invalid nextToken');
  const items = all.slice(start, start + limit);
  const next = start + items.length;
  return { items, ...(next < all.length ? { nextToken: String(next) } : {}) };
}

function describeApi(cloud: Cloud, { id, name, createdAt, cors }: HttpApi): object {
  return {
    apiEndpoint: `https://${id}.execute-api.${cloud.region}.amazonaws.com`,
    apiId: id,
    apiKeySelectionExpression: '$request.header.x-api-key',
    ...(cors ? { corsConfiguration: describeCors(cors) } : {}),
    createdDate: createdAt,
    disableExecuteApiEndpoint: false,
    name,
    protocolType: 'HTTP',
    routeSelectionExpression: '$request.method $request.path',
  };
}

function describeCors(cors: Cors): object {
  const lists = Object.entries(cors).filter(([, value]) => Array.isArray(value) && value.length > 0);
  return {
    allowCredentials: cors.allowCredentials,
    ...Object.fromEntries(lists),
    ...(cors.maxAge === undefined ? {} : { maxAge: cors.maxAge }),
  };
}

function describeRoute({ authorizers }: Registry, route: Route): object {
  const { id, key, integrationId, authorizerId, scopes } = route;
  const isJwt = authorizerId !== undefined && authorizers.get(authorizerId)?.type === 'JWT';
  return {
    apiKeyRequired: false,
    authorizationType: isJwt ? 'JWT' : authorizerId ? 'CUSTOM' : 'NONE',
    ...(authorizerId && { authorizerId }),
    ...(scopes.length > 0 && { authorizationScopes: scopes }),
    routeId: id,
    routeKey: key,
    target: `integrations/${integrationId}`,
  };
}

function describeIntegration(cloud: Cloud, { id, functionArn, timeoutMilliseconds }: Integration): object {
  return {
    connectionType: 'INTERNET',
    integrationId: id,
    integrationMethod: 'POST',
    integrationType: 'AWS_PROXY',
    integrationUri: invocationUri(cloud, functionArn),
    payloadFormatVersion: '2.0',
    timeoutInMillis: timeoutMilliseconds,
  };
}

function describeStage(cloud: Cloud, stage: Stage): object {
  const { name, accessLog, throttle, routeThrottles, detailedMetrics, variables } = stage;
  const settings = ({ rate, burst }: Stage['throttle']) => ({
    detailedMetricsEnabled: detailedMetrics,
    throttlingBurstLimit: burst,
    throttlingRateLimit: rate,
  });
  return {
    ...(accessLog && {
      accessLogSettings: {
        destinationArn: `arn:aws:logs:${cloud.region}:${cloud.accountId}:log-group:${accessLog.group}`,
        format: accessLog.format,
      },
    }),
    defaultRouteSettings: settings(throttle),
    routeSettings: Object.fromEntries([...routeThrottles].map(([key, each]) => [key, settings(each)])),
    stageName: name,
    stageVariables: variables,
  };
}

function describeAuthorizer(cloud: Cloud, authorizer: Authorizer): object {
  const { id, name, sources } = authorizer;
  const common = {
    authorizerId: id,
    authorizerType: authorizer.type,
    identitySource: sources.map(({ from, name: field }) =>
      from === 'context' ? `$context.${field}` : `$request.${from}.${field}`,
    ),
    name,
  };
  if (authorizer.type === 'JWT') {
    const { audience, issuer } = authorizer;
    return { ...common, jwtConfiguration: { audience, issuer } };
  }
  return {
    ...common,
    authorizerPayloadFormatVersion: '2.0',
    authorizerResultTtlInSeconds: authorizer.ttlSeconds,
    authorizerUri: invocationUri(cloud, authorizer.functionArn),
    enableSimpleResponses: authorizer.simpleResponses,
  };
}

function invocationUri({ region }: Cloud, functionArn: string): string {
  return `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/${functionArn}/invocations`;
}

function badRequest(message: string): AwsError {
  return new AwsError('BadRequestException', message);
}

function json(content: object): AwsResponse {
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(content) };
}
