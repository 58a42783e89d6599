import { AwsError } from '../../core/errors.ts';
import type { Cognito } from './context.ts';
import { createUser, identify } from './create-user.ts';
import { notAuthorized } from './errors.ts';
import { deliver } from './messages/deliver.ts';
import type { User } from './model.ts';
import type { SignInRequest } from './sign-in.ts';
import { isReply } from './triggers.ts';

/**
 * Asks the pool's UserMigration trigger for somebody who is not in the pool, and takes over whom it knows. Undefined
 * where the pool has no such trigger. Throws AWS's `UserNotFoundException` where the trigger refuses.
 */
export async function migrateUser(
  cognito: Cognito,
  { pool, client, metadata }: SignInRequest,
  name: string,
  source: 'Authentication' | 'ForgotPassword',
  password?: string,
): Promise<User | undefined> {
  if (!pool.triggers.UserMigration) return undefined;
  const unknown = () =>
    client.hidesUnknownUsers
      ? notAuthorized('Incorrect username or password.')
      : new AwsError('UserNotFoundException', `Exception migrating user in app client ${client.id}`);
  const reply = await cognito
    .callTrigger({
      trigger: 'UserMigration',
      source: `UserMigration_${source}`,
      pool,
      client,
      user: { username: name, attributes: {} },
      request: {
        ...(password !== undefined && { password }),
        validationData: source === 'Authentication' ? (metadata ?? {}) : null,
        clientMetadata: source === 'ForgotPassword' ? (metadata ?? {}) : {},
      },
      response: {
        userAttributes: null,
        finalUserStatus: null,
        messageAction: null,
        desiredDeliveryMediums: null,
        forceAliasCreation: null,
        enableSMSMFA: null,
      },
    })
    .catch((error: unknown) => {
      throw error instanceof AwsError && error.code === 'UserLambdaValidationException' ? unknown() : error;
    });
  const given = reply?.['userAttributes'];
  if (!isReply(given)) throw unknown();
  const attributes = Object.fromEntries(
    Object.entries(given)
      // A migrated user gets a name and an id of this pool.
      .filter(([attribute, value]) => value !== null && attribute !== 'username' && attribute !== 'sub')
      .map(([attribute, value]) => [attribute, String(value)]),
  );
  const confirmed = reply?.['finalUserStatus'] === 'CONFIRMED';
  const user = await createUser(cognito, pool, {
    ...identify(pool, name, attributes),
    ...(password !== undefined && { password }),
    status: confirmed ? 'CONFIRMED' : 'RESET_REQUIRED',
  });
  if (reply?.['messageAction'] !== 'SUPPRESS') await welcome(cognito, { pool, client, metadata }, user);
  return user;
}

/** The invitation, with the password that the user has anyway left out. */
async function welcome(
  cognito: Cognito,
  { pool, client, metadata }: SignInRequest,
  user: User,
): Promise<void> {
  const contact = user.attributes['phone_number'] ? 'phone_number' : 'email';
  if (!user.attributes[contact]) return;
  const code = '(as before)';
  await deliver(cognito, { reason: 'AdminCreateUser', pool, client, user, contact, code, metadata });
}
