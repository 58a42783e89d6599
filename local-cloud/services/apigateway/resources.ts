import { createHash, randomInt } from 'node:crypto';
import { block, blocks } from '../../core/blocks.ts';
import type { Cloud } from '../../core/cloud.ts';
import { AwsError } from '../../core/errors.ts';
import type { Attributes, ResourceHandler } from '../../core/service.ts';
import type { Authorizer, Cors, IdentitySource, Integration, Route, Stage, Throttle } from './model.ts';
import type { Registry } from './registry.ts';

/** The HTTP API types of the Terraform. Ids are made once and kept by what `apply` answered before. */
export function apiGatewayResources(cloud: Cloud, registry: Registry): Record<string, ResourceHandler> {
  const arn = (path: string) => `arn:aws:apigateway:${cloud.region}::${path}`;
  return {
    aws_apigatewayv2_api: {
      async apply({ desired }, previous) {
        if (desired['protocol_type'] !== 'HTTP') {
          throw unsupported(`protocol_type "${String(desired['protocol_type'])}"`);
        }
        refuseArguments(desired, ['body', 'target', 'route_key']);
        const id = keptId(previous) ?? randomText(10);
        const createdAt = String(previous?.['created_date'] ?? new Date().toISOString());
        const cors = block(desired['cors_configuration']);
        registry.apis.set(id, { id, name: String(desired['name']), createdAt, cors: cors && readCors(cors) });
        return {
          ...desired,
          id,
          arn: arn(`/apis/${id}`),
          api_endpoint: `https://${id}.execute-api.${cloud.region}.amazonaws.com`,
          execution_arn: `arn:aws:execute-api:${cloud.region}:${cloud.accountId}:${id}`,
          created_date: createdAt,
        };
      },
      async remove(_address, previous) {
        registry.apis.delete(String(previous['id']));
      },
    },

    aws_apigatewayv2_authorizer: {
      async apply({ desired }, previous) {
        const authorizer = readAuthorizer(desired, keptId(previous) ?? randomText(6));
        if (authorizer.type === 'JWT' && !(await cloud.ports.userPools.keysOfIssuer(authorizer.issuer))) {
          throw unsupported(
            `a JWT authorizer whose issuer is not a user pool of this cloud (${authorizer.issuer})`,
          );
        }
        registry.authorizers.set(authorizer.id, authorizer);
        return { ...desired, id: authorizer.id };
      },
      async remove(_address, previous) {
        registry.authorizers.delete(String(previous['id']));
      },
    },

    aws_apigatewayv2_integration: {
      async apply({ desired }, previous) {
        const integration = readIntegration(desired, keptId(previous) ?? randomText(7));
        registry.integrations.set(integration.id, integration);
        return { ...desired, id: integration.id };
      },
      async remove(_address, previous) {
        registry.integrations.delete(String(previous['id']));
      },
    },

    aws_apigatewayv2_route: {
      async apply({ desired }, previous) {
        const id = keptId(previous) ?? randomText(7);
        registry.removeRoute(id);
        registry.addRoute(readRoute(desired, id));
        return { ...desired, id };
      },
      async remove(_address, previous) {
        registry.removeRoute(String(previous['id']));
      },
    },

    aws_apigatewayv2_stage: {
      async apply({ desired }, previous) {
        const stage = readStage(desired);
        registry.stages.set(`${stage.apiId}/${stage.name}`, stage);
        const host = `${stage.apiId}.execute-api.${cloud.region}.amazonaws.com`;
        const path = stage.name === '$default' ? '/' : `/${stage.name}`;
        return {
          ...desired,
          id: stage.name,
          arn: arn(`/apis/${stage.apiId}/stages/${stage.name}`),
          invoke_url: `https://${host}${path}`,
          execution_arn: `arn:aws:execute-api:${cloud.region}:${cloud.accountId}:${stage.apiId}/${stage.name}`,
          deployment_id: desired['deployment_id'] ?? previous?.['deployment_id'] ?? randomText(6),
        };
      },
      async remove(_address, previous) {
        registry.stages.delete(`${String(previous['api_id'])}/${String(previous['id'])}`);
      },
    },

    aws_apigatewayv2_deployment: {
      async apply({ address, desired }, previous) {
        const id = keptId(previous) ?? createHash('sha256').update(address).digest('hex').slice(0, 6);
        return { ...desired, id, auto_deployed: false };
      },
    },
  };
}

function readCors(cors: Attributes): Cors {
  const list = (name: string) => (Array.isArray(cors[name]) ? (cors[name] as unknown[]).map(String) : []);
  return {
    allowCredentials: cors['allow_credentials'] === true,
    allowHeaders: list('allow_headers'),
    allowMethods: list('allow_methods'),
    allowOrigins: list('allow_origins'),
    exposeHeaders: list('expose_headers'),
    maxAge: typeof cors['max_age'] === 'number' ? cors['max_age'] : undefined,
  };
}

