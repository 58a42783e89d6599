import type { CachePolicy, OriginRequestPolicy, Selection } from './model.ts';
import type { ViewerRequest } from './viewer-event.ts';

/** True when a policy lets `name` through. */
export function selects({ behaviour, items }: Selection, name: string): boolean {
  if (behaviour === 'all' || behaviour === 'allViewer' || behaviour === 'allViewerAndWhitelistCloudFront')
    return true;
  if (behaviour === 'whitelist') return items.includes(name);
  return behaviour === 'allExcept' && !items.includes(name);
}

/**
 * The request as its origin gets it: the headers, cookies and query parameters that the cache policy or the origin
 * request policy names, and those no request is without. `Host` stays the origin's own.
 */
export function forwarded(
  request: ViewerRequest,
  cache: CachePolicy,
  origin: OriginRequestPolicy | undefined,
): ViewerRequest {
  const passes = (part: 'headers' | 'cookies' | 'queryStrings', name: string) =>
    selects(cache[part], name) || (origin !== undefined && selects(origin[part], name));
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (name === 'cookie' || name === 'host' || hopByHop.has(name)) continue;
    if (alwaysForwarded.has(name) || passes('headers', name)) headers[name] = value;
  }
  const cookie = selectPairs(request.headers['cookie'] ?? '', /;\s*/, (name) => passes('cookies', name)).join(
    '; ',
  );
  if (cookie !== '') headers['cookie'] = cookie;
  headers['user-agent'] ??= 'Amazon CloudFront';
  const query = selectPairs(request.query, '&', (name) => passes('queryStrings', name)).join('&');
  return { ...request, headers, query };
}

/** What distinguishes one cached answer from another. */
export function cacheKey(distributionId: string, request: ViewerRequest, policy: CachePolicy): string {
  const headers = Object.entries(request.headers)
    .filter(([name]) => selects(policy.headers, name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const cookies = selectPairs(request.headers['cookie'] ?? '', /;\s*/, (name) =>
    selects(policy.cookies, name),
  );
  const query = selectPairs(request.query, '&', (name) => selects(policy.queryStrings, name));
  return JSON.stringify([distributionId, request.method, request.uri, query.sort(), headers, cookies.sort()]);
}

const alwaysForwarded = new Set(['content-type', 'content-length', 'x-amzn-trace-id']);
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'accept-encoding',
  'expect',
]);

function selectPairs(text: string, separator: string | RegExp, wanted: (name: string) => boolean): string[] {
  return text.split(separator).filter((pair) => pair !== '' && wanted(pair.split('=', 1)[0] ?? ''));
}
