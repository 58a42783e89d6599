import { checkChangedAttributes, checkWritable, missingAttributes } from './attributes.ts';
import type { ChallengeSession } from './challenge-sessions.ts';
import type { Cognito } from './context.ts';
import { invalidParameter, notAuthorized, notConfirmed } from './errors.ts';
import { requiredParameter } from './input.ts';
import { afterFirstFactor } from './mfa/challenges.ts';
import type { User } from './model.ts';
import { checkPassword, withPassword } from './passwords.ts';
import type { SignInAnswer, SignInRequest } from './sign-in.ts';

/** The password was right: a temporary one must be replaced first, otherwise the second factor is asked for. */
export async function afterPassword(
  cognito: Cognito,
  request: SignInRequest,
  user: User,
): Promise<SignInAnswer> {
  const { pool, client } = request;
  cognito.attempts.succeeded(pool.id, user.username);
  if (user.status === 'UNCONFIRMED') throw notConfirmed();
  if (user.status !== 'FORCE_CHANGE_PASSWORD') {
    return afterFirstFactor(cognito, request, user, 'Authentication');
  }
  if (user.temporaryUntil !== undefined && user.temporaryUntil < cognito.cloud.clock.now()) {
    throw notAuthorized('Temporary password has expired and must be reset by an administrator.');
  }
  await cognito.authEvents.record(pool, user.username, {
    type: 'SignIn',
    response: 'InProgress',
    challenges: [{ name: 'Password', succeeded: true }],
  });
  const challenge = 'NEW_PASSWORD_REQUIRED';
  return {
    ChallengeName: challenge,
    Session: cognito.challengeSessions.begin({ challenge, clientId: client.id, username: user.username }),
    ChallengeParameters: {
      USER_ID_FOR_SRP: user.username,
      requiredAttributes: JSON.stringify(missingAttributes(pool, user)),
      userAttributes: JSON.stringify(user.attributes),
    },
  };
}

/** The answer to NEW_PASSWORD_REQUIRED: a password of one's own, and the attributes that the pool wants. */
export async function setNewPassword(
  cognito: Cognito,
  request: SignInRequest,
  sealed: string,
  responses: Record<string, string>,
): Promise<SignInAnswer> {
  const { pool, client } = request;
  const session = cognito.challengeSessions.open<ChallengeSession>(client, 'NEW_PASSWORD_REQUIRED', sealed);
  const password = requiredParameter(responses, 'NEW_PASSWORD');
  checkPassword(pool.passwordPolicy, password);
  const attributes = Object.fromEntries(
    Object.entries(responses)
      .filter(([name]) => name.startsWith('userAttributes.'))
      .map(([name, value]) => [name.slice('userAttributes.'.length), value]),
  );
  checkWritable(client, Object.keys(attributes));
  const changed = await cognito.directory.change(pool, session.username, (user) => {
    if (user.status !== 'FORCE_CHANGE_PASSWORD') {
      throw notAuthorized('Invalid session for the user, session can only be used once.');
    }
    checkChangedAttributes(pool, user, attributes);
    const complete: User = {
      ...withPassword(pool, user, password),
      attributes: { ...user.attributes, ...attributes },
      status: 'CONFIRMED',
    };
    const missing = missingAttributes(pool, complete);
    if (missing.length > 0) throw invalidParameter(`Invalid attributes given, ${missing[0]} is missing`);
    return complete;
  });
  cognito.challengeSessions.close(client, session);
  return afterFirstFactor(cognito, request, changed, 'NewPasswordChallenge');
}