function readAuthorizer(desired: Attributes, id: string): Authorizer {
  const type = desired['authorizer_type'];
  const common = { id, apiId: String(desired['api_id']), name: String(desired['name']) };
  if (type === 'REQUEST') {
    if (desired['authorizer_payload_format_version'] !== '2.0')
      throw unsupported('a Lambda authorizer with an authorizer_payload_format_version other than "2.0"');
    refuseArguments(desired, ['authorizer_credentials_arn']);
    return {
      ...common,
      type,
      functionArn: functionArnIn(desired['authorizer_uri'], 'authorizer_uri'),
      simpleResponses: desired['enable_simple_responses'] === true,
      ttlSeconds: Number(desired['authorizer_result_ttl_in_seconds'] ?? 300),
      sources: readSources(desired['identity_sources'] ?? []),
    };
  }
  if (type !== 'JWT') throw unsupported(`authorizer_type "${String(type)}"`);
  const jwt = block(desired['jwt_configuration']) ?? {};
  return {
    ...common,
    type,
    issuer: String(jwt['issuer']),
    audience: [jwt['audience'] ?? []].flat().map(String),
    sources: readSources(desired['identity_sources'] ?? '$request.header.Authorization'),
  };
}

function readSources(given: unknown): IdentitySource[] {
  return [given].flat().map((source) => {
    const [, from, name] = /^\$request\.(header|querystring)\.(.+)$/.exec(String(source)) ?? [];
    if (source === '$context.routeKey') return { from: 'context', name: 'routeKey' };
    if (!from || !name) throw unsupported(`the identity source "${String(source)}"`);
    if (from === 'header') return { from, name: name.toLowerCase() };
    return { from: 'querystring', name };
  });
}

/** The function in the URI by which API Gateway invokes it. */
function functionArnIn(given: unknown, argument: string): string {
  const uri = String(given);
  const [, functionArn = uri] = /\/functions\/(arn:[^/]+)\/invocations$/.exec(uri) ?? [];
  if (!functionArn.includes(':lambda:')) throw unsupported(`the ${argument} "${uri}"`);
  return functionArn;
}

function readIntegration(desired: Attributes, id: string): Integration {
  const type = desired['integration_type'];
  if (type !== 'AWS_PROXY' || desired['integration_subtype'] !== undefined) {
    throw unsupported(
      `integration_type "${String(type)}" with subtype "${String(desired['integration_subtype'] ?? '')}"`,
    );
  }
  if (desired['payload_format_version'] !== '2.0')
    throw unsupported('payload_format_version other than "2.0"');
  refuseArguments(desired, ['request_parameters', 'response_parameters', 'tls_config', 'connection_id']);
  const functionArn = functionArnIn(desired['integration_uri'], 'integration_uri');
  const timeoutMilliseconds = Number(desired['timeout_milliseconds'] ?? 30_000);
  return { id, apiId: String(desired['api_id']), functionArn, timeoutMilliseconds };
}

function readRoute(desired: Attributes, id: string): Route {
  const key = String(desired['route_key']);
  if (key !== '$default' && !/^(ANY|GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) \/\S*$/.test(key)) {
    throw new AwsError('BadRequestException', `The provided route key is not formatted properly: ${key}`);
  }
  const authorization = desired['authorization_type'] ?? 'NONE';
  if (authorization !== 'NONE' && authorization !== 'JWT' && authorization !== 'CUSTOM') {
    throw unsupported(`authorization_type "${String(authorization)}"`);
  }
  const target = String(desired['target'] ?? '');
  if (!target.startsWith('integrations/')) throw unsupported(`the route target "${target}"`);
  const scopes = desired['authorization_scopes'];
  return {
    id,
    apiId: String(desired['api_id']),
    key,
    integrationId: target.slice('integrations/'.length),
    authorizerId: authorization === 'NONE' ? undefined : String(desired['authorizer_id']),
    scopes: Array.isArray(scopes) ? scopes.map(String) : [],
  };
}

function readStage(desired: Attributes): Stage {
  const accessLog = block(desired['access_log_settings']);
  const settings = block(desired['default_route_settings']);
  const throttle = readThrottle(settings);
  const routeThrottles = blocks(desired['route_settings']).map(
    (route) => [String(route['route_key']), readThrottle(route, throttle)] as const,
  );
  return {
    apiId: String(desired['api_id']),
    name: String(desired['name']),
    accessLog: accessLog && {
      group: String(accessLog['destination_arn'])
        .replace(/^arn:aws:logs:[^:]*:\d*:log-group:/, '')
        .replace(/:\*$/, ''),
      format: String(accessLog['format']),
    },
    throttle,
    routeThrottles: new Map(routeThrottles),
    detailedMetrics: settings?.['detailed_metrics_enabled'] === true,
    variables: Object.fromEntries(
      Object.entries(block(desired['stage_variables']) ?? {}).map(([name, value]) => [name, String(value)]),
    ),
  };
}

/** The quota of an AWS account where the Terraform says nothing. */
const accountThrottle: Throttle = { rate: 10_000, burst: 5000 };

function readThrottle(settings: Attributes | undefined, fallback = accountThrottle): Throttle {
  return {
    rate: Number(settings?.['throttling_rate_limit'] || fallback.rate),
    burst: Number(settings?.['throttling_burst_limit'] || fallback.burst),
  };
}

function refuseArguments(desired: Attributes, names: string[]): void {
  const given = names.find((name) => desired[name] !== undefined && desired[name] !== null);
  if (given) throw unsupported(`the argument ${given}`);
}

function keptId(previous: Attributes | undefined): string | undefined {
  return typeof previous?.['id'] === 'string' && previous['id'] !== '' ? previous['id'] : undefined;
}

function randomText(length: number): string {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';
  return Array.from({ length }, () => alphabet.charAt(randomInt(alphabet.length))).join('');
}

function unsupported(what: string): AwsError {
  return new AwsError('NotImplemented', `The local cloud does not support ${what} on an HTTP API.`, 501);
}
