import type { CreateService } from '../../core/service.ts';
import { Tokens } from './authorization/tokens.ts';
import { control, operationOf } from './control.ts';
import { addressOf } from './endpoint.ts';
import { asRequestError, refusal, serveGraphql } from './http.ts';
import { JavascriptRuntime } from './javascript/runtime.ts';
import { Connections } from './realtime/connections.ts';
import { Registry } from './registry.ts';
import { appsyncResources } from './resources.ts';
import { graphqlView } from './views.ts';

/**
 * AppSync GraphQL APIs: their endpoint at `/_appsync/<apiId>/graphql` of the AWS port, subscriptions over WebSockets below
 * it, and the operations of the control plane that read.
 */
export const createAppSync: CreateService = async (cloud) => {
  const registry = new Registry();
  const javascript = new JavascriptRuntime(cloud.logger);
  const engine = { cloud, registry, javascript };
  const authentication = {
    cloud,
    registry,
    tokens: new Tokens(cloud),
  };
  const connections = new Connections(engine, authentication);
  const endpoint = { engine, authentication, connections };

  return {
    signingNames: ['appsync'],
    resources: appsyncResources(cloud, registry, javascript, connections),
    views: [graphqlView(cloud, registry, connections)],
    wanted(_operation, _input, request) {
      // Who asks for GraphQL needs leave field by field, once the request is read.
      if (addressOf(request.path, request.headers['host'] ?? '')) return [];
      const found = operationOf(request);
      const prefix = `arn:aws:appsync:${cloud.region}:${cloud.accountId}:`;
      const apiId = found?.names['apiId'];
      const path = apiId === undefined ? undefined : request.path.replace(/^\/v1\//u, '');
      return [
        {
          action: `appsync:${found?.name ?? request.method}`,
          resource: path === undefined ? '*' : prefix + path,
        },
      ];
    },
    async handle(request) {
      const address = addressOf(request.path, request.headers['host'] ?? '');
      return address ? serveGraphql(endpoint, address, request) : control(cloud, registry, request);
    },
    failure: (error, { path, headers }) =>
      addressOf(path, headers['host'] ?? '') ? refusal(asRequestError(error)) : undefined,
    upgrade: (request, socket, head) => connections.accept(request, socket, head),
    async stop() {
      connections.stop();
      await javascript.stop();
    },
  };
};
