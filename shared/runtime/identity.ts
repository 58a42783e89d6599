import { type Role, roles } from '../definition/roles.ts';
import type { Actor } from '../messages/envelope.ts';
import { forbidden, unauthorized } from '../messages/problem.ts';
import type { HttpEvent } from './http.ts';

/** Who calls: from the ID token that the gateway has verified. */
export interface Identity {
  readonly actor: Actor;
  readonly tenant: string;
  readonly roles: readonly Role[];
}

/**
 * Reads the caller from the verified claims. The authorizer accepts access tokens too (they are signed by the same
 * pool), but those carry no tenant: 401. An account without a tenant may do nothing: 403.
 */
export function identify(event: HttpEvent): Identity {
  const claims = event.requestContext.authorizer?.jwt?.claims ?? {};
  const subject = claims['sub'];
  if (claims['token_use'] !== 'id' || typeof subject !== 'string') {
    throw unauthorized('Send the ID token of the sign-in as bearer, not the access token.');
  }
  const tenant = claims['custom:tenant'];
  // The event store's keys are separated by "#".
  if (typeof tenant !== 'string' || !/^[A-Za-z0-9_-]{1,64}$/.test(tenant)) {
    throw forbidden('Your account belongs to no tenant. Ask an administrator to set it.');
  }
  return { actor: { type: 'user', id: subject }, tenant, roles: rolesOf(claims['cognito:groups']) };
}

/** HTTP APIs hand the groups over as the text `[admin operator]`; other gateways as a list. */
function rolesOf(groups: unknown): Role[] {
  const names = Array.isArray(groups)
    ? groups
    : String(groups ?? '')
        .replace(/^\[|\]$/g, '')
        .split(/[\s,]+/);
  return roles.filter((role) => names.includes(role));
}

/** Throws 403 unless the caller has one of the roles. */
export function assertRole(identity: Identity, allowed: readonly Role[]): void {
  if (!identity.roles.some((role) => allowed.includes(role))) {
    throw forbidden(`This needs the role ${allowed.join(' or ')}.`);
  }
}
