import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Cognito } from './context.ts';
import { notAuthorized } from './errors.ts';
import { type Input, optionalText, requiredText } from './input.ts';
import type { PoolClient, UserPool } from './model.ts';

/**
 * Checks `SECRET_HASH`: base64 of the HMAC-SHA-256 of username and client id under the client's secret. The client may
 * have hashed any of the names that the user goes by. Throws `NotAuthorizedException` in AWS's words.
 */
export function checkSecretHash(client: PoolClient, usernames: string[], given: string | undefined): void {
  const { secret, id } = client;
  if (secret === undefined) {
    if (given === undefined) return;
    throw notAuthorized(`Client ${id} is not configured for secret but secret hash was received`);
  }
  if (given === undefined) {
    throw notAuthorized(`Client ${id} is configured with secret but SECRET_HASH was not received`);
  }
  const expected = usernames.map((name) =>
    createHmac('sha256', secret)
      .update(name + id)
      .digest(),
  );
  if (!expected.some((hash) => isSame(hash, Buffer.from(given, 'base64')))) {
    throw notAuthorized(`Unable to verify secret hash for client ${id}`);
  }
}

/** Checks `ClientSecret`, as RevokeToken and GetTokensFromRefreshToken take it. */
export function checkSecret({ secret, id }: PoolClient, given: string | undefined): void {
  if (secret === undefined) return;
  if (given === undefined)
    throw notAuthorized(`Client ${id} is configured with secret but it was not received`);
  if (!isSame(Buffer.from(secret), Buffer.from(given))) throw notAuthorized('Invalid client secret.');
}

function isSame(expected: Buffer, given: Buffer): boolean {
  return expected.length === given.length && timingSafeEqual(expected, given);
}

/** The client of a request that names a user, its secret proved. Throws `NotAuthorizedException` where it is not. */
export function clientOf(
  { registry }: Cognito,
  input: Input,
): { client: PoolClient; pool: UserPool; name: string } {
  const client = registry.client(requiredText(input, 'ClientId'));
  const name = requiredText(input, 'Username');
  checkSecretHash(client, [name], optionalText(input, 'SecretHash'));
  return { client, pool: registry.poolOfClient(client), name };
}
