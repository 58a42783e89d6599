import { block, blocks } from '../../core/blocks.ts';
import { AwsError } from '../../core/errors.ts';
import type { Attributes } from '../../core/service.ts';
import type { Behaviour, Distribution, ErrorResponse, Origin } from './model.ts';

/** Reads `aws_cloudfront_distribution`. Throws an `AwsError` naming what the local cloud does not support. */
export function readDistribution(
  desired: Attributes,
  identity: Pick<Distribution, 'id' | 'domainName'>,
): Distribution {
  if (blocks(desired['origin_group']).length > 0) throw unsupported('origin_group');
  const origins = blocks(desired['origin']).map(readOrigin);
  const standard = block(desired['default_cache_behavior']) ?? {};
  const distribution = {
    ...identity,
    enabled: desired['enabled'] === true,
    defaultRootObject: String(desired['default_root_object'] ?? ''),
    origins: new Map(origins.map((origin) => [origin.id, origin])),
    behaviours: [
      ...blocks(desired['ordered_cache_behavior']).map((given) =>
        readBehaviour(given, String(given['path_pattern'])),
      ),
      readBehaviour(standard, '*'),
    ],
    errorResponses: blocks(desired['custom_error_response']).map(readErrorResponse),
  };
  const dangling = distribution.behaviours.find(({ originId }) => !distribution.origins.has(originId));
  if (dangling)
    throw new AwsError(
      'NoSuchOrigin',
      `A cache behavior names the origin "${dangling.originId}", which does not exist.`,
      404,
    );
  return distribution;
}

/** `*` stands for any characters, `?` for exactly one; a leading slash makes no difference. */
export function patternExpression(pattern: string): RegExp {
  const body = pattern
    .replace(/^\//, '')
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^/${body}$`, 's');
}

function readOrigin(given: Attributes): Origin {
  const domain = String(given['domain_name']);
  const [, bucket] = /^(.+)\.s3(?:[.-][a-z0-9-]+)?\.amazonaws\.com$/.exec(domain) ?? [];
  const [, apiId] = /^([a-z0-9]+)\.execute-api\.[a-z0-9-]+\.amazonaws\.com$/.exec(domain) ?? [];
  const headers = blocks(given['custom_header']).map((header) => [
    String(header['name']).toLowerCase(),
    String(header['value']),
  ]);
  const common = {
    id: String(given['origin_id']),
    path: String(given['origin_path'] ?? '').replace(/\/$/, ''),
    customHeaders: Object.fromEntries(headers) as Record<string, string>,
  };
  const isSigned = optionalText(given['origin_access_control_id']) !== undefined;
  if (bucket) return { ...common, target: { kind: 'bucket', bucket, isSigned } };
  if (apiId) return { ...common, target: { kind: 'api', apiId } };
  throw unsupported(`the origin "${domain}": only buckets and HTTP APIs of this cloud can be reached`);
}

function readBehaviour(given: Attributes, pattern: string): Behaviour {
  if (blocks(given['lambda_function_association']).length > 0)
    throw unsupported('lambda_function_association');
  const cachePolicyId = given['cache_policy_id'];
  if (typeof cachePolicyId !== 'string') throw unsupported('forwarded_values; use a cache_policy_id');
  const functions = new Map(
    blocks(given['function_association']).map((association) => [
      association['event_type'],
      String(association['function_arn']),
    ]),
  );
  const methods = Array.isArray(given['allowed_methods']) ? given['allowed_methods'] : ['GET', 'HEAD'];
  return {
    pattern: patternExpression(pattern),
    originId: String(given['target_origin_id']),
    allowedMethods: new Set(methods.map((method) => String(method))),
    compress: given['compress'] === true,
    cachePolicyId,
    originRequestPolicyId: optionalText(given['origin_request_policy_id']),
    responseHeadersPolicyId: optionalText(given['response_headers_policy_id']),
    viewerRequest: functions.get('viewer-request'),
    viewerResponse: functions.get('viewer-response'),
  };
}

function readErrorResponse(given: Attributes): ErrorResponse {
  const errorCode = Number(given['error_code']);
  return {
    errorCode,
    responseCode: Number(given['response_code'] ?? errorCode),
    pagePath: optionalText(given['response_page_path']),
  };
}

function optionalText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function unsupported(what: string): AwsError {
  return new AwsError('NotImplemented', `The local cloud does not support CloudFront ${what}.`, 501);
}
