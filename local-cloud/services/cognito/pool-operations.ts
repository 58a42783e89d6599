import type { Operation } from '../../core/service.ts';
import { attributesOf } from './attributes.ts';
import type { Cognito } from './context.ts';
import { describeClient, describePool } from './describe-pool.ts';
import { describeUser, timestamp } from './describe-user.ts';
import { invalidParameter } from './errors.ts';
import { optionalText, pageSize, requiredText } from './input.ts';
import type { UserPool } from './model.ts';
import { page } from './paging.ts';
import { parseUserFilter } from './user-filter.ts';

/** Reading pools, clients and lists of users. */
export function poolOperations(cognito: Cognito): Record<string, Operation> {
  const { registry, directory } = cognito;
  return {
    async ListUserPools(input) {
      const pools = [...registry.pools.values()];
      const { items, next } = page(
        pools,
        (pool) => pool.id,
        pageSize(input, 'MaxResults', 60),
        input['NextToken'],
      );
      return {
        UserPools: items.map((pool) => ({
          Id: pool.id,
          Name: pool.name,
          LambdaConfig: pool.triggers,
          CreationDate: timestamp(pool.createdAt),
          LastModifiedDate: timestamp(pool.createdAt),
        })),
        ...(next && { NextToken: next }),
      };
    },

    async DescribeUserPool(input) {
      const pool = registry.pool(requiredText(input, 'UserPoolId'));
      return { UserPool: describePool(pool, directory.count(pool.id)) };
    },

    async ListUserPoolClients(input) {
      const pool = registry.pool(requiredText(input, 'UserPoolId'));
      const clients = registry.clientsOf(pool.id);
      const size = pageSize(input, 'MaxResults', 60);
      const { items, next } = page(clients, (client) => client.id, size, input['NextToken']);
      return {
        UserPoolClients: items.map(({ id, name }) => ({
          ClientId: id,
          ClientName: name,
          UserPoolId: pool.id,
        })),
        ...(next && { NextToken: next }),
      };
    },

    async DescribeUserPoolClient(input) {
      const pool = registry.pool(requiredText(input, 'UserPoolId'));
      return {
        UserPoolClient: describeClient(registry.clientOfPool(pool.id, requiredText(input, 'ClientId'))),
      };
    },

    async ListUsers(input) {
      const pool = registry.pool(requiredText(input, 'UserPoolId'));
      const matches = parseUserFilter(optionalText(input, 'Filter'));
      const users = directory.list(pool.id).filter(matches);
      const size = pageSize(input, 'Limit', 60);
      const { items, next } = page(users, (user) => user.username, size, input['PaginationToken']);
      const wanted = readWanted(pool, input['AttributesToGet']);
      return {
        Users: items.map((user) => ({
          ...describeUser(user),
          ...(wanted && { Attributes: attributesOf(user).filter(({ Name }) => wanted.includes(Name)) }),
        })),
        ...(next && { PaginationToken: next }),
      };
    },
  };
}

/** `AttributesToGet`; undefined for all. Throws `InvalidParameterException` for what the pool does not know. */
function readWanted(pool: UserPool, given: unknown): string[] | undefined {
  if (!Array.isArray(given)) return undefined;
  const names = given.map(String);
  const unknown = names.find((name) => !pool.schema.has(name));
  if (unknown !== undefined) {
    throw invalidParameter(`user.${unknown}: Attribute does not exist in the schema.\n`);
  }
  return names;
}
