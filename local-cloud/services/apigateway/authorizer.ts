import { errors, type JWTPayload } from 'jose';
import type { Cloud } from '../../core/cloud.ts';
import { PoolTokens, UnknownIssuer } from '../../core/pool-tokens.ts';
import type { JwtAuthorizer } from './model.ts';

export type Verdict =
  | { allowed: true; claims: Record<string, string>; scopes: string[] | null }
  | { allowed: false; status: 401 | 403; challenge?: string };

/**
 * Verifies bearer tokens for real: signature by the issuer's key, issuer, audience (or client id), not before and
 * expiry, then the route's scopes.
 */
export class Authorizers {
  private readonly tokens: PoolTokens;

  constructor(cloud: Cloud) {
    this.tokens = new PoolTokens(cloud, {
      algorithms: ['RS256', 'RS384', 'RS512'],
      requiredClaims: ['exp'],
    });
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
    try {
      const payload = await this.tokens.verify(token, authorizer.issuer);
      const audiences = [payload.aud ?? payload['client_id']].flat();
      return audiences.some((audience) => authorizer.audience.includes(String(audience)))
        ? payload
        : 'the token does not have a valid audience';
    } catch (error) {
      if (error instanceof UnknownIssuer) return 'the issuer is not a user pool of this cloud';
      if (error instanceof errors.JOSEError) return refusal(error);
      if (error instanceof TypeError) return 'unable to parse the token';
      throw error;
    }
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
