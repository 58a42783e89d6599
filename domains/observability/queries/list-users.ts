import { ListUsersCommand } from '@aws-sdk/client-cognito-identity-provider';
import { query } from '#shared/definition/query.ts';
import { integer, oneOf, optional, text } from '#shared/messages/schema.ts';
import { setting } from '#shared/runtime/settings.ts';
import { calling } from '#shared/runtime/upstream.ts';
import { cognito } from '../cognito/client.ts';
import { userOf } from '../cognito/user.ts';
import { searchable, userFilter, userStatuses } from '../cognito/user-filter.ts';
import { administrators } from '../roles.ts';

export const listUsers = query({
  route: 'GET /users',
  roles: administrators,
  installationOnly: true,
  uses: ['user-pool'],
  input: {
    // Cognito gives 60 at most.
    limit: optional(integer({ minimum: 1, maximum: 60 })),
    cursor: optional(text(4096)),
    by: optional(oneOf(...searchable)),
    prefix: optional(text(128)),
    status: optional(oneOf(...userStatuses)),
  },
  answer: async ({ limit = 25, cursor, ...search }) => {
    // It could be asked for some attributes only, but then refuses every list that holds an account without one.
    const command = new ListUsersCommand({
      UserPoolId: setting('USER_POOL_ID'),
      Filter: userFilter(search),
      Limit: limit,
      PaginationToken: cursor,
    });
    const client = await cognito();
    const { Users = [], PaginationToken } = await calling('Cognito', 'ListUsers', client.send(command));
    return { items: Users.map(userOf), ...(PaginationToken ? { nextCursor: PaginationToken } : {}) };
  },
});
