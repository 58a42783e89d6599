import type { Operation } from '../../core/service.ts';
import { refuseTakenAlias } from './aliases.ts';
import { checkChangedAttributes, checkWritable, withoutAttributes } from './attributes.ts';
import { callerOf } from './caller.ts';
import type { Cognito } from './context.ts';
import { invalidParameter } from './errors.ts';
import { attributeList, clientMetadata, requiredText, textListOf } from './input.ts';
import { type CodeDelivery, type Contact, deliver } from './messages/deliver.ts';
import type { PoolClient, User, UserPool } from './model.ts';

const contacts: Contact[] = ['email', 'phone_number'];

/** Changing attributes, and proving by a code that an address is one's own. */
export function attributeOperations(cognito: Cognito): Record<string, Operation> {
  const { registry, directory, codes, rates } = cognito;

  return {
    async UpdateUserAttributes(input) {
      const { pool, client, user } = callerOf(cognito, input);
      const attributes = attributeList(input, 'UserAttributes');
      checkWritable(client, Object.keys(attributes));
      const metadata = clientMetadata(input);
      const deliveries = await update(cognito, { pool, client, user, attributes, metadata });
      return { CodeDeliveryDetailsList: deliveries };
    },

    async DeleteUserAttributes(input) {
      const { pool, client, user } = callerOf(cognito, input);
      const names = textListOf(input, 'UserAttributeNames');
      checkWritable(client, names);
      await directory.change(pool, user.username, (newest) => withoutAttributes(pool, newest, names));
      return {};
    },

    async GetUserAttributeVerificationCode(input) {
      const { pool, client, user } = callerOf(cognito, input);
      const contact = contactNamed(requiredText(input, 'AttributeName'));
      const value = user.pendingAttributes?.[contact] ?? user.attributes[contact];
      if (!value) throw invalidParameter(`User does not have ${contact} set.`);
      rates.count(pool, user.username, 'GetUserAttributeVerificationCode');
      const code = await codes.make(pool, user.username, contact, contact, value);
      const metadata = clientMetadata(input);
      const letter = { pool, client, user, contact, code, to: value, metadata };
      const delivery = await deliver(cognito, { ...letter, reason: 'VerifyUserAttribute' });
      return { CodeDeliveryDetails: delivery };
    },

    async VerifyUserAttribute(input) {
      const { pool, user } = callerOf(cognito, input);
      const contact = contactNamed(requiredText(input, 'AttributeName'));
      rates.count(pool, user.username, 'VerifyUserAttribute');
      const code = codes.check(pool, user.username, contact, requiredText(input, 'Code'));
      const verified = (newest: User): User => {
        const { pendingAttributes: { [contact]: pending, ...waiting } = {}, ...rest } = newest;
        const value = pending ?? newest.attributes[contact];
        // A code proves the address that it was sent to, and no other.
        if (value !== code.value) throw invalidParameter(`The ${contact} has changed since.`);
        const changed: User = {
          ...rest,
          ...(Object.keys(waiting).length > 0 && { pendingAttributes: waiting }),
          attributes: { ...newest.attributes, [contact]: value, [`${contact}_verified`]: 'true' },
        };
        refuseTakenAlias(cognito, pool, changed);
        return changed;
      };
      verified(user);
      await codes.take(pool, user.username, contact, code);
      await directory.change(pool, user.username, verified);
      return {};
    },

    async AdminUpdateUserAttributes(input) {
      const pool = registry.pool(requiredText(input, 'UserPoolId'));
      const user = directory.get(pool, requiredText(input, 'Username'));
      const attributes = attributeList(input, 'UserAttributes');
      await update(cognito, { pool, user, attributes, metadata: clientMetadata(input) });
      return {};
    },

    async AdminDeleteUserAttributes(input) {
      const pool = registry.pool(requiredText(input, 'UserPoolId'));
      const { username } = directory.get(pool, requiredText(input, 'Username'));
      const names = textListOf(input, 'UserAttributeNames');
      await directory.change(pool, username, (newest) => withoutAttributes(pool, newest, names));
      return {};
    },
  };
}

function contactNamed(name: string): Contact {
  const contact = contacts.find((each) => each === name);
  if (!contact)
    throw invalidParameter('Invalid attribute name. Only email and phone_number can be verified.');
  return contact;
}

interface Update {
  pool: UserPool;
  /** Present where people change their own attributes. */
  client?: PoolClient;
  user: User;
  attributes: Record<string, string>;
  metadata: Record<string, string> | undefined;
}

/**
 * Changes attributes. A new address is not verified, unless an administrator says so; where the pool verifies it, a code
 * goes to it, and where the pool says so the old one counts until that code comes back.
 */
async function update(cognito: Cognito, given: Update): Promise<CodeDelivery[]> {
  const { pool, user, attributes } = given;
  const changedContacts = (newest: User) =>
    contacts.filter(
      (name) =>
        attributes[name] !== undefined &&
        attributes[name] !== newest.attributes[name] &&
        attributes[`${name}_verified`] !== 'true',
    );
  const toVerify = changedContacts(user).filter(
    (name) => attributes[name] && pool.autoVerifiedAttributes.includes(name),
  );
  const changed = await cognito.directory.change(pool, user.username, (newest) => {
    checkChangedAttributes(pool, newest, attributes);
    const waiting = toVerify.filter((name) => pool.verifiedBeforeUpdate.includes(name));
    const now = Object.entries(attributes).filter(([name]) => !waiting.includes(name as Contact));
    const unverified = changedContacts(newest)
      .filter((name) => !waiting.includes(name))
      .map((name) => [`${name}_verified`, 'false']);
    const pending = Object.fromEntries(waiting.map((name) => [name, attributes[name] ?? '']));
    const result: User = {
      ...newest,
      attributes: { ...newest.attributes, ...Object.fromEntries(unverified), ...Object.fromEntries(now) },
      ...(waiting.length > 0 && { pendingAttributes: { ...newest.pendingAttributes, ...pending } }),
    };
    refuseTakenAlias(cognito, pool, { ...result, attributes: { ...result.attributes, ...pending } });
    return result;
  });
  const deliveries: CodeDelivery[] = [];
  for (const contact of toVerify) {
    const to = attributes[contact] ?? '';
    const code = await cognito.codes.make(pool, user.username, contact, contact, to);
    const letter = { ...given, user: changed, contact, code, to };
    deliveries.push(await deliver(cognito, { ...letter, reason: 'UpdateUserAttribute' }));
  }
  return deliveries;
}
