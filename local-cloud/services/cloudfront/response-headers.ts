import type { CorsPolicy, ResponseHeadersPolicy } from './model.ts';

type Headers = Record<string, string | string[]>;

/** Applies a response headers policy to what goes to the viewer, in place. */
export function applyResponseHeaders(
  policy: ResponseHeadersPolicy,
  headers: Headers,
  viewer: { method: string; origin: string | undefined },
): void {
  for (const name of policy.remove) delete headers[name];
  for (const { name, value, override } of policy.headers) {
    if (override || headers[name] === undefined) headers[name] = value;
  }
  if (policy.cors && viewer.origin) applyCors(policy.cors, headers, viewer.method, viewer.origin);
}

function applyCors(cors: CorsPolicy, headers: Headers, method: string, origin: string): void {
  const everyone = cors.origins.includes('*');
  if (!everyone && !cors.origins.includes(origin)) return;
  const set = (name: string, value: string) => {
    if (cors.originOverride || headers[name] === undefined) headers[name] = value;
  };
  set('access-control-allow-origin', everyone && !cors.credentials ? '*' : origin);
  if (!everyone) set('vary', 'Origin');
  if (cors.credentials) set('access-control-allow-credentials', 'true');
  if (cors.exposeHeaders.length > 0) set('access-control-expose-headers', cors.exposeHeaders.join(', '));
  if (method !== 'OPTIONS') return;
  set('access-control-allow-methods', cors.methods.join(', '));
  set('access-control-allow-headers', cors.headers.join(', '));
  if (cors.maxAge !== undefined) set('access-control-max-age', String(cors.maxAge));
}
