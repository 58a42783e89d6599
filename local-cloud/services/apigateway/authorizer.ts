import {
  createLocalJWKSet,
  errors,
  type JSONWebKeySet,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify,
} from 'jose';
import type { UserPools } from '../../core/cloud.ts';
import type { JwtAuthorizer } from './model.ts';

export type Verdict =
  | { allowed: true; claims: Record<string, string>; scopes: string[] | null }
  | { allowed: false; status: 401 | 403; challenge?: string };

const cacheSize = 2000;

/**
 * Verifies bearer tokens for real: signature by the issuer's key, issuer, audience (or client id), not before and
 * expiry, then the route's scopes. A verified token is remembered until it expires, as AWS remembers keys.
 */
export class Authorizers {
  private readonly userPools: () => UserPools;
  private readonly now: () => number;
  private readonly keySets = new Map<string, JWTVerifyGetKey>();
  private readonly verified = new Map<string, JWTPayload>();

  /** `now` in epoch milliseconds. */
  constructor(userPools: () => UserPools, now: () => number = Date.now) {
    this.userPools = userPools;
    this.now = now;
  }

  async check(authorizer: JwtAuthorizer, token: string | undefined, scopes: string[]): Promise<Verdict> {
    if (!token) return { allowed: false, status: 401, challenge: 'Bearer' };
    const payload = await this.verify(authorizer, token.replace(/^bearer\s+/i, ''));
    if (typeof payload === 'string') {
      const challenge = `Bearer scope="" error="invalid_token" error_description="${payload}"`;
      return { allowed: false, status: 401, challenge };
    }
    const granted = String(payload['scope'] ?? payload['scp'] ?? '').split(' ');
    if (scopes.length > 0 && !scopes.some((scope) => granted.includes(scope))) {
      const challenge = `Bearer scope="${scopes.join(' ')}" error="insufficient_scope"`;
      return { allowed: false, status: 403, challenge };
    }
    return { allowed: true, claims: claimTexts(payload), scopes: scopes.length > 0 ? granted : null };
  }

  /** The claims, or why the token is refused. */
  private async verify(authorizer: JwtAuthorizer, token: string): Promise<JWTPayload | string> {
    const cacheKey = `${authorizer.id} ${token}`;
    const known = this.verified.get(cacheKey);
    if (known?.exp !== undefined && known.exp * 1000 > this.now()) return known;
    this.verified.delete(cacheKey);
    const keys = await this.keysOf(authorizer.issuer);
    if (!keys) return 'the issuer is not a user pool of this cloud';
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer: authorizer.issuer,
        algorithms: ['RS256', 'RS384', 'RS512'],
        requiredClaims: ['exp'],
        currentDate: new Date(this.now()),
      });
      const audiences = [payload.aud ?? payload['client_id']].flat();
      if (!audiences.some((audience) => authorizer.audience.includes(String(audience)))) {
        return 'the token does not have a valid audience';
      }
      this.remember(cacheKey, payload);
      return payload;
    } catch (error) {
      if (error instanceof errors.JOSEError) return refusal(error);
      if (error instanceof TypeError) return 'unable to parse the token';
      throw error;
    }
  }

  private remember(cacheKey: string, payload: JWTPayload): void {
    const oldest = this.verified.size >= cacheSize ? this.verified.keys().next().value : undefined;
    if (oldest !== undefined) this.verified.delete(oldest);
    this.verified.set(cacheKey, payload);
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

/** The error descriptions of HTTP APIs. */
function refusal(error: errors.JOSEError): string {
  if (error instanceof errors.JWTExpired) return 'the token has expired';
  if (error instanceof errors.JWTClaimValidationFailed)
    return `the token does not have a valid ${error.claim}`;
  if (error instanceof errors.JOSEAlgNotAllowed) return 'the signing method is invalid';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'the token signature is invalid';
  if (error instanceof errors.JWKSNoMatchingKey) return 'unable to find a signing key that matches the token';
  return 'unable to parse the token';
}

/** Every claim as HTTP APIs hand it to a function: a text, lists as `[admin operator]`. */
export function claimTexts(payload: JWTPayload): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [name, value] of Object.entries(payload)) texts[name] = claimText(value);
  return texts;
}

function claimText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(String).join(' ')}]`;
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}
