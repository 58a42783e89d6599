import type { Operation } from '../../core/service.ts';
import { callerOf } from './caller.ts';
import { clientOf } from './client-secret.ts';
import { mismatch } from './codes.ts';
import type { Cognito } from './context.ts';
import { invalidParameter, notAuthorized, userNotFound, wrongPassword } from './errors.ts';
import { clientMetadata, requiredText } from './input.ts';
import { type CodeDelivery, type Contact, deliver } from './messages/deliver.ts';
import { migrateUser } from './migrate-user.ts';
import type { PoolClient, User, UserPool } from './model.ts';
import { checkPassword, withPassword } from './passwords.ts';
import { afterConfirming, simulatedDelivery } from './sign-up-operations.ts';
import { matchesVerifier } from './srp.ts';

/** Changing a password, forgetting it, and having it reset. */
export function passwordOperations(cognito: Cognito): Record<string, Operation> {
  const { directory, registry, codes, rates } = cognito;

  return {
    async ChangePassword(input) {
      const { pool, user } = callerOf(cognito, input);
      const proposed = requiredText(input, 'ProposedPassword');
      const previous = requiredText(input, 'PreviousPassword');
      cognito.attempts.check(pool.id, user.username);
      if (!user.password || !matchesVerifier(pool.id, user.username, previous, user.password)) {
        cognito.attempts.failed(pool.id, user.username);
        throw wrongPassword();
      }
      await directory.change(pool, user.username, (newest) => withPassword(pool, newest, proposed));
      await recordChange(cognito, pool, user);
      return {};
    },

    async ForgotPassword(input) {
      const { client, pool, name } = clientOf(cognito, input);
      const metadata = clientMetadata(input);
      const known = directory.find(pool, name);
      const request = { pool, client, metadata };
      const user = known ?? (await migrateUser(cognito, request, name, 'ForgotPassword'));
      try {
        if (!user) throw userNotFound();
        const contact = recoveryContact(pool, user);
        rates.count(pool, user.username, 'ForgotPassword');
        const CodeDeliveryDetails = await sendReset(cognito, { pool, client, user, contact, metadata });
        return { CodeDeliveryDetails };
      } catch (error) {
        if (!client.hidesUnknownUsers || !isAboutTheUser(error)) throw error;
        return { CodeDeliveryDetails: simulatedDelivery(name) };
      }
    },

    async ConfirmForgotPassword(input) {
      const { client, pool, name } = clientOf(cognito, input);
      const given = requiredText(input, 'ConfirmationCode');
      const password = requiredText(input, 'Password');
      const user = directory.find(pool, name);
      if (!user) throw client.hidesUnknownUsers ? mismatch() : userNotFound();
      if (!user.enabled) throw client.hidesUnknownUsers ? mismatch() : notAuthorized('User is disabled.');
      rates.count(pool, user.username, 'ConfirmForgotPassword');
      const code = codes.check(pool, user.username, 'password', given);
      // Looked at before the code is used up: who chooses a bad password may try again with it.
      withPassword(pool, user, password);
      await codes.take(pool, user.username, 'password', code);
      const changed = await directory.change(pool, user.username, (newest) => ({
        ...withPassword(pool, newest, password),
        status: 'CONFIRMED',
      }));
      cognito.attempts.succeeded(pool.id, user.username);
      await recordChange(cognito, pool, user);
      await afterConfirming(cognito, pool, client, changed, clientMetadata(input), 'ConfirmForgotPassword');
      return {};
    },

    async AdminResetUserPassword(input) {
      const pool = registry.pool(requiredText(input, 'UserPoolId'));
      const user = directory.get(pool, requiredText(input, 'Username'));
      const contact = recoveryContact(pool, user, 'by an administrator');
      const reset = await directory.change(pool, user.username, (newest) => ({
        ...newest,
        status: 'RESET_REQUIRED',
      }));
      await sendReset(cognito, { pool, user: reset, contact, metadata: clientMetadata(input) });
      return {};
    },

    async AdminSetUserPassword(input) {
      const pool = registry.pool(requiredText(input, 'UserPoolId'));
      const password = requiredText(input, 'Password');
      const permanent = input['Permanent'] === true;
      checkPassword(pool.passwordPolicy, password);
      const { username } = directory.get(pool, requiredText(input, 'Username'));
      await directory.change(pool, username, (user) => ({
        ...withPassword(pool, user, password),
        status: permanent ? 'CONFIRMED' : 'FORCE_CHANGE_PASSWORD',
        ...(!permanent && { temporaryUntil: temporaryUntil(cognito, pool) }),
      }));
      cognito.attempts.succeeded(pool.id, username);
      return {};
    },
  };
}

/** Until when a temporary password that is given now is good, in epoch milliseconds. */
export function temporaryUntil({ cloud }: Cognito, pool: UserPool): number {
  return cloud.clock.now() + pool.passwordPolicy.temporaryPasswordValidityDays * 86_400_000;
}

async function recordChange(cognito: Cognito, pool: UserPool, { username }: User): Promise<void> {
  await cognito.authEvents.record(pool, username, {
    type: 'PasswordChange',
    response: 'Pass',
    challenges: [],
  });
}

/** What is hidden where a client hides who exists: everything but a limit and what a trigger says. */
function isAboutTheUser(error: unknown): boolean {
  const hidden = ['UserNotFoundException', 'NotAuthorizedException', 'InvalidParameterException'];
  return error instanceof Error && hidden.includes(error.name);
}

/** Where a code for a new password goes. Throws where the user may not, or cannot, recover it. */
function recoveryContact(pool: UserPool, user: User, by?: 'by an administrator'): Contact {
  if (!user.enabled) throw notAuthorized('User is disabled.');
  if (user.status === 'FORCE_CHANGE_PASSWORD') {
    throw notAuthorized('User password cannot be reset in the current state.');
  }
  const [first] = pool.recovery ?? [];
  if (first === 'admin_only' && !by) throw notAuthorized('Contact administrator to reset password.');
  const mechanisms: string[] =
    !pool.recovery || first === 'admin_only' ? ['verified_phone_number', 'verified_email'] : pool.recovery;
  const contact = mechanisms
    .map((mechanism) => mechanism.slice('verified_'.length) as Contact)
    .find((name) => user.attributes[name] && user.attributes[`${name}_verified`] === 'true');
  if (contact) return contact;
  throw invalidParameter(
    'Cannot reset password for the user as there is no registered/verified email or phone_number',
  );
}

interface Reset {
  pool: UserPool;
  client?: PoolClient;
  user: User;
  contact: Contact;
  metadata: Record<string, string> | undefined;
}

async function sendReset(cognito: Cognito, given: Reset): Promise<CodeDelivery> {
  const { pool, user, contact } = given;
  const value = user.attributes[contact] ?? '';
  const code = await cognito.codes.make(pool, user.username, 'password', contact, value);
  return deliver(cognito, { ...given, reason: 'ForgotPassword', code });
}
