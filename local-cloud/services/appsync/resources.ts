import { randomInt } from 'node:crypto';
import type { Cloud } from '../../core/cloud.ts';
import type { Attributes, ResourceHandler } from '../../core/service.ts';
import { urisOf } from './endpoint.ts';
import type { JavascriptRuntime } from './javascript/runtime.ts';
import type { ApiKey } from './model.ts';
import { readApi } from './read-api.ts';
import { readDataSource, readFunction, readResolver } from './read-resolver.ts';
import type { Connections } from './realtime/connections.ts';
import type { Registry } from './registry.ts';

/** The AppSync types of the Terraform. Ids are made once and kept by what `apply` answered before. */
export function appsyncResources(
  cloud: Cloud,
  registry: Registry,
  javascript: JavascriptRuntime,
  connections: Connections,
): Record<string, ResourceHandler> {
  const prefix = `arn:aws:appsync:${cloud.region}:${cloud.accountId}:apis`;
  const arnOf = (apiId: unknown, path: string) => `${prefix}/${String(apiId)}/${path}`;
  return {
    aws_appsync_graphql_api: {
      async apply({ desired }, previous) {
        const id = keptId(previous) ?? randomText(26);
        const api = readApi(cloud, desired, id, `${prefix}/${id}`);
        for (const { issuer, poolId } of api.userPools) {
          if (!(await cloud.ports.userPools.keysOfIssuer(issuer)))
            throw new Error(
              `The API ${api.name} names the user pool ${poolId}, which is not one of this cloud.`,
            );
        }
        registry.apis.set(id, api);
        return { ...desired, id, arn: api.arn, uris: urisOf(cloud.endpointUrl, id) };
      },
      async remove(_address, previous) {
        const id = String(previous['id']);
        registry.apis.delete(id);
        connections.closeAll(id);
      },
    },

    aws_appsync_datasource: {
      async apply({ desired }) {
        const id = `${String(desired['api_id'])}-${String(desired['name'])}`;
        const arn = arnOf(desired['api_id'], `datasources/${String(desired['name'])}`);
        const source = readDataSource(desired, arn);
        if (source.lambda) cloud.ports.access.requireTrust(source.lambda.roleArn, 'appsync.amazonaws.com');
        registry.dataSources.set(id, source);
        return { ...desired, id, arn };
      },
      async remove(_address, previous) {
        registry.dataSources.delete(String(previous['id']));
      },
    },

    aws_appsync_function: {
      async apply({ desired }, previous) {
        const functionId = String(previous?.['function_id'] ?? randomText(26));
        const id = `${String(desired['api_id'])}-${functionId}`;
        const arn = arnOf(desired['api_id'], `functions/${functionId}`);
        registry.functions.set(id, readFunction(registry, javascript, desired, { id: functionId, arn }));
        return { function_version: '2018-05-29', ...desired, id, arn, function_id: functionId };
      },
      async remove(_address, previous) {
        registry.functions.delete(String(previous['id']));
      },
    },

    aws_appsync_resolver: {
      async apply({ desired }) {
        const [apiId, type, field] = [desired['api_id'], desired['type'], desired['field']].map(String);
        const id = `${apiId}-${type}-${field}`;
        const arn = arnOf(apiId, `types/${type}/resolvers/${field}`);
        registry.resolvers.set(id, readResolver(registry, javascript, desired, arn));
        return { kind: 'UNIT', ...desired, id, arn };
      },
      async remove(_address, previous) {
        registry.resolvers.delete(String(previous['id']));
      },
    },

    aws_appsync_api_key: {
      async apply({ desired }, previous) {
        const key = readKey(desired, previous);
        registry.apiKeys.set(key.key, key);
        return {
          ...desired,
          id: `${key.apiId}:${key.key}`,
          key: key.key,
          expires: new Date(key.expiresAt).toISOString(),
        };
      },
      async remove(_address, previous) {
        registry.apiKeys.delete(String(previous['key']));
      },
    },
  };
}

const weekMilliseconds = 7 * 24 * 60 * 60_000;

/** Where the Terraform says nothing, a key is good for a week from when it was made. */
function readKey(desired: Attributes, previous: Attributes | undefined): ApiKey {
  const key = typeof previous?.['key'] === 'string' ? previous['key'] : `da2-${randomText(26)}`;
  const expires = desired['expires'] ?? previous?.['expires'];
  return {
    apiId: String(desired['api_id']),
    key,
    description: typeof desired['description'] === 'string' ? desired['description'] : undefined,
    expiresAt: expires === undefined ? Date.now() + weekMilliseconds : Date.parse(String(expires)),
  };
}

function keptId(previous: Attributes | undefined): string | undefined {
  return typeof previous?.['id'] === 'string' && previous['id'] !== '' ? previous['id'] : undefined;
}

function randomText(length: number): string {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';
  return Array.from({ length }, () => alphabet.charAt(randomInt(alphabet.length))).join('');
}
