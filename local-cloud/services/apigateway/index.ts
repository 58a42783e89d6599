import type { Cloud, HttpResponse } from '../../core/cloud.ts';
import { AwsError, notSupported } from '../../core/errors.ts';
import type { AwsRequest, AwsResponse, CreateService } from '../../core/service.ts';
import { Authorizers } from './authorizer.ts';
import { Registry } from './registry.ts';
import { apiGatewayResources } from './resources.ts';
import { serve } from './serve.ts';
import { Throttling } from './throttling.ts';

/**
 * API Gateway v2 HTTP APIs. Sets the port `httpApis`. `handle` serves an API to requests whose Host is
 * `<apiId>.execute-api.…`, and the few control operations that read.
 */
export const createApiGateway: CreateService = async (cloud: Cloud) => {
  const registry = new Registry();
  const gateway = {
    cloud,
    registry,
    authorizers: new Authorizers(() => cloud.ports.userPools),
    throttling: new Throttling(),
  };
  cloud.ports.httpApis = { handle: (apiId, request) => serve(gateway, apiId, request) };

  return {
    signingNames: ['apigateway', 'execute-api'],
    resources: apiGatewayResources(cloud, registry),
    wanted: (_operation, _input, request) =>
      apiIdOf(request) === undefined
        ? [
            {
              action: `apigateway:${request.method}`,
              resource: `arn:aws:apigateway:${cloud.region}::${request.path}`,
            },
          ]
        : [],
    async handle(request) {
      const apiId = apiIdOf(request);
      if (!apiId) return control(cloud, registry, request);
      const query = request.query.toString();
      const response = await serve(gateway, apiId, {
        method: request.method,
        url: query ? `${request.path}?${query}` : request.path,
        headers: request.headers,
        body: request.body,
        sourceIp: '127.0.0.1',
      });
      return flattened(response);
    },
  };
};

const apiIdOf = ({ headers }: AwsRequest) => /^([a-z0-9]+)\.execute-api\./.exec(headers['host'] ?? '')?.[1];

/** GetApis, GetApi and GetRoutes. */
function control(cloud: Cloud, registry: Registry, { method, path }: AwsRequest): AwsResponse {
  const [, apiId, part] = /^\/v2\/apis(?:\/([^/]+))?(?:\/(routes))?\/?$/.exec(path) ?? [];
  if (method !== 'GET' || !path.startsWith('/v2/apis'))
    throw notSupported('API Gateway', `${method} ${path}`);
  const apis = [...registry.apis.values()].map(({ id, name, createdAt }) => ({
    apiEndpoint: `https://${id}.execute-api.${cloud.region}.amazonaws.com`,
    apiId: id,
    createdDate: createdAt,
    name,
    protocolType: 'HTTP',
  }));
  if (!apiId) return json({ items: apis });
  const api = apis.find((candidate) => candidate.apiId === apiId);
  if (!api) throw new AwsError('NotFoundException', `Unable to find API by ID ${apiId}`, 404);
  if (part !== 'routes') return json(api);
  return json({
    items: registry.routesOf(apiId).map((route) => ({
      authorizationType: route.authorizerId ? 'JWT' : 'NONE',
      ...(route.authorizerId && { authorizerId: route.authorizerId }),
      routeId: route.id,
      routeKey: route.key,
      target: `integrations/${route.integrationId}`,
    })),
  });
}

function json(content: object): AwsResponse {
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(content) };
}

function flattened({ status, headers, body }: HttpResponse): AwsResponse {
  const flat = Object.entries(headers).map(([name, value]) => [name, [value].flat().join(', ')]);
  return { status, headers: Object.fromEntries(flat), body };
}
