import {
  AdminGetUserCommand,
  AdminListGroupsForUserCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { query } from '#shared/definition/query.ts';
import { text } from '#shared/messages/schema.ts';
import { setting } from '#shared/runtime/settings.ts';
import { calling } from '#shared/runtime/upstream.ts';
import { cognito } from '../cognito/client.ts';
import { userOf } from '../cognito/user.ts';
import { administrators } from '../roles.ts';

export const getUser = query({
  route: 'GET /users/{username}',
  roles: administrators,
  installationOnly: true,
  uses: ['user-pool'],
  input: { username: text(128) },
  answer: async ({ username }) => {
    const client = await cognito();
    const account = { UserPoolId: setting('USER_POOL_ID'), Username: username };
    const [user, { Groups = [] }] = await Promise.all([
      calling('Cognito', 'AdminGetUser', client.send(new AdminGetUserCommand(account))),
      calling(
        'Cognito',
        'AdminListGroupsForUser',
        client.send(new AdminListGroupsForUserCommand({ ...account, Limit: 60 })),
      ),
    ]);
    return {
      ...userOf({ ...user, Attributes: user.UserAttributes }),
      groups: Groups.map(({ GroupName }) => GroupName),
    };
  },
});
