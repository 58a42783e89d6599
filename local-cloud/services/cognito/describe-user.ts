import { attributesOf } from './attributes.ts';
import type { Group, User } from './model.ts';

/** Epoch seconds, as AWS JSON spells a timestamp. */
export function timestamp(milliseconds: number): number {
  return milliseconds / 1000;
}

/** A user as ListUsers, AdminCreateUser and ListUsersInGroup list it. */
export function describeUser(user: User) {
  return {
    Username: user.username,
    Attributes: attributesOf(user),
    UserCreateDate: timestamp(user.createdAt),
    UserLastModifiedDate: timestamp(user.modifiedAt),
    Enabled: user.enabled,
    UserStatus: user.status,
  };
}

export function describeGroup(group: Group) {
  return {
    GroupName: group.name,
    UserPoolId: group.poolId,
    ...(group.description !== undefined && { Description: group.description }),
    ...(group.roleArn !== undefined && { RoleArn: group.roleArn }),
    ...(group.precedence !== undefined && { Precedence: group.precedence }),
    LastModifiedDate: timestamp(group.createdAt),
    CreationDate: timestamp(group.createdAt),
  };
}
