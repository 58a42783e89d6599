import { randomUUID } from 'node:crypto';
import { AwsError } from '../../core/errors.ts';
import { type Cognito, groupsOf } from './context.ts';
import { notAuthorized, notConfirmed, userNotFound, wrongPassword } from './errors.ts';
import type { PoolClient, User, UserPool } from './model.ts';
import type { SignInSession } from './sessions.ts';
import { issueTokens, type TokenReason } from './tokens.ts';

/** Either tokens or the next challenge, as InitiateAuth and RespondToAuthChallenge answer. */
export interface SignInAnswer {
  AuthenticationResult?: Record<string, unknown>;
  ChallengeName?: string;
  ChallengeParameters: Record<string, string>;
  Session?: string;
}

/** For which pool and client somebody signs in, and what the client hands to the triggers. */
export interface SignInRequest {
  pool: UserPool;
  client: PoolClient;
  metadata: Record<string, string> | undefined;
}

/**
 * Finds who wants to sign in. Undefined for an unknown name where the client hides who exists; otherwise throws
 * `UserNotFoundException`. A user that is disabled or must reset the password is refused. The PreAuthentication trigger
 * has its say before the password is looked at.
 */
export async function findForSignIn(
  cognito: Cognito,
  request: SignInRequest,
  name: string,
  user = cognito.directory.find(request.pool, name),
): Promise<User | undefined> {
  const { pool, client, metadata } = request;
  if (!user && !client.hidesUnknownUsers) throw userNotFound();
  if (user) checkMaySignIn(user);
  await cognito.callTrigger({
    trigger: 'PreAuthentication',
    source: 'PreAuthentication_Authentication',
    pool,
    client,
    user: user ?? { username: name, attributes: {} },
    request: { validationData: metadata ?? null, ...(client.hidesUnknownUsers && { userNotFound: !user }) },
  });
  return user;
}

function checkMaySignIn(user: User): void {
  if (!user.enabled) throw notAuthorized('User is disabled.');
  if (user.status === 'RESET_REQUIRED') {
    throw new AwsError('PasswordResetRequiredException', 'Password reset required for the user');
  }
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
  request: SignInRequest,
  user: User,
  reason: TokenReason,
): Promise<SignInAnswer> {
  const { pool, client, metadata } = request;
  checkMaySignIn(user);
  if (user.status === 'UNCONFIRMED') throw notConfirmed();
  const { callTrigger, sessions } = cognito;
  await callTrigger({
    trigger: 'PostAuthentication',
    source: 'PostAuthentication_Authentication',
    pool,
    client,
    user,
    request: { newDeviceUsed: false, clientMetadata: metadata ?? {} },
  });
  const authTime = Math.floor(cognito.cloud.clock.now() / 1000);
  const originJti = randomUUID();
  const groups = groupsOf(cognito, pool.id, user);
  await cognito.activeUsers.seen(pool, user.username);
  const challenges = reason === 'NewPasswordChallenge' ? newPasswordChallenge : passwordChallenge;
  await cognito.authEvents.record(pool, user.username, { type: 'SignIn', response: 'Pass', challenges });
  const tokens = await issueTokens(
    { pool, client, user, groups, authTime, originJti, reason, metadata },
    cognito,
  );
  const refreshToken = await sessions.begin({
    poolId: pool.id,
    clientId: client.id,
    username: user.username,
    originJti,
    authTime,
    expiresAt: cognito.cloud.clock.now() + client.validity.refreshToken * 1000,
  });
  return { AuthenticationResult: result(client, tokens, refreshToken), ChallengeParameters: {} };
}

/**
 * New ID and access tokens for a refresh token, and a new one of these where the client exchanges them. Throws
 * `NotAuthorizedException`.
 */
export async function refresh(
  cognito: Cognito,
  { pool, client, metadata }: SignInRequest,
  session: SignInSession,
  refreshToken: string,
): Promise<Record<string, unknown>> {
  const user = cognito.directory.find(pool, session.username);
  if (!user) throw notAuthorized('Invalid Refresh Token');
  checkMaySignIn(user);
  await cognito.activeUsers.seen(pool, user.username);
  const { authTime, originJti } = session;
  const groups = groupsOf(cognito, pool.id, user);
  const tokens = await issueTokens(
    { pool, client, user, groups, authTime, originJti, reason: 'RefreshTokens', metadata },
    cognito,
  );
  const exchanged =
    client.rotationGrace === undefined ? undefined : await cognito.sessions.exchange(refreshToken, client);
  return result(client, tokens, exchanged);
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
