import type { StackConfiguration } from './stacks.ts';

const region = 'us-east-1';
const account = '000000000000';
const uuid = '00000000-0000-4000-8000-000000000000';

/** The part of an ARN behind `arn:aws:`, for types that do not follow `<type>:<region>:<account>:<name>`. */
const arnTails: Record<string, (name: string) => string> = {
  aws_acm_certificate: () => `acm:${region}:${account}:certificate/${uuid}`,
  aws_apigatewayv2_api: () => `apigateway:${region}::/apis/a1b2c3d4e5`,
  aws_appsync_graphql_api: () => `appsync:${region}:${account}:apis/a1b2c3d4e5`,
  aws_cloudfront_distribution: () => `cloudfront::${account}:distribution/E1EXAMPLE`,
  aws_cloudfront_function: (name) => `cloudfront::${account}:function/${name}`,
  aws_cloudwatch_event_archive: (name) => `events:${region}:${account}:archive/${name}`,
  aws_cloudwatch_event_bus: (name) => `events:${region}:${account}:event-bus/${name}`,
  aws_cloudwatch_event_rule: (name) => `events:${region}:${account}:rule/${name}`,
  aws_cloudwatch_log_group: (name) => `logs:${region}:${account}:log-group:${name}`,
  aws_cloudwatch_metric_alarm: (name) => `cloudwatch:${region}:${account}:alarm:${name}`,
  aws_cognito_user_pool: () => `cognito-idp:${region}:${account}:userpool/${region}_Example`,
  aws_dynamodb_table: (name) => `dynamodb:${region}:${account}:table/${name}`,
  aws_iam_policy: (name) => `iam::${account}:policy/${name}`,
  aws_iam_role: (name) => `iam::${account}:role/${name}`,
  aws_kms_key: () => `kms:${region}:${account}:key/${uuid}`,
  aws_lambda_function: (name) => `lambda:${region}:${account}:function:${name}`,
  aws_s3_bucket: (name) => `s3:::${name}`,
  aws_secretsmanager_secret: (name) => `secretsmanager:${region}:${account}:secret:${name}-AbCdEf`,
  aws_sfn_state_machine: (name) => `states:${region}:${account}:stateMachine:${name}`,
  aws_sns_topic: (name) => `sns:${region}:${account}:${name}`,
  aws_sqs_queue: (name) => `sqs:${region}:${account}:${name}`,
  aws_wafv2_web_acl: (name) => `wafv2:${region}:${account}:global/webacl/${name}/${uuid}`,
};

/** Attributes whose form the provider checks, or that differ from the resource's name. */
const attributes: Record<string, (name: string) => unknown> = {
  'aws_apigatewayv2_api.id': () => 'a1b2c3d4e5',
  'aws_apigatewayv2_api.api_endpoint': () => `https://a1b2c3d4e5.execute-api.${region}.amazonaws.com`,
  'aws_apigatewayv2_api.execution_arn': () => `arn:aws:execute-api:${region}:${account}:a1b2c3d4e5`,
  'aws_caller_identity.account_id': () => account,
  'aws_cloudfront_distribution.id': () => 'E1EXAMPLE',
  'aws_cloudfront_distribution.domain_name': () => 'example.cloudfront.net',
  'aws_cloudfront_distribution.hosted_zone_id': () => 'Z2FDTNDATAQYW2',
  'aws_cognito_user_pool.id': () => `${region}_Example`,
  'aws_cognito_user_pool.endpoint': () => `cognito-idp.${region}.amazonaws.com/${region}_Example`,
  'aws_cognito_user_pool_client.id': () => '1example23456789',
  'aws_dynamodb_table.stream_arn': (name) =>
    `arn:aws:dynamodb:${region}:${account}:table/${name}/stream/2026-01-01T00:00:00.000`,
  'aws_kms_key.id': () => uuid,
  'aws_kms_key.key_id': () => uuid,
  'aws_lambda_function.invoke_arn': (name) =>
    `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/arn:aws:lambda:${region}:${account}:function:${name}/invocations`,
  'aws_region.name': () => region,
  'aws_s3_bucket.bucket_regional_domain_name': (name) => `${name}.s3.${region}.amazonaws.com`,
  'aws_s3_bucket.bucket_domain_name': (name) => `${name}.s3.amazonaws.com`,
  'aws_sqs_queue.id': (name) => `https://sqs.${region}.amazonaws.com/${account}/${name}`,
  'aws_sqs_queue.url': (name) => `https://sqs.${region}.amazonaws.com/${account}/${name}`,
};

/** A well-formed value for one attribute of a resource or data source that has not been created. */
export function exampleValue(type: string, attribute: string, name: string): unknown {
  const special = attributes[`${type}.${attribute}`];
  if (special !== undefined) return special(name);
  if (attribute !== 'arn' && !(attribute === 'id' && arnIsId(type))) return name;
  const tail = arnTails[type];
  return `arn:aws:${tail === undefined ? `${type.split('_')[1]}:${region}:${account}:${name}` : tail(name)}`;
}

/** For these types the provider's id is the ARN. */
function arnIsId(type: string): boolean {
  return [
    'aws_sns_topic',
    'aws_sfn_state_machine',
    'aws_acm_certificate',
    'aws_secretsmanager_secret',
  ].includes(type);
}

/** What the outputs of a stack may look like once it is applied: every reference in them replaced by an example. */
export function exampleOutputs(configuration: StackConfiguration): Record<string, unknown> {
  const outputs = Object.entries(configuration.output ?? {});
  return Object.fromEntries(outputs.map(([name, { value }]) => [name, fill(value, configuration)]));
}

function fill(value: unknown, configuration: StackConfiguration): unknown {
  if (Array.isArray(value)) return value.map((item) => fill(item, configuration));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fill(item, configuration)]));
  }
  if (typeof value !== 'string') return value;
  const [whole] = /^\$\{([^{}]*)\}$/.exec(value) ?? [];
  if (whole !== undefined) return exampleOfReference(whole.slice(2, -1), configuration);
  return value.replaceAll(/\$\{([^{}]*)\}/g, (_, reference: string) =>
    String(exampleOfReference(reference, configuration)),
  );
}

function exampleOfReference(reference: string, configuration: StackConfiguration): unknown {
  const match = /^(data\.)?(\w+)\.([\w-]+)\.(\w+)$/.exec(reference);
  if (match === null) return 'example';
  const [, data, type = '', id = '', attribute = ''] = match;
  const described = (data === undefined ? configuration.resource : configuration.data)?.[type]?.[id] ?? {};
  const written = described[attribute];
  if (isPlain(written)) return written;
  const name = ['name', 'bucket', 'function_name', 'alarm_name'].map((key) => described[key]).find(isPlain);
  return exampleValue(
    type,
    attribute,
    String(name ?? `skafu-example-${id.toLowerCase().replaceAll('_', '-')}`),
  );
}

function isPlain(value: unknown): value is string | number | boolean {
  return ['number', 'boolean'].includes(typeof value) || (typeof value === 'string' && !value.includes('${'));
}
