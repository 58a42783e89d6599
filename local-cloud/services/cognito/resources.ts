import { randomInt } from 'node:crypto';
import type { Cloud } from '../../core/cloud.ts';
import type { Attributes, ResourceHandler } from '../../core/service.ts';
import type { Group } from './model.ts';
import { readPoolClient, readUserPool } from './pool-settings.ts';
import type { Registry } from './registry.ts';

const digits = '0123456789';
const lower = 'abcdefghijklmnopqrstuvwxyz';

/** The Cognito types of the Terraform. Ids are made once and kept by what `apply` answered before. */
export function cognitoResources(cloud: Cloud, registry: Registry): Record<string, ResourceHandler> {
  return {
    aws_cognito_user_pool: {
      async apply({ desired }, previous) {
        const id =
          keptText(previous, 'id') ??
          `${cloud.region}_${randomText(9, digits + lower + lower.toUpperCase())}`;
        const endpoint = `cognito-idp.${cloud.region}.amazonaws.com/${id}`;
        const createdAt = keptTime(previous);
        const pool = readUserPool(desired, {
          id,
          arn: `arn:aws:cognito-idp:${cloud.region}:${cloud.accountId}:userpool/${id}`,
          issuer: `https://${endpoint}`,
          createdAt,
        });
        registry.pools.set(id, pool);
        return { ...desired, id, arn: pool.arn, endpoint, ...dates(createdAt) };
      },
      async remove(_address, previous) {
        registry.pools.delete(String(previous['id']));
      },
    },

    aws_cognito_user_pool_client: {
      async apply({ desired }, previous) {
        const poolId = String(desired['user_pool_id']);
        const samePool = previous?.['user_pool_id'] === poolId;
        const id = (samePool && keptText(previous, 'id')) || randomText(26, digits + lower);
        registry.pool(poolId);
        const createdAt = keptTime(previous);
        registry.clients.set(id, readPoolClient(desired, { id, poolId, createdAt }));
        return { ...desired, id, client_secret: '', ...dates(createdAt) };
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

function randomText(length: number, alphabet: string): string {
  return Array.from({ length }, () => alphabet.charAt(randomInt(alphabet.length))).join('');
}
