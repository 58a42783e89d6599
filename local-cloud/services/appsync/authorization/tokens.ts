import {
  createLocalJWKSet,
  decodeJwt,
  errors,
  type JSONWebKeySet,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify,
} from 'jose';
import type { UserPools } from '../../../core/cloud.ts';
import { type RequestError, unauthorized } from '../errors.ts';
import type { UserPool } from '../model.ts';

/** A token as it was verified. */
export interface Verified {
  readonly pool: UserPool;
  readonly claims: JWTPayload;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

const mostRemembered = 2000;

/**
 * Verifies tokens of user pools: signature by the pool's key, issuer, times, and the client's id. ID tokens and access
 * tokens are both good, as on AWS. A verified token is remembered until it expires.
 */
export class Tokens {
  private readonly userPools: () => UserPools;
  private readonly now: () => number;
  private readonly keySets = new Map<string, JWTVerifyGetKey>();
  private readonly remembered = new Map<string, JWTPayload>();

  /** `now` in epoch milliseconds. */
  constructor(userPools: () => UserPools, now: () => number = Date.now) {
    this.userPools = userPools;
    this.now = now;
  }

  /** Throws `UnauthorizedException` where the token is not one of these pools, or no longer good. */
  async verify(token: string, pools: readonly UserPool[]): Promise<Verified> {
    const text = token.replace(/^bearer\s+/iu, '').trim();
    const issuer = issuerOf(text);
    const pool = pools.find((each) => each.issuer === issuer);
    if (!pool) throw unauthorized('You are not authorized to make this call.');
    const claims = this.known(text) ?? (await this.verified(text, pool));
    const client = String(claims['client_id'] ?? [claims.aud].flat()[0] ?? '');
    if (pool.clientPattern !== undefined && !matchesWhole(pool.clientPattern, client))
      throw unauthorized('You are not authorized to make this call.');
    return { pool, claims, expiresAt: Number(claims.exp) * 1000 };
  }

  private known(token: string): JWTPayload | undefined {
    const claims = this.remembered.get(token);
    if (claims?.exp !== undefined && claims.exp * 1000 > this.now()) return claims;
    this.remembered.delete(token);
    return undefined;
  }

  private async verified(token: string, { issuer }: UserPool): Promise<JWTPayload> {
    const keys = await this.keysOf(issuer);
    if (!keys) throw unauthorized('You are not authorized to make this call.');
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer,
        algorithms: ['RS256'],
        requiredClaims: ['exp', 'sub'],
        currentDate: new Date(this.now()),
      });
      const oldest = this.remembered.size >= mostRemembered ? this.remembered.keys().next().value : undefined;
      if (oldest !== undefined) this.remembered.delete(oldest);
      this.remembered.set(token, payload);
      return payload;
    } catch (error) {
      throw refusal(error);
    }
  }

  private async keysOf(issuer: string): Promise<JWTVerifyGetKey | undefined> {
    const known = this.keySets.get(issuer);
    if (known) return known;
    const published = await this.userPools().keysOfIssuer(issuer);
    if (!published) return undefined;
    const keys = createLocalJWKSet(published as unknown as JSONWebKeySet);
    this.keySets.set(issuer, keys);
    return keys;
  }
}

/** Throws a `SyntaxError` where the pattern is none. */
export const matchesWhole = (pattern: string, text: string) => new RegExp(`^(?:${pattern})$`, 'u').test(text);

function issuerOf(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch {
    throw unauthorized('Unable to parse JWT token.');
  }
}

function refusal(error: unknown): RequestError {
  if (error instanceof errors.JWTExpired) return unauthorized('Token has expired.');
  if (error instanceof errors.JOSEError || error instanceof TypeError)
    return unauthorized('You are not authorized to make this call.');
  throw error;
}
