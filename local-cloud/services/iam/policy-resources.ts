import type { Cloud } from '../../core/cloud.ts';
import type { Attributes, ResourceHandler } from '../../core/service.ts';
import { readPolicy, type Statement } from './policy.ts';
import { logsOwner, type ResourcePolicies } from './resource-policies.ts';

/** Terraform types that say who may do what with a resource of another service. */
export function policyResources(cloud: Cloud, policies: ResourcePolicies): Record<string, ResourceHandler> {
  const { region, accountId } = cloud;
  /** A resource whose policy is one document. */
  const documentOf = (
    arnOf: (desired: Attributes) => string,
    idOf: (desired: Attributes) => unknown,
    field = 'policy',
  ): ResourceHandler => ({
    async apply({ address, desired }) {
      const arn = arnOf(desired);
      policies.put(arn, address, readPolicy(desired[field]));
      return { ...desired, id: idOf(desired), policy_of: arn };
    },
    async remove(address, previous) {
      policies.remove(String(previous['policy_of']), address);
    },
  });

  const permission: ResourceHandler = {
    async apply({ address, desired }) {
      const name = String(desired['function_name']).replace(/^.*:function:/u, '');
      const qualifier = desired['qualifier'] === undefined ? '' : `:${desired['qualifier']}`;
      const arn = `arn:aws:lambda:${region}:${accountId}:function:${name}${qualifier}`;
      const statementId = desired['statement_id'] ?? `terraform-${address.split('.').at(-1)}`;
      policies.put(arn, address, permissionStatements(desired, arn));
      return { ...desired, id: statementId, statement_id: statementId, policy_of: arn };
    },
    async remove(address, previous) {
      policies.remove(String(previous['policy_of']), address);
    },
  };

  return {
    aws_lambda_permission: permission,
    aws_s3_bucket_policy: documentOf(
      ({ bucket }) => `arn:aws:s3:::${bucket}`,
      ({ bucket }) => bucket,
    ),
    aws_dynamodb_resource_policy: documentOf(
      ({ resource_arn: arn }) => String(arn),
      ({ resource_arn: arn }) => arn,
    ),
    aws_cloudwatch_log_resource_policy: documentOf(
      () => logsOwner,
      ({ policy_name: name }) => name,
      'policy_document',
    ),
  };
}

/** A permission is a statement of the function's policy, written as fields. */
function permissionStatements(desired: Attributes, arn: string): Statement[] {
  const principal = String(desired['principal']);
  const isService = /\.amazonaws\.com$/u.test(principal);
  const account = /^\d{12}$/u.test(principal) ? `arn:aws:iam::${principal}:root` : principal;
  const conditions = {
    ...(desired['source_arn'] === undefined ? {} : { ArnLike: { 'AWS:SourceArn': desired['source_arn'] } }),
    ...(desired['source_account'] === undefined
      ? {}
      : { StringEquals: { 'AWS:SourceAccount': desired['source_account'] } }),
  };
  return readPolicy({
    Statement: {
      Effect: 'Allow',
      Principal: isService ? { Service: principal } : { AWS: account },
      Action: desired['action'],
      Resource: arn,
      Condition: conditions,
    },
  });
}
