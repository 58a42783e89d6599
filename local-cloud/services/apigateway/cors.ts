import type { Cors } from './model.ts';

/** The headers of the answer to a preflight request, when its origin, method and headers are allowed. */
export function preflightHeaders(cors: Cors, origin: string, method: string): Record<string, string> {
  const allowed = allowedOrigin(cors, origin);
  const methodAllowed = cors.allowMethods.includes('*') || cors.allowMethods.includes(method);
  if (!allowed || !methodAllowed) return {};
  return {
    'access-control-allow-origin': allowed,
    'access-control-allow-methods': cors.allowMethods.join(','),
    ...(cors.allowHeaders.length > 0 && { 'access-control-allow-headers': cors.allowHeaders.join(',') }),
    ...(cors.maxAge !== undefined && { 'access-control-max-age': String(cors.maxAge) }),
    ...(cors.allowCredentials && { 'access-control-allow-credentials': 'true' }),
  };
}

/** The headers of an ordinary answer to a browser of another origin. */
export function corsHeaders(cors: Cors, origin: string): Record<string, string> {
  const allowed = allowedOrigin(cors, origin);
  if (!allowed) return {};
  return {
    'access-control-allow-origin': allowed,
    ...(allowed !== '*' && { vary: 'Origin' }),
    ...(cors.exposeHeaders.length > 0 && { 'access-control-expose-headers': cors.exposeHeaders.join(',') }),
    ...(cors.allowCredentials && { 'access-control-allow-credentials': 'true' }),
  };
}

function allowedOrigin(cors: Cors, origin: string): string | undefined {
  if (cors.allowOrigins.includes('*')) return cors.allowCredentials ? origin : '*';
  const matches = (pattern: string) =>
    pattern.endsWith('*') ? origin.startsWith(pattern.slice(0, -1)) : pattern === origin;
  return cors.allowOrigins.some(matches) ? origin : undefined;
}
