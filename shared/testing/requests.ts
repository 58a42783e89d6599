import type { Role } from '../definition/roles.ts';
import type { HttpEvent } from '../runtime/http.ts';

/** The claims of an ID token as the HTTP API hands them over. */
export function claimsOf(groups: readonly Role[], tenant = 'skafu'): Record<string, unknown> {
  return {
    sub: 'sub-1',
    token_use: 'id',
    'custom:tenant': tenant,
    'cognito:groups': `[${groups.join(' ')}]`,
  };
}

/** A request of an operator, changed as a test needs it. */
export function request(changes: Partial<HttpEvent> & { claims?: Record<string, unknown> } = {}): HttpEvent {
  const { claims = claimsOf(['operator']), ...rest } = changes;
  return {
    routeKey: 'POST /counters',
    rawPath: '/counters',
    headers: {},
    requestContext: { requestId: 'request-1', authorizer: { jwt: { claims } } },
    ...rest,
  };
}
