import { block, blocks } from '../../core/blocks.ts';
import type { Cloud } from '../../core/cloud.ts';
import { AwsError } from '../../core/errors.ts';
import type { Attributes } from '../../core/service.ts';
import { matchesWhole } from './authorization/tokens.ts';
import type { AuthenticationType, GraphqlApi, UserPool } from './model.ts';
import { buildSchema } from './schema/schema.ts';
import { refuseArguments, unsupported } from './unsupported.ts';

const types: readonly AuthenticationType[] = ['AWS_IAM', 'AMAZON_COGNITO_USER_POOLS', 'API_KEY'];

/** The arguments of `aws_appsync_graphql_api`. Throws by name for what is not supported. */
export function readApi(cloud: Cloud, desired: Attributes, id: string, arn: string): GraphqlApi {
  refuseArguments(desired, [
    'lambda_authorizer_config',
    'openid_connect_config',
    'merged_api_execution_role_arn',
    'enhanced_metrics_config',
  ]);
  if ((desired['api_type'] ?? 'GRAPHQL') !== 'GRAPHQL')
    throw unsupported(`api_type "${String(desired['api_type'])}"`);
  const visibility = desired['visibility'] ?? 'GLOBAL';
  if (visibility !== 'GLOBAL') throw unsupported(`visibility "${String(visibility)}"`);
  const additional = blocks(desired['additional_authentication_provider']);
  const authenticationType = readType(desired);
  const pools = [desired, ...additional]
    .filter((provider) => readType(provider) === 'AMAZON_COGNITO_USER_POOLS')
    .map((provider) => readPool(cloud, block(provider['user_pool_config'])));
  const log = block(desired['log_config']);
  const schemaText = typeof desired['schema'] === 'string' ? desired['schema'] : undefined;
  return {
    id,
    arn,
    name: String(desired['name']),
    authenticationType,
    additionalTypes: additional.map(readType),
    userPools: pools,
    schemaText,
    schema: schemaText === undefined ? undefined : buildSchema(schemaText),
    introspection: desired['introspection_config'] !== 'DISABLED',
    depthLimit: limitOf(desired, 'query_depth_limit', 75),
    resolverLimit: limitOf(desired, 'resolver_count_limit', 10_000),
    log: log && {
      level: String(log['field_log_level'] ?? 'NONE'),
      roleArn: String(log['cloudwatch_logs_role_arn']),
      verbose: log['exclude_verbose_content'] !== true,
    },
    xray: desired['xray_enabled'] === true,
    tags: readTags(desired['tags']),
  };
}

function readType({ authentication_type }: Attributes): AuthenticationType {
  const found = types.find((type) => type === authentication_type);
  if (!found) throw unsupported(`authentication_type "${String(authentication_type)}"`);
  return found;
}

function readPool(cloud: Cloud, config: Attributes | undefined): UserPool {
  if (!config) {
    throw new AwsError(
      'BadRequestException',
      'User pool configuration is required for AMAZON_COGNITO_USER_POOLS.',
    );
  }
  const poolId = String(config['user_pool_id']);
  const region = String(config['aws_region'] ?? cloud.region);
  return {
    poolId,
    issuer: `https://cognito-idp.${region}.amazonaws.com/${poolId}`,
    clientPattern: readPattern(config['app_id_client_regex']),
    defaultAction: config['default_action'] === 'DENY' ? 'DENY' : 'ALLOW',
  };
}

function readPattern(pattern: unknown): string | undefined {
  if (typeof pattern !== 'string' || pattern === '') return undefined;
  try {
    matchesWhole(pattern, '');
    return pattern;
  } catch {
    throw new AwsError('BadRequestException', `The app_id_client_regex ${pattern} is no regular expression.`);
  }
}

function limitOf(desired: Attributes, name: string, most: number): number {
  const limit = Number(desired[name] ?? 0);
  if (Number.isInteger(limit) && limit >= 0 && limit <= most) return limit;
  throw new AwsError('BadRequestException', `The ${name} is a whole number from 0 to ${most}.`);
}

function readTags(tags: unknown): Record<string, string> {
  const given = typeof tags === 'object' && tags !== null ? Object.entries(tags) : [];
  return Object.fromEntries(given.map(([name, value]) => [name, String(value)]));
}
