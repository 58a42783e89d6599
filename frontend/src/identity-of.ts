import type { Identity } from '#shared/frontend/identity.ts';
import { isRole } from '#shared/frontend/roles.ts';

/** The person that an ID token speaks of. Groups that are no roles are left out. */
export function identityOf(claims: Readonly<Record<string, unknown>>): Identity {
  const groups: unknown = claims['cognito:groups'];
  return {
    subject: textOf(claims['sub']),
    email: textOf(claims['email']) || textOf(claims['cognito:username']),
    tenant: textOf(claims['custom:tenant']),
    roles: Array.isArray(groups) ? groups.filter(isRole) : [],
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
