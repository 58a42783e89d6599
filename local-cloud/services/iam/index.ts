import type { Cloud } from '../../core/cloud.ts';
import { AwsError } from '../../core/errors.ts';
import type { CreateService, Operation } from '../../core/service.ts';
import { createAccess, nameOf } from './access.ts';
import { Denials } from './denials.ts';
import { policyResources } from './policy-resources.ts';
import { ResourcePolicies } from './resource-policies.ts';
import { roleResources } from './resources.ts';
import { type Role, Roles } from './roles.ts';
import { Usage } from './usage.ts';
import { accessView } from './views.ts';

/** IAM and STS: roles and policies of the Terraform, enforced. Sets the ports `access` and `accessReport`. */
export const createIam: CreateService = async (cloud) => {
  const roles = new Roles();
  const resourcePolicies = new ResourcePolicies();
  const denials = new Denials(cloud.logger);
  const usage = await Usage.open(cloud.state.namespace('iam'), cloud.logger);
  cloud.ports.access = createAccess(cloud, { roles, resourcePolicies, usage, denials });
  cloud.ports.accessReport = { unused: () => usage.unused(roles), denied: () => denials.all() };
  return {
    signingNames: ['iam', 'sts'],
    resources: { ...roleResources(cloud, roles), ...policyResources(cloud, resourcePolicies) },
    views: [accessView(cloud.ports.accessReport)],
    operations: { ...identityOperations(cloud, roles), ...roleOperations(roles) },
    wanted: (operation, input) => {
      // Everybody may ask who they are.
      if (operation === 'GetCallerIdentity') return [];
      if (operation === 'AssumeRole')
        return [{ action: 'sts:AssumeRole', resource: String(input['RoleArn']) }];
      const name = input['RoleName'];
      const resource = name === undefined ? '*' : (roles.get(String(name))?.arn ?? '*');
      return [{ action: `iam:${operation}`, resource }];
    },
  };
};

const sessionSeconds = 3600;

function identityOperations(cloud: Cloud, roles: Roles): Record<string, Operation> {
  const { accountId } = cloud;
  return {
    async GetCallerIdentity(_, { caller }) {
      const role = caller.type === 'role' ? roles.byArn(caller.roleArn) : undefined;
      const UserId = role && caller.type === 'role' ? `${role.id}:${caller.session}` : accountId;
      return { UserId, Account: accountId, Arn: nameOf(cloud, caller) };
    },
    /** The owner of the machine may take any role, to try what it may do; on AWS its trust policy must say so. */
    async AssumeRole({ RoleArn, RoleSessionName, DurationSeconds }, { caller }) {
      const session = String(RoleSessionName ?? '');
      if (!/^[\w+=,.@-]{2,64}$/u.test(session)) {
        throw new AwsError(
          'ValidationError',
          "1 validation error detected: Value at 'roleSessionName' failed to satisfy constraint: Member must have 2 to 64 letters, digits or characters of _+=,.@-",
        );
      }
      const seconds = Number(DurationSeconds ?? sessionSeconds);
      if (!Number.isInteger(seconds) || seconds < 900 || seconds > sessionSeconds) {
        throw new AwsError(
          'ValidationError',
          `DurationSeconds must be from 900 to the maximum session duration of the role, ${sessionSeconds}.`,
        );
      }
      const role = roles.byArn(String(RoleArn));
      if (!role) {
        // AWS does not tell a role that is not there from one that may not be assumed.
        const who = nameOf(cloud, caller);
        throw new AwsError(
          'AccessDenied',
          `User: ${who} is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`,
          403,
        );
      }
      const { accessKeyId, secretAccessKey, sessionToken } = cloud.ports.access.assume(role.arn, session);
      return {
        Credentials: {
          AccessKeyId: accessKeyId,
          SecretAccessKey: secretAccessKey,
          SessionToken: sessionToken,
          Expiration: new Date(Date.now() + seconds * 1000),
        },
        AssumedRoleUser: {
          AssumedRoleId: `${role.id}:${session}`,
          Arn: nameOf(cloud, { type: 'role', roleArn: role.arn, session }),
        },
      };
    },
  };
}

function roleOperations(roles: Roles): Record<string, Operation> {
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
      const found = roles
        .all()
        .filter(({ path, name }) => path.startsWith(String(PathPrefix)) && name > String(Marker));
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
    AssumeRolePolicyDocument: encodeURIComponent(role.trustDocument),
    Description: role.description,
    MaxSessionDuration: sessionSeconds,
  };
}
