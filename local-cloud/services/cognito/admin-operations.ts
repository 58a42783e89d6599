import { AwsError } from '../../core/errors.ts';
import type { Operation } from '../../core/service.ts';
import { refuseTakenAlias, takeAliases } from './aliases.ts';
import type { Cognito } from './context.ts';
import { createUser, identify } from './create-user.ts';
import { describeUser } from './describe-user.ts';
import { aliasExists, invalidParameter } from './errors.ts';
import {
  attributeList,
  clientMetadata,
  type Input,
  oneOf,
  optionalText,
  requiredText,
  textListOf,
} from './input.ts';
import { type Contact, deliver } from './messages/deliver.ts';
import { mfaSettings } from './mfa/software-token.ts';
import type { User, UserPool } from './model.ts';
import { temporaryUntil } from './password-operations.ts';
import { checkPassword, randomPassword, withPassword } from './passwords.ts';
import { removeUser } from './remove-user.ts';
import { afterConfirming } from './sign-up-operations.ts';

const status = 'FORCE_CHANGE_PASSWORD';

/** What an administrator does to one user of a pool. */
export function adminOperations(cognito: Cognito): Record<string, Operation> {
  const { registry, directory, sessions } = cognito;

  const target = (input: Input): { pool: UserPool; user: User } => {
    const pool = registry.pool(requiredText(input, 'UserPoolId'));
    return { pool, user: directory.get(pool, requiredText(input, 'Username')) };
  };

  return {
    async AdminCreateUser(input) {
      const pool = registry.pool(requiredText(input, 'UserPoolId'));
      const name = requiredText(input, 'Username');
      const action = oneOf('MessageAction', ['RESEND', 'SUPPRESS'], optionalText(input, 'MessageAction'));
      const mediums = mediumsOf(input);
      const password = optionalText(input, 'TemporaryPassword') ?? randomPassword(pool.passwordPolicy);
      checkPassword(pool.passwordPolicy, password);
      const user =
        action === 'RESEND'
          ? await renewInvitation(cognito, pool, directory.get(pool, name), password)
          : await inviteUser(cognito, pool, input, password);
      if (action !== 'SUPPRESS')
        await sendInvitation(cognito, pool, user, {
          mediums,
          code: password,
          metadata: clientMetadata(input),
        });
      return { User: describeUser(user) };
    },

    async AdminGetUser(input) {
      const { user } = target(input);
      const { Attributes, ...rest } = describeUser(user);
      return { ...rest, UserAttributes: Attributes, ...mfaSettings(user) };
    },

    async AdminEnableUser(input) {
      const { pool, user } = target(input);
      await directory.change(pool, user.username, (newest) => ({ ...newest, enabled: true }));
      return {};
    },

    async AdminDisableUser(input) {
      const { pool, user } = target(input);
      await directory.change(pool, user.username, (newest) => ({ ...newest, enabled: false }));
      await sessions.endAll(pool.id, user.username);
      return {};
    },

    async AdminDeleteUser(input) {
      const { pool, user } = target(input);
      await removeUser(cognito, pool, user.username);
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
      await afterConfirming(cognito, pool, undefined, confirmed, clientMetadata(input));
      return {};
    },

    async AdminUserGlobalSignOut(input) {
      const { pool, user } = target(input);
      await sessions.endAll(pool.id, user.username);
      return {};
    },
  };
}

async function inviteUser(cognito: Cognito, pool: UserPool, input: Input, password: string): Promise<User> {
  const given = attributeList(input, 'UserAttributes');
  if ('sub' in given) throw invalidParameter('user.sub: Attribute cannot be updated.\n');
  const { username, attributes } = identify(pool, requiredText(input, 'Username'), given);
  await cognito.callTrigger({
    trigger: 'PreSignUp',
    source: 'PreSignUp_AdminCreateUser',
    pool,
    user: { username, attributes },
    request: {
      validationData: input['ValidationData'] ? attributeList(input, 'ValidationData') : null,
      clientMetadata: clientMetadata(input) ?? {},
    },
    response: { autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false },
  });
  const newUser = {
    username,
    attributes,
    password,
    status,
    temporaryUntil: temporaryUntil(cognito, pool),
  } as const;
  const verifiesAlias = pool.aliasAttributes.some((name) => attributes[`${name}_verified`] === 'true');
  if (input['ForceAliasCreation'] !== true || !verifiesAlias) {
    return createUser(cognito, pool, newUser).catch((error: unknown) => {
      // The name is free, so it is an alias that is not.
      const isNameTaken = cognito.directory.find(pool, username)?.username === username;
      const isTaken = error instanceof AwsError && error.code === 'UsernameExistsException';
      if (!isTaken || isNameTaken || pool.aliasAttributes.length === 0) throw error;
      throw aliasExists(pool.aliasAttributes.find((name) => attributes[name]) ?? 'email');
    });
  }
  await takeAliases(cognito, pool, newUser);
  return createUser(cognito, pool, newUser);
}

/** RESEND: the invitation again, with a new password and all its time. */
function renewInvitation(cognito: Cognito, pool: UserPool, user: User, password: string): Promise<User> {
  if (user.status !== status) {
    throw new AwsError(
      'UnsupportedUserStateException',
      `Resend not possible. ${user.username} status is not ${status}`,
    );
  }
  return cognito.directory.change(pool, user.username, (newest) => {
    refuseTakenAlias(cognito, pool, newest);
    return { ...withPassword(pool, newest, password), temporaryUntil: temporaryUntil(cognito, pool) };
  });
}

function mediumsOf(input: Input): Contact[] {
  return textListOf(input, 'DesiredDeliveryMediums').map((medium) =>
    oneOf('DesiredDeliveryMediums', ['SMS', 'EMAIL'], medium) === 'EMAIL' ? 'email' : 'phone_number',
  );
}

interface Invitation {
  mediums: Contact[];
  code: string;
  metadata: Record<string, string> | undefined;
}

/** To the mediums that were asked for; where none was, by phone, or by e-mail to whom has no phone. */
async function sendInvitation(
  cognito: Cognito,
  pool: UserPool,
  user: User,
  { mediums, code, metadata }: Invitation,
): Promise<void> {
  const fallback: Contact = user.attributes['phone_number'] ? 'phone_number' : 'email';
  for (const contact of mediums.length > 0 ? mediums : [fallback]) {
    if (!user.attributes[contact]) continue;
    await deliver(cognito, { reason: 'AdminCreateUser', pool, user, contact, code, metadata });
  }
}
