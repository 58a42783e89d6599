import { decodeJwt, errors, type JWTPayload } from 'jose';
import type { Cloud } from '../../../core/cloud.ts';
import { PoolTokens, UnknownIssuer } from '../../../core/pool-tokens.ts';
import { type RequestError, unauthorized } from '../errors.ts';
import type { UserPool } from '../model.ts';

/** A token as it was verified. */
export interface Verified {
  readonly pool: UserPool;
  readonly claims: JWTPayload;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/** Verifies tokens of user pools, and the client's id. ID tokens and access tokens are both good, as on AWS. */
export class Tokens {
  private readonly tokens: PoolTokens;

  constructor(cloud: Cloud) {
    this.tokens = new PoolTokens(cloud, { algorithms: ['RS256'], requiredClaims: ['exp', 'sub'] });
  }

  /** Throws `UnauthorizedException` where the token is not one of these pools, or no longer good. */
  async verify(token: string, pools: readonly UserPool[]): Promise<Verified> {
    const text = token.replace(/^bearer\s+/iu, '').trim();
    const issuer = issuerOf(text);
    const pool = pools.find((each) => each.issuer === issuer);
    if (!pool) throw unauthorized('You are not authorized to make this call.');
    const claims = await this.tokens.verify(text, pool.issuer).catch((error: unknown) => {
      throw refusal(error);
    });
    const client = String(claims['client_id'] ?? [claims.aud].flat()[0] ?? '');
    if (pool.clientPattern !== undefined && !matchesWhole(pool.clientPattern, client))
      throw unauthorized('You are not authorized to make this call.');
    return { pool, claims, expiresAt: Number(claims.exp) * 1000 };
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
  if (error instanceof errors.JOSEError || error instanceof TypeError || error instanceof UnknownIssuer)
    return unauthorized('You are not authorized to make this call.');
  throw error;
}
