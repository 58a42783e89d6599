import type { Operation } from '../../core/service.ts';
import { attributesOf } from './attributes.ts';
import { callerOf } from './caller.ts';
import type { Cognito } from './context.ts';
import { mfaSettings } from './mfa/software-token.ts';
import { removeUser } from './remove-user.ts';

/** What people do to their own account, with an access token. */
export function userOperations(cognito: Cognito): Record<string, Operation> {
  return {
    async GetUser(input) {
      const { client, user } = callerOf(cognito, input);
      return {
        Username: user.username,
        UserAttributes: attributesOf(user, client),
        ...mfaSettings(user),
      };
    },

    async GlobalSignOut(input) {
      const { pool, user } = callerOf(cognito, input);
      await cognito.sessions.endAll(pool.id, user.username);
      return {};
    },

    async DeleteUser(input) {
      const { pool, user } = callerOf(cognito, input);
      await removeUser(cognito, pool, user.username);
      return {};
    },
  };
}
