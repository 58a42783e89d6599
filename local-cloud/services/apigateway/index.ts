import type { Cloud, HttpResponse } from '../../core/cloud.ts';
import type { AwsRequest, AwsResponse, CreateService } from '../../core/service.ts';
import { Authorizers } from './authorizer.ts';
import { control } from './control.ts';
import { LambdaAuthorizers } from './lambda-authorizer.ts';
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
    authorizers: new Authorizers(cloud),
    lambdaAuthorizers: new LambdaAuthorizers(cloud),
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

function flattened({ status, headers, body }: HttpResponse): AwsResponse {
  const flat = Object.entries(headers).map(([name, value]) => [name, [value].flat().join(', ')]);
  return { status, headers: Object.fromEntries(flat), body };
}
