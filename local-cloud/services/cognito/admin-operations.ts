import { AwsError } from '../../core/errors.ts';
import type { Operation } from '../../core/service.ts';
import { checkChangedAttributes } from './attributes.ts';
import type { Cognito } from './context.ts';
import { createUser } from './create-user.ts';
import { describeUser } from './describe-user.ts';
import { invalidParameter } from './errors.ts';
import { attributeList, type Input, optionalText, requiredText } from './input.ts';
import type { User, UserPool } from './model.ts';
import { checkPassword, randomPassword } from './passwords.ts';
import { createVerifier } from './srp.ts';

/** What an administrator does to one user of a pool. */
export function adminOperations(cognito: Cognito): Record<string, Operation> {
  const { registry, directory, sessions } = cognito;

  const target = (input: Input): { pool: UserPool; user: User } => {
    const pool = registry.pool(requiredText(input, 'UserPoolId'));
    return { pool, user: directory.get(pool, requiredText(input, 'Username')) };
  };
  const change = async (input: Input, changed: (user: User, pool: UserPool) => User) => {
    const { pool, user } = target(input);
    return directory.change(pool, user.username, (newest) => changed(newest, pool));
  };

  return {
    async AdminCreateUser(input) {
      const pool = registry.pool(requiredText(input, 'UserPoolId'));
      const name = requiredText(input, 'Username');
      if (optionalText(input, 'MessageAction') === 'RESEND') {
        throw invalidParameter('The local cloud sends no messages: MessageAction RESEND is not supported.');
      }
      const attributes = attributeList(input, 'UserAttributes');
      if ('sub' in attributes) throw invalidParameter('user.sub: Attribute cannot be updated.\n');
      const password = optionalText(input, 'TemporaryPassword') ?? randomPassword(pool.passwordPolicy);
      checkPassword(pool.passwordPolicy, password);
      const status = 'FORCE_CHANGE_PASSWORD';
      await cognito.callTrigger({
        trigger: 'PreSignUp',
        source: 'AdminCreateUser',
        pool,
        user: { username: name, sub: '', attributes, status },
        request: { validationData: null },
        response: { autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false },
      });
      const days = pool.passwordPolicy.temporaryPasswordValidityDays;
      const temporaryUntil = Date.now() + days * 86_400_000;
      const user = await createUser(cognito, pool, { name, attributes, password, status, temporaryUntil });
      return { User: describeUser(user) };
    },

    async AdminGetUser(input) {
      const { user } = target(input);
      const { Attributes, ...rest } = describeUser(user);
      return { ...rest, UserAttributes: Attributes };
    },

    async AdminSetUserPassword(input) {
      const password = requiredText(input, 'Password');
      const permanent = input['Permanent'] === true;
      const user = await change(input, (user, pool) => {
        checkPassword(pool.passwordPolicy, password);
        const { temporaryUntil: _, ...rest } = user;
        const days = pool.passwordPolicy.temporaryPasswordValidityDays;
        return {
          ...rest,
          password: createVerifier(pool.id, user.username, password),
          status: permanent ? 'CONFIRMED' : 'FORCE_CHANGE_PASSWORD',
          ...(!permanent && { temporaryUntil: Date.now() + days * 86_400_000 }),
        };
      });
      cognito.attempts.succeeded(requiredText(input, 'UserPoolId'), user.username);
      return {};
    },

    async AdminUpdateUserAttributes(input) {
      const attributes = attributeList(input, 'UserAttributes');
      await change(input, (user, pool) => {
        checkChangedAttributes(pool, user, attributes);
        refuseTakenAlias(cognito, pool, user, attributes);
        return { ...user, attributes: { ...user.attributes, ...attributes } };
      });
      return {};
    },

    async AdminDeleteUserAttributes(input) {
      const names = Array.isArray(input['UserAttributeNames']) ? input['UserAttributeNames'].map(String) : [];
      await change(input, (user, pool) => {
        checkChangedAttributes(pool, user, Object.fromEntries(names.map((name) => [name, ''])));
        const kept = Object.entries(user.attributes).filter(([name]) => !names.includes(name));
        return { ...user, attributes: Object.fromEntries(kept) };
      });
      return {};
    },

    async AdminEnableUser(input) {
      await change(input, (user) => ({ ...user, enabled: true }));
      return {};
    },

    async AdminDisableUser(input) {
      const { pool, user } = target(input);
      await directory.change(pool, user.username, (newest) => ({
        ...newest,
        enabled: false,
      }));
      await sessions.endAll(pool.id, user.username);
      return {};
    },

    async AdminDeleteUser(input) {
      const { pool, user } = target(input);
      await sessions.endAll(pool.id, user.username);
      await directory.remove(pool, user.username);
      await cognito.authEvents.forget(pool, user.username);
      return {};
    },

    async AdminConfirmSignUp(input) {
      const { pool, user } = target(input);
      if (user.status !== 'UNCONFIRMED') {
        throw new AwsError(
          'NotAuthorizedException',
          `User cannot be confirmed. Current status is ${user.status}`,
        );
      }
      const confirmed = await directory.change(pool, user.username, (newest) => ({
        ...newest,
        status: 'CONFIRMED',
      }));
      await cognito.callTrigger({
        trigger: 'PostConfirmation',
        source: 'ConfirmSignUp',
        pool,
        user: confirmed,
      });
      return {};
    },

    async AdminUserGlobalSignOut(input) {
      const { pool, user } = target(input);
      await sessions.endAll(pool.id, user.username);
      return {};
    },
  };
}

function refuseTakenAlias(
  cognito: Cognito,
  pool: UserPool,
  user: User,
  attributes: Record<string, string>,
): void {
  for (const name of [...pool.usernameAttributes, ...pool.aliasAttributes]) {
    const value = attributes[name];
    const owner = value ? cognito.directory.find(pool, value) : undefined;
    if (owner && owner.username !== user.username) {
      throw new AwsError('AliasExistsException', `An account with the ${name} already exists.`);
    }
  }
}
