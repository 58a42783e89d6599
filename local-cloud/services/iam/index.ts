import type { Cloud } from '../../core/cloud.ts';
import { AwsError } from '../../core/errors.ts';
import type { CreateService, Operation, ResourceHandler } from '../../core/service.ts';
import { type Role, roleResources } from './resources.ts';

/** IAM and STS: roles and policies are stored and told; requests are not authorized against them yet. */
export const createIam: CreateService = (cloud) => {
  const roles = new Map<string, Role>();
  return {
    signingNames: ['iam', 'sts'],
    resources: roleResources(cloud, roles) satisfies Record<string, ResourceHandler>,
    operations: { ...identityOperations(cloud), ...roleOperations(roles) },
  };
};

function identityOperations({ accountId }: Cloud): Record<string, Operation> {
  return {
    GetCallerIdentity: async () => ({
      UserId: accountId,
      Account: accountId,
      Arn: `arn:aws:iam::${accountId}:root`,
    }),
  };
}

function roleOperations(roles: Map<string, Role>): Record<string, Operation> {
  return {
    async GetRole({ RoleName }) {
      const role = roles.get(String(RoleName));
      if (!role) throw new AwsError('NoSuchEntity', `The role with name ${RoleName} cannot be found.`, 404);
      return { Role: describe(role) };
    },
    async ListRoles({ PathPrefix = '/', Marker = '', MaxItems = '100' }) {
      const limit = Number(MaxItems);
      if (!Number.isInteger(limit) || limit < 1 || limit > 1000) {
        throw new AwsError('ValidationError', 'MaxItems must be a number between 1 and 1000.');
      }
      const found = [...roles.values()]
        .filter(({ path, name }) => path.startsWith(String(PathPrefix)) && name > String(Marker))
        .sort((one, other) => (one.name < other.name ? -1 : 1));
      const page = found.slice(0, limit);
      const isTruncated = found.length > limit;
      return {
        Roles: page.map(describe),
        IsTruncated: isTruncated,
        ...(isTruncated ? { Marker: page.at(-1)?.name } : {}),
      };
    },
  };
}

function describe(role: Role): object {
  return {
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: role.arn,
    CreateDate: new Date(role.created),
    AssumeRolePolicyDocument: encodeURIComponent(role.trust),
    Description: role.description,
    MaxSessionDuration: 3600,
  };
}
