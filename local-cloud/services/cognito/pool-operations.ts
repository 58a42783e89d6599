import type { Operation } from '../../core/service.ts';
import { attributesOf } from './attributes.ts';
import type { Cognito } from './context.ts';
import { describeUser, timestamp } from './describe-user.ts';
import { invalidParameter } from './errors.ts';
import { optionalText, pageSize, requiredText } from './input.ts';
import type { PoolClient, UserPool } from './model.ts';
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

function describePool(pool: UserPool, users: number) {
  const policy = pool.passwordPolicy;
  return {
    Id: pool.id,
    Name: pool.name,
    Arn: pool.arn,
    Policies: {
      PasswordPolicy: {
        MinimumLength: policy.minimumLength,
        RequireUppercase: policy.requireUppercase,
        RequireLowercase: policy.requireLowercase,
        RequireNumbers: policy.requireNumbers,
        RequireSymbols: policy.requireSymbols,
        TemporaryPasswordValidityDays: policy.temporaryPasswordValidityDays,
      },
    },
    DeletionProtection: pool.deletionProtection,
    LambdaConfig: pool.triggers,
    LastModifiedDate: timestamp(pool.createdAt),
    CreationDate: timestamp(pool.createdAt),
    SchemaAttributes: [...pool.schema.values()].map((attribute) => ({
      Name: attribute.name,
      AttributeDataType: attribute.type,
      DeveloperOnlyAttribute: false,
      Mutable: attribute.mutable,
      Required: attribute.required,
      ...(attribute.maximumLength !== undefined && {
        StringAttributeConstraints: {
          MinLength: String(attribute.minimumLength ?? 0),
          MaxLength: String(attribute.maximumLength),
        },
      }),
    })),
    AutoVerifiedAttributes: pool.autoVerifiedAttributes,
    UsernameAttributes: pool.usernameAttributes,
    AliasAttributes: pool.aliasAttributes,
    UsernameConfiguration: { CaseSensitive: pool.caseSensitive },
    MfaConfiguration: pool.mfa,
    EstimatedNumberOfUsers: users,
    AdminCreateUserConfig: {
      AllowAdminCreateUserOnly: pool.adminCreateUserOnly,
      UnusedAccountValidityDays: 7,
    },
    UserPoolTier: pool.tier,
    ...(pool.threatProtection !== 'OFF' && {
      UserPoolAddOns: { AdvancedSecurityMode: pool.threatProtection },
    }),
  };
}

function describeClient(client: PoolClient) {
  const units = client.tokenValidityUnits;
  return {
    UserPoolId: client.poolId,
    ClientName: client.name,
    ClientId: client.id,
    LastModifiedDate: timestamp(client.createdAt),
    CreationDate: timestamp(client.createdAt),
    RefreshTokenValidity: client.given['refresh_token_validity'] ?? 30,
    ...(client.given['access_token_validity'] !== undefined && {
      AccessTokenValidity: client.given['access_token_validity'],
    }),
    ...(client.given['id_token_validity'] !== undefined && {
      IdTokenValidity: client.given['id_token_validity'],
    }),
    TokenValidityUnits: {
      AccessToken: units['access_token'] ?? 'hours',
      IdToken: units['id_token'] ?? 'hours',
      RefreshToken: units['refresh_token'] ?? 'days',
    },
    ...(client.readAttributes && { ReadAttributes: client.readAttributes }),
    ...(client.writeAttributes && { WriteAttributes: client.writeAttributes }),
    ExplicitAuthFlows: client.authFlows,
    PreventUserExistenceErrors: client.hidesUnknownUsers ? 'ENABLED' : 'LEGACY',
    EnableTokenRevocation: client.tokenRevocation,
    AuthSessionValidity: 3,
  };
}
