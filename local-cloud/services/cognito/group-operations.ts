import { AwsError } from '../../core/errors.ts';
import type { Operation } from '../../core/service.ts';
import { type Cognito, groupsOf } from './context.ts';
import { describeGroup, describeUser } from './describe-user.ts';
import { invalidParameter } from './errors.ts';
import { type Input, optionalText, pageSize, requiredText } from './input.ts';
import type { Group } from './model.ts';
import { page } from './paging.ts';

/** Groups and who is in them. */
export function groupOperations(cognito: Cognito): Record<string, Operation> {
  const { registry, directory } = cognito;

  const membership = async (input: Input, changed: (groups: string[], name: string) => string[]) => {
    const pool = registry.pool(requiredText(input, 'UserPoolId'));
    const group = registry.group(pool.id, requiredText(input, 'GroupName'));
    const user = directory.get(pool, requiredText(input, 'Username'));
    await directory.change(pool, user.username, (newest) => ({
      ...newest,
      groups: changed(newest.groups, group.name),
    }));
    return {};
  };

  return {
    AdminAddUserToGroup: (input) => membership(input, (groups, name) => [...new Set([...groups, name])]),

    AdminRemoveUserFromGroup: (input) =>
      membership(input, (groups, name) => groups.filter((group) => group !== name)),

    async CreateGroup(input) {
      const pool = registry.pool(requiredText(input, 'UserPoolId'));
      const name = requiredText(input, 'GroupName');
      if (registry.groupsOf(pool.id).some((group) => group.name === name)) {
        throw new AwsError('GroupExistsException', 'A group with the name already exists.');
      }
      const group: Group = { name, poolId: pool.id, ...readGroup(input), createdAt: Date.now() };
      await cognito.made.addGroup(group);
      return { Group: describeGroup(group) };
    },

    async UpdateGroup(input) {
      const pool = registry.pool(requiredText(input, 'UserPoolId'));
      const { name, poolId, createdAt } = registry.group(pool.id, requiredText(input, 'GroupName'));
      const group: Group = { name, poolId, ...readGroup(input), createdAt };
      await cognito.made.changeGroup(group);
      return { Group: describeGroup(group) };
    },

    async DeleteGroup(input) {
      const pool = registry.pool(requiredText(input, 'UserPoolId'));
      const group = registry.group(pool.id, requiredText(input, 'GroupName'));
      for (const user of directory.list(pool.id).filter(({ groups }) => groups.includes(group.name))) {
        await directory.change(pool, user.username, (newest) => ({
          ...newest,
          groups: newest.groups.filter((name) => name !== group.name),
        }));
      }
      await cognito.made.removeGroup(group);
      return {};
    },

    async AdminListGroupsForUser(input) {
      const pool = registry.pool(requiredText(input, 'UserPoolId'));
      const user = directory.get(pool, requiredText(input, 'Username'));
      const groups = groupsOf(cognito, pool.id, user);
      const { items, next } = page(
        groups,
        (group) => group.name,
        pageSize(input, 'Limit', 60),
        input['NextToken'],
      );
      return { Groups: items.map(describeGroup), ...(next && { NextToken: next }) };
    },

    async ListGroups(input) {
      const pool = registry.pool(requiredText(input, 'UserPoolId'));
      const groups = registry.groupsOf(pool.id);
      const { items, next } = page(
        groups,
        (group) => group.name,
        pageSize(input, 'Limit', 60),
        input['NextToken'],
      );
      return { Groups: items.map(describeGroup), ...(next && { NextToken: next }) };
    },

    async GetGroup(input) {
      const pool = registry.pool(requiredText(input, 'UserPoolId'));
      return { Group: describeGroup(registry.group(pool.id, requiredText(input, 'GroupName'))) };
    },

    async ListUsersInGroup(input) {
      const pool = registry.pool(requiredText(input, 'UserPoolId'));
      const group = registry.group(pool.id, requiredText(input, 'GroupName'));
      const users = directory.list(pool.id).filter((user) => user.groups.includes(group.name));
      const { items, next } = page(
        users,
        (user) => user.username,
        pageSize(input, 'Limit', 60),
        input['NextToken'],
      );
      return { Users: items.map(describeUser), ...(next && { NextToken: next }) };
    },
  };
}

function readGroup(input: Input): Pick<Group, 'description' | 'precedence' | 'roleArn'> {
  const description = optionalText(input, 'Description');
  const roleArn = optionalText(input, 'RoleArn');
  const precedence = input['Precedence'] ?? undefined;
  if (precedence !== undefined && (!Number.isInteger(precedence) || Number(precedence) < 0)) {
    throw invalidParameter('Precedence must be a whole number of 0 or more.');
  }
  return {
    ...(description !== undefined && { description }),
    ...(roleArn !== undefined && { roleArn }),
    ...(precedence !== undefined && { precedence: Number(precedence) }),
  };
}
