import type { Operation } from '../../core/service.ts';
import { type Cognito, groupsOf } from './context.ts';
import { describeGroup, describeUser } from './describe-user.ts';
import { type Input, pageSize, requiredText } from './input.ts';
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
