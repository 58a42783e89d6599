import { AwsError } from '../core/errors.ts';
import type { Attributes } from '../core/service.ts';
import { cachePolicies, originRequestPolicies, responseHeadersPolicies } from './managed-policies.ts';
import { policyDocument } from './policy-document.ts';

export interface DataContext {
  accountId: string;
  /** Of the provider alias, where the data source names one. */
  region: string;
}

type DataSource = (body: Attributes, context: DataContext) => Attributes;

function managed(kind: string, policies: Record<string, string>): DataSource {
  return ({ name, id }) => {
    const found = Object.entries(policies).find((entry) => entry[0] === name || entry[1] === id);
    if (!found) throw new AwsError('NoSuchResource', `There is no AWS-managed ${kind} "${name ?? id}".`, 404);
    return { name: found[0], id: found[1], etag: 'managed' };
  };
}

/** Data sources by type. `terraform_remote_state` stands apart, since it reads the other stacks. */
export const dataSources: Record<string, DataSource> = {
  aws_caller_identity: (_body, { accountId }) => {
    return {
      id: accountId,
      account_id: accountId,
      user_id: accountId,
      arn: `arn:aws:iam::${accountId}:root`,
    };
  },
  aws_region: (_body, { region }) => {
    return { id: region, name: region, region, description: region, endpoint: `ec2.${region}.amazonaws.com` };
  },
  aws_partition: () => {
    return { id: 'aws', partition: 'aws', dns_suffix: 'amazonaws.com', reverse_dns_prefix: 'com.amazonaws' };
  },
  aws_iam_policy_document: (body) => policyDocument(body),
  aws_cloudfront_cache_policy: managed('cache policy', cachePolicies),
  aws_cloudfront_origin_request_policy: managed('origin request policy', originRequestPolicies),
  aws_cloudfront_response_headers_policy: managed('response headers policy', responseHeadersPolicies),
};
