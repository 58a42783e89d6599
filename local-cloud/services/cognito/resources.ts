import type { Cloud } from '../../core/cloud.ts';
import type { Attributes, ResourceHandler } from '../../core/service.ts';
import { readPoolClient } from './client-settings.ts';
import { endpointOf, newClientId, newClientSecret, newPoolId, poolIdentity } from './identities.ts';
import type { Group } from './model.ts';
import { readUserPool } from './pool-settings.ts';
import type { Registry } from './registry.ts';

/** The Cognito types of the Terraform. Ids are made once and kept by what `apply` answered before. */
export function cognitoResources(
  cloud: Cloud,
  registry: Registry,
  forgetPool: (poolId: string) => Promise<void>,
): Record<string, ResourceHandler> {
  return {
    aws_cognito_user_pool: {
      async apply({ desired }, previous) {
        const id = keptText(previous, 'id') ?? newPoolId(cloud);
        const createdAt = keptTime(previous);
        const pool = readUserPool(desired, poolIdentity(cloud, id, createdAt));
        registry.pools.set(id, pool);
        return { ...desired, id, arn: pool.arn, endpoint: endpointOf(cloud, id), ...dates(createdAt) };
      },
      async remove(_address, previous) {
        const id = String(previous['id']);
        await forgetPool(id);
        registry.pools.delete(id);
      },
    },

    aws_cognito_user_pool_client: {
      async apply({ desired }, previous) {
        const poolId = String(desired['user_pool_id']);
        const samePool = previous?.['user_pool_id'] === poolId;
        const id = (samePool && keptText(previous, 'id')) || newClientId();
        registry.pool(poolId);
        const createdAt = keptTime(previous);
        const secret =
          desired['generate_secret'] === true
            ? (samePool && keptText(previous, 'client_secret')) || newClientSecret()
            : undefined;
        const identity = { id, poolId, createdAt, ...(secret !== undefined && { secret }) };
        registry.clients.set(id, readPoolClient(desired, identity));
        return { ...desired, id, client_secret: secret ?? '', ...dates(createdAt) };
      },
      async remove(_address, previous) {
        registry.clients.delete(String(previous['id']));
      },
    },

    aws_cognito_user_group: {
      async apply({ desired }, previous) {
        const group = readGroup(desired, keptTime(previous));
        registry.pool(group.poolId);
        registry.addGroup(group);
        return { ...desired, id: `${group.poolId}/${group.name}`, ...dates(group.createdAt) };
      },
      async remove(_address, previous) {
        registry.groups.delete(String(previous['id']));
      },
    },

    aws_cognito_user_pool_domain: {
      async apply({ desired }) {
        registry.pool(String(desired['user_pool_id']));
        const domain = String(desired['domain']);
        return {
          ...desired,
          id: domain,
          aws_account_id: cloud.accountId,
          cloudfront_distribution: 'd111111abcdef8.cloudfront.net',
          cloudfront_distribution_arn: 'd111111abcdef8.cloudfront.net',
          cloudfront_distribution_zone_id: 'Z2FDTNDATAQYW2',
          s3_bucket: `aws-cognito-prod-${cloud.region}-assets`,
          version: '1',
        };
      },
    },
  };
}

function readGroup(desired: Attributes, createdAt: number): Group {
  const { name, user_pool_id, description, precedence, role_arn } = desired;
  return {
    name: String(name),
    poolId: String(user_pool_id),
    ...(typeof description === 'string' && { description }),
    ...(typeof precedence === 'number' && { precedence }),
    ...(typeof role_arn === 'string' && { roleArn: role_arn }),
    createdAt,
  };
}

function keptText(previous: Attributes | undefined, name: string): string | undefined {
  const value = previous?.[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function keptTime(previous: Attributes | undefined): number {
  const date = keptText(previous, 'creation_date');
  return date ? Date.parse(date) : Date.now();
}

function dates(createdAt: number): Attributes {
  const date = new Date(createdAt).toISOString();
  return { creation_date: date, last_modified_date: date };
}
