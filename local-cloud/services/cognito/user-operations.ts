import type { Operation } from '../../core/service.ts';
import { attributesOf, checkChangedAttributes, checkWritable } from './attributes.ts';
import type { Cognito } from './context.ts';
import { createUser } from './create-user.ts';
import { notAuthorized, userNotFound, wrongPassword } from './errors.ts';
import { attributeList, type Input, requiredText } from './input.ts';
import { checkPassword } from './passwords.ts';
import { createVerifier, matchesVerifier } from './srp.ts';
import { readAccessToken } from './tokens.ts';

/** What people do for themselves: with an access token, or by signing up. */
export function userOperations(cognito: Cognito): Record<string, Operation> {
  const { directory, sessions, registry } = cognito;

  const caller = (input: Input) => {
    const claims = readAccessToken(requiredText(input, 'AccessToken'), cognito.keys);
    const pool = registry.pool(claims.iss.slice(claims.iss.lastIndexOf('/') + 1));
    const client = registry.clientOfPool(pool.id, claims.client_id);
    const user = directory.find(pool, claims.username);
    if (!user) throw userNotFound();
    if (!user.enabled) throw notAuthorized('User is disabled.');
    if (sessions.isRevoked(claims.origin_jti)) {
      throw notAuthorized('Access Token has been revoked');
    }
    return { pool, client, user };
  };

  return {
    async GetUser(input) {
      const { client, user } = caller(input);
      return { Username: user.username, UserAttributes: attributesOf(user, client) };
    },

    async GlobalSignOut(input) {
      const { pool, user } = caller(input);
      await sessions.endAll(pool.id, user.username);
      return {};
    },

    async ChangePassword(input) {
      const { pool, user } = caller(input);
      const proposed = requiredText(input, 'ProposedPassword');
      const previous = requiredText(input, 'PreviousPassword');
      cognito.attempts.check(pool.id, user.username);
      if (!user.password || !matchesVerifier(pool.id, user.username, previous, user.password)) {
        cognito.attempts.failed(pool.id, user.username);
        throw wrongPassword();
      }
      checkPassword(pool.passwordPolicy, proposed);
      const password = createVerifier(pool.id, user.username, proposed);
      await directory.change(pool, user.username, (newest) => ({ ...newest, password }));
      await cognito.authEvents.record(pool, user.username, {
        type: 'PasswordChange',
        response: 'Pass',
        challenges: [],
      });
      return {};
    },

    async UpdateUserAttributes(input) {
      const { pool, client, user } = caller(input);
      const attributes = attributeList(input, 'UserAttributes');
      checkWritable(client, Object.keys(attributes));
      await directory.change(pool, user.username, (newest) => {
        checkChangedAttributes(pool, newest, attributes);
        return { ...newest, attributes: { ...newest.attributes, ...attributes } };
      });
      return { CodeDeliveryDetailsList: [] };
    },

    /** No code is sent, since there is no post: a PreSignUp trigger or an administrator confirms. */
    async SignUp(input) {
      const client = registry.client(requiredText(input, 'ClientId'));
      const pool = registry.poolOfClient(client);
      if (pool.adminCreateUserOnly) throw notAuthorized('SignUp is not permitted for this user pool');
      const name = requiredText(input, 'Username');
      const password = requiredText(input, 'Password');
      const attributes = attributeList(input, 'UserAttributes');
      checkWritable(client, Object.keys(attributes));
      checkPassword(pool.passwordPolicy, password);
      const reply = await cognito.callTrigger({
        trigger: 'PreSignUp',
        source: 'SignUp',
        pool,
        client,
        user: { username: name, sub: '', attributes, status: 'UNCONFIRMED' },
        request: { validationData: null },
        response: { autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false },
      });
      const confirmed = reply?.['autoConfirmUser'] === true;
      const verified = {
        ...(reply?.['autoVerifyEmail'] === true && { email_verified: 'true' }),
        ...(reply?.['autoVerifyPhone'] === true && { phone_number_verified: 'true' }),
      };
      const user = await createUser(cognito, pool, {
        name,
        attributes: { ...attributes, ...verified },
        password,
        status: confirmed ? 'CONFIRMED' : 'UNCONFIRMED',
      });
      await cognito.activeUsers.seen(pool, user.username);
      await cognito.authEvents.record(pool, user.username, {
        type: 'SignUp',
        response: 'Pass',
        challenges: [],
      });
      if (confirmed) {
        await cognito.callTrigger({
          trigger: 'PostConfirmation',
          source: 'ConfirmSignUp',
          pool,
          client,
          user,
        });
      }
      return { UserConfirmed: confirmed, UserSub: user.sub };
    },
  };
}
