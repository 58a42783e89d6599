import type { Operation } from '../../core/service.ts';
import { aliasOwner, refuseTakenAlias, takeAliases } from './aliases.ts';
import { checkRequired, checkWritable } from './attributes.ts';
import { clientOf } from './client-secret.ts';
import { mismatch } from './codes.ts';
import type { Cognito } from './context.ts';
import { createUser, identify } from './create-user.ts';
import { aliasExists, invalidParameter, notAuthorized, userNotFound } from './errors.ts';
import { attributeList, clientMetadata, requiredText } from './input.ts';
import {
  type CodeDelivery,
  type Contact,
  deliver,
  deliveryTo,
  type MessageReason,
} from './messages/deliver.ts';
import type { PoolClient, User, UserPool } from './model.ts';
import { checkPassword } from './passwords.ts';

/** Signing up, and proving by a code that the address is one's own. */
export function signUpOperations(cognito: Cognito): Record<string, Operation> {
  const { directory, codes, rates } = cognito;

  return {
    async SignUp(input) {
      const { client, pool, name } = clientOf(cognito, input);
      if (pool.adminCreateUserOnly) throw notAuthorized('SignUp is not permitted for this user pool');
      const password = requiredText(input, 'Password');
      const given = attributeList(input, 'UserAttributes');
      checkWritable(client, Object.keys(given));
      checkPassword(pool.passwordPolicy, password);
      const { username, attributes } = identify(pool, name, given);
      checkRequired(pool, attributes);
      const metadata = clientMetadata(input);
      const reply = await cognito.callTrigger({
        trigger: 'PreSignUp',
        source: 'PreSignUp_SignUp',
        pool,
        client,
        user: { username, attributes },
        request: {
          validationData: input['ValidationData'] ? attributeList(input, 'ValidationData') : null,
          clientMetadata: metadata ?? {},
        },
        response: { autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false },
      });
      const confirmed = reply?.['autoConfirmUser'] === true;
      const user = await createUser(cognito, pool, {
        username,
        attributes: { ...attributes, ...verifiedBy(reply, attributes) },
        password,
        status: confirmed ? 'CONFIRMED' : 'UNCONFIRMED',
      });
      await cognito.activeUsers.seen(pool, user.username);
      await cognito.authEvents.record(pool, user.username, {
        type: 'SignUp',
        response: 'Pass',
        challenges: [],
      });
      if (confirmed) await afterConfirming(cognito, pool, client, user, metadata);
      const delivery = confirmed
        ? undefined
        : await sendConfirmation(cognito, { pool, client, user, reason: 'SignUp', metadata });
      return {
        UserConfirmed: confirmed,
        UserSub: user.sub,
        ...(delivery && { CodeDeliveryDetails: delivery }),
      };
    },

    async ConfirmSignUp(input) {
      const { client, pool, name } = clientOf(cognito, input);
      const given = requiredText(input, 'ConfirmationCode');
      const user = directory.find(pool, name);
      if (!user) throw client.hidesUnknownUsers ? mismatch() : userNotFound();
      if (user.status !== 'UNCONFIRMED') {
        throw notAuthorized(`User cannot be confirmed. Current status is ${user.status}`);
      }
      rates.count(pool, user.username, 'ConfirmSignUp');
      const code = codes.check(pool, user.username, 'sign-up', given);
      const confirm = (newest: User): User => {
        const isSame = newest.attributes[code.contact] === code.value;
        const verified = isSame ? { [`${code.contact}_verified`]: 'true' } : {};
        return { ...newest, status: 'CONFIRMED', attributes: { ...newest.attributes, ...verified } };
      };
      const taken = aliasOwner(cognito, pool, confirm(user));
      if (taken && input['ForceAliasCreation'] !== true) throw aliasExists(taken.name);
      await codes.take(pool, user.username, 'sign-up', code);
      if (taken) await takeAliases(cognito, pool, confirm(user));
      const confirmed = await directory.change(pool, user.username, (newest) => {
        const changed = confirm(newest);
        refuseTakenAlias(cognito, pool, changed);
        return changed;
      });
      await afterConfirming(cognito, pool, client, confirmed, clientMetadata(input));
      return {};
    },

    async ResendConfirmationCode(input) {
      const { client, pool, name } = clientOf(cognito, input);
      const user = directory.find(pool, name);
      if (!user) {
        if (!client.hidesUnknownUsers) throw userNotFound();
        return { CodeDeliveryDetails: simulatedDelivery(name) };
      }
      if (user.status !== 'UNCONFIRMED') throw invalidParameter('User is already confirmed.');
      rates.count(pool, user.username, 'ResendConfirmationCode');
      const metadata = clientMetadata(input);
      const delivery = await sendConfirmation(cognito, {
        pool,
        client,
        user,
        reason: 'ResendCode',
        metadata,
      });
      if (!delivery) throw invalidParameter('Cannot resend codes. Auto verification not turned on.');
      return { CodeDeliveryDetails: delivery };
    },
  };
}

/** What AWS tells of a code that was sent to nobody, so that a name does not show whether it is known. */
export function simulatedDelivery(name: string): CodeDelivery {
  if (/^\+\d+$/.test(name)) return deliveryTo('phone_number', name);
  return deliveryTo('email', name.includes('@') ? name : `${name}@${name}`);
}

/** Tells the pool's trigger of somebody who is confirmed now. */
export async function afterConfirming(
  cognito: Cognito,
  pool: UserPool,
  client: PoolClient | undefined,
  user: User,
  metadata: Record<string, string> | undefined,
  source: 'ConfirmSignUp' | 'ConfirmForgotPassword' = 'ConfirmSignUp',
): Promise<void> {
  await cognito.callTrigger({
    trigger: 'PostConfirmation',
    source: `PostConfirmation_${source}`,
    pool,
    ...(client && { client }),
    user,
    request: { clientMetadata: metadata ?? {} },
  });
}

interface Confirmation {
  pool: UserPool;
  client: PoolClient;
  user: User;
  reason: MessageReason;
  metadata: Record<string, string> | undefined;
}

/** Sends the code where the pool verifies: by phone first, as AWS does where it could verify both. */
async function sendConfirmation(cognito: Cognito, given: Confirmation): Promise<CodeDelivery | undefined> {
  const { pool, user } = given;
  const contact = (['phone_number', 'email'] as Contact[]).find(
    (name) => pool.autoVerifiedAttributes.includes(name) && user.attributes[name],
  );
  const value = contact && user.attributes[contact];
  if (!contact || !value) return undefined;
  const code = await cognito.codes.make(pool, user.username, 'sign-up', contact, value);
  return deliver(cognito, { ...given, contact, code });
}

function verifiedBy(reply: Record<string, unknown> | undefined, attributes: Record<string, string>) {
  const verify = (flag: string, contact: Contact) => {
    if (reply?.[flag] !== true) return {};
    if (!attributes[contact]) {
      throw invalidParameter(`User does not have a ${contact.replace('_', ' ')} that could be verified.`);
    }
    return { [`${contact}_verified`]: 'true' };
  };
  return { ...verify('autoVerifyEmail', 'email'), ...verify('autoVerifyPhone', 'phone_number') };
}
