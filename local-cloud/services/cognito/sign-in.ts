import { randomUUID } from 'node:crypto';
import { AwsError } from '../../core/errors.ts';
import { type Cognito, groupsOf } from './context.ts';
import { notAuthorized, userNotFound, wrongPassword } from './errors.ts';
import type { PoolClient, User, UserPool } from './model.ts';
import { issueTokens, type TokenReason } from './tokens.ts';

/** Either tokens or the next challenge, as InitiateAuth and RespondToAuthChallenge answer. */
export interface SignInAnswer {
  AuthenticationResult?: Record<string, unknown>;
  ChallengeName?: string;
  ChallengeParameters: Record<string, string>;
  Session?: string;
}

/**
 * Finds who wants to sign in. Undefined for an unknown name where the client hides who exists; otherwise throws
 * `UserNotFoundException`. A user that is disabled or not confirmed is refused.
 */
export function findForSignIn(
  cognito: Cognito,
  pool: UserPool,
  client: PoolClient,
  name: string,
): User | undefined {
  const user = cognito.directory.find(pool, name);
  if (!user && !client.hidesUnknownUsers) throw userNotFound();
  if (user) checkMaySignIn(user);
  return user;
}

function checkMaySignIn(user: User): void {
  if (!user.enabled) throw notAuthorized('User is disabled.');
  if (user.status === 'UNCONFIRMED')
    throw new AwsError('UserNotConfirmedException', 'User is not confirmed.');
}

const passwordChallenge = [{ name: 'Password' as const, succeeded: true }];
const newPasswordChallenge = [{ name: 'NewPasswordRequired' as const, succeeded: true }];

/** A password that was wrong: recorded, where the pool records, and counted against the next attempts. */
export async function failSignIn(cognito: Cognito, pool: UserPool, username: string): Promise<never> {
  cognito.attempts.failed(pool.id, username);
  const challenges = [{ name: 'Password' as const, succeeded: false }];
  await cognito.authEvents.record(pool, username, { type: 'SignIn', response: 'Fail', challenges });
  throw wrongPassword();
}

/** Runs the triggers of a sign-in, begins its session and answers its tokens. */
export async function completeSignIn(
  cognito: Cognito,
  pool: UserPool,
  client: PoolClient,
  user: User,
  reason: TokenReason,
): Promise<SignInAnswer> {
  checkMaySignIn(user);
  const { callTrigger, sessions } = cognito;
  await callTrigger({
    trigger: 'PreAuthentication',
    source: 'Authentication',
    pool,
    client,
    user,
    request: { validationData: null },
  });
  await callTrigger({
    trigger: 'PostAuthentication',
    source: 'Authentication',
    pool,
    client,
    user,
    request: { newDeviceUsed: false },
  });
  const authTime = Math.floor(Date.now() / 1000);
  const originJti = randomUUID();
  const groups = groupsOf(cognito, pool.id, user);
  await cognito.activeUsers.seen(pool, user.username);
  const challenges = reason === 'NewPasswordChallenge' ? newPasswordChallenge : passwordChallenge;
  await cognito.authEvents.record(pool, user.username, { type: 'SignIn', response: 'Pass', challenges });
  const tokens = await issueTokens(
    { pool, client, user, groups, authTime, originJti, reason },
    cognito.keys,
    callTrigger,
  );
  const refreshToken = await sessions.begin({
    poolId: pool.id,
    clientId: client.id,
    username: user.username,
    originJti,
    authTime,
    expiresAt: Date.now() + client.validity.refreshToken * 1000,
  });
  return { AuthenticationResult: result(client, tokens, refreshToken), ChallengeParameters: {} };
}

/** New ID and access tokens for a refresh token. Throws `NotAuthorizedException`. */
export async function refresh(
  cognito: Cognito,
  pool: UserPool,
  client: PoolClient,
  refreshToken: string,
): Promise<Record<string, unknown>> {
  const session = cognito.sessions.read(refreshToken, client);
  const user = cognito.directory.find(pool, session.username);
  if (!user) throw notAuthorized('Invalid Refresh Token');
  checkMaySignIn(user);
  await cognito.activeUsers.seen(pool, user.username);
  const tokens = await issueTokens(
    {
      pool,
      client,
      user,
      groups: groupsOf(cognito, pool.id, user),
      authTime: session.authTime,
      originJti: session.originJti,
      reason: 'RefreshTokens',
    },
    cognito.keys,
    cognito.callTrigger,
  );
  return result(client, tokens);
}

function result(
  client: PoolClient,
  tokens: { idToken: string; accessToken: string },
  refreshToken?: string,
): Record<string, unknown> {
  return {
    AccessToken: tokens.accessToken,
    ExpiresIn: client.validity.accessToken,
    IdToken: tokens.idToken,
    ...(refreshToken && { RefreshToken: refreshToken }),
    TokenType: 'Bearer',
  };
}
