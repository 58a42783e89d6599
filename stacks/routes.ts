/** The route of a command or query as callers write it: `POST /alerts` of `observability` → `POST /api/v1/observability/alerts`. */
export function absoluteRoute(domain: string, route: string): string {
  const match = /^(GET|POST|PUT|PATCH|DELETE) (\/\S*)$/.exec(route);
  if (!match)
    throw new Error(`"${route}" in ${domain} is no route: write a method and a path, as in "GET /alerts".`);
  return `${match[1]} /api/v1/${domain}${match[2] === '/' ? '' : match[2]}`;
}
