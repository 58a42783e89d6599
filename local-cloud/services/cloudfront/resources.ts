import { createHash, randomInt, randomUUID } from 'node:crypto';
import type { Cloud } from '../../core/cloud.ts';
import { AwsError } from '../../core/errors.ts';
import type { Attributes, ResourceHandler } from '../../core/service.ts';
import { readDistribution } from './distribution.ts';
import type { Behaviour } from './model.ts';
import { readCachePolicy, readOriginRequestPolicy, readResponseHeadersPolicy } from './policies.ts';
import type { Registry } from './registry.ts';
import { compileViewerFunction } from './viewer-function.ts';

/** The CloudFront types of the Terraform. Ids are made once and kept by what `apply` answered before. */
export function cloudFrontResources(cloud: Cloud, registry: Registry): Record<string, ResourceHandler> {
  const arn = (path: string) => `arn:aws:cloudfront::${cloud.accountId}:${path}`;
  return {
    aws_cloudfront_distribution: {
      async apply({ desired }, previous) {
        const id = keptText(previous, 'id') ?? `E${randomText(13, capitals)}`;
        // A name that whoever reads it can reach: no resolver of this machine knows `….cloudfront.net`.
        const domainName = `127.0.0.1:${cloud.consolePort}`;
        const distribution = readDistribution(desired, { id, domainName });
        for (const behaviour of distribution.behaviours) checkReferences(registry, behaviour);
        registry.distributions.set(id, distribution);
        return {
          ...desired,
          id,
          arn: arn(`distribution/${id}`),
          domain_name: domainName,
          hosted_zone_id: 'Z2FDTNDATAQYW2',
          status: 'Deployed',
          etag: etagOf(desired),
          caller_reference: id,
          in_progress_validation_batches: 0,
          last_modified_time: new Date().toISOString(),
          trusted_signers: [],
          trusted_key_groups: [],
        };
      },
      async remove(_address, previous) {
        registry.distributions.delete(String(previous['id']));
      },
    },

    aws_cloudfront_function: {
      async apply({ desired }) {
        const name = String(desired['name']);
        const associations = desired['key_value_store_associations'];
        if (Array.isArray(associations) && associations.length > 0) {
          throw new AwsError(
            'NotImplemented',
            'The local cloud does not support key_value_store_associations.',
            501,
          );
        }
        const functionArn = arn(`function/${name}`);
        const code = String(desired['code']);
        registry.functions.set(functionArn, compileViewerFunction(name, code, cloud.logger));
        const etag = etagOf(desired);
        return {
          ...desired,
          id: name,
          arn: functionArn,
          etag,
          live_stage_etag: etag,
          status: 'UNASSOCIATED',
        };
      },
      async remove(_address, previous) {
        registry.functions.delete(String(previous['arn']));
      },
    },

    aws_cloudfront_origin_access_control: {
      async apply({ desired }, previous) {
        const id = keptText(previous, 'id') ?? `E${randomText(13, capitals)}`;
        return { ...desired, id, arn: arn(`origin-access-control/${id}`), etag: etagOf(desired) };
      },
    },

    aws_cloudfront_response_headers_policy: policyHandler(
      registry.responseHeadersPolicies,
      arn,
      'response-headers-policy',
      (desired) => readResponseHeadersPolicy(desired, cloud.endpointUrl),
    ),
    aws_cloudfront_cache_policy: policyHandler(registry.cachePolicies, arn, 'cache-policy', readCachePolicy),
    aws_cloudfront_origin_request_policy: policyHandler(
      registry.originRequestPolicies,
      arn,
      'origin-request-policy',
      readOriginRequestPolicy,
    ),
  };
}

function policyHandler<Policy>(
  policies: Map<string, Policy>,
  arn: (path: string) => string,
  kind: string,
  read: (desired: Attributes) => Policy,
): ResourceHandler {
  return {
    async apply({ desired }, previous) {
      const id = keptText(previous, 'id') ?? randomUUID();
      policies.set(id, read(desired));
      return { ...desired, id, arn: arn(`${kind}/${id}`), etag: etagOf(desired) };
    },
    async remove(_address, previous) {
      policies.delete(String(previous['id']));
    },
  };
}

function checkReferences(registry: Registry, behaviour: Behaviour): void {
  const missing = (kind: string, id: string) =>
    new AwsError(
      `NoSuch${kind}`,
      `The ${kind} ${id} does not exist, or the local cloud does not know it.`,
      404,
    );
  const { cachePolicyId, originRequestPolicyId, responseHeadersPolicyId } = behaviour;
  if (!registry.cachePolicies.has(cachePolicyId)) throw missing('CachePolicy', cachePolicyId);
  if (originRequestPolicyId && !registry.originRequestPolicies.has(originRequestPolicyId)) {
    throw missing('OriginRequestPolicy', originRequestPolicyId);
  }
  if (responseHeadersPolicyId && !registry.responseHeadersPolicies.has(responseHeadersPolicyId)) {
    throw missing('ResponseHeadersPolicy', responseHeadersPolicyId);
  }
  for (const functionArn of [behaviour.viewerRequest, behaviour.viewerResponse]) {
    if (functionArn && !registry.functions.has(functionArn)) throw missing('FunctionExists', functionArn);
  }
}

const capitals = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

function randomText(length: number, alphabet: string): string {
  return Array.from({ length }, () => alphabet.charAt(randomInt(alphabet.length))).join('');
}

function etagOf(desired: Attributes): string {
  const digest = createHash('sha256').update(JSON.stringify(desired)).digest('hex');
  return `E${digest.slice(0, 13).toUpperCase()}`;
}

function keptText(previous: Attributes | undefined, name: string): string | undefined {
  const value = previous?.[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
