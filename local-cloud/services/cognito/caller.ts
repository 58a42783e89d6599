import type { Cognito } from './context.ts';
import { notAuthorized, userNotFound } from './errors.ts';
import { type Input, requiredText } from './input.ts';
import type { PoolClient, User, UserPool } from './model.ts';
import { readAccessToken } from './tokens.ts';

/** Whose access token a request bears. Throws `NotAuthorizedException` for one that is forged, late or revoked. */
export function callerOf(cognito: Cognito, input: Input): { pool: UserPool; client: PoolClient; user: User } {
  const claims = readAccessToken(requiredText(input, 'AccessToken'), cognito.keys, cognito.cloud.clock.now());
  const pool = cognito.registry.pool(claims.iss.slice(claims.iss.lastIndexOf('/') + 1));
  const client = cognito.registry.clientOfPool(pool.id, claims.client_id);
  const user = cognito.directory.find(pool, claims.username);
  if (!user) throw userNotFound();
  if (!user.enabled) throw notAuthorized('User is disabled.');
  if (cognito.sessions.isRevoked(claims.origin_jti)) throw notAuthorized('Access Token has been revoked');
  if (!claims.scope.split(' ').includes('aws.cognito.signin.user.admin')) {
    throw notAuthorized('Access Token does not have required scopes');
  }
  return { pool, client, user };
}
