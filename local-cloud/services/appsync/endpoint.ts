/** Where the GraphQL endpoint of an API is on the AWS port; its real-time endpoint is below it. */
export const graphqlPath = (apiId: string) => `/_appsync/${apiId}/graphql`;

/** What an address of a GraphQL endpoint means. */
export interface Address {
  readonly apiId: string;
  /** Of the GraphQL endpoint itself, as clients sign it. */
  readonly path: string;
  readonly isRealtime: boolean;
}

const local = /^(\/_appsync\/([a-z0-9]+)\/graphql)(\/realtime)?$/u;
const host = /^([a-z0-9]+)\.appsync-(realtime-)?api\./u;

/** The API that a request is for: by its path, or by AWS's own host names; undefined when it is for none. */
export function addressOf(url: string, hostHeader: string): Address | undefined {
  const path = url.split('?', 1)[0] ?? '/';
  const byPath = local.exec(path);
  if (byPath) {
    const [, base = '', apiId = '', realtime] = byPath;
    return { apiId, path: base, isRealtime: realtime !== undefined };
  }
  const byHost = host.exec(hostHeader);
  if (!byHost || (path !== '/graphql' && path !== '/graphql/realtime')) return undefined;
  const [, apiId = '', realtime] = byHost;
  return { apiId, path: '/graphql', isRealtime: realtime !== undefined || path !== '/graphql' };
}

/**
 * The endpoints as Terraform is told them. aws-amplify makes the real-time address of a custom domain by writing `wss://`
 * in the place of `http://`, which nobody answers on loopback without a certificate; in upper case the scheme is the same
 * to every client, that replacement leaves it alone, and browsers and Node open a WebSocket at an http address as ws.
 */
export function urisOf(endpointUrl: string, apiId: string): { GRAPHQL: string; REALTIME: string } {
  const { host: authority } = new URL(endpointUrl);
  const path = graphqlPath(apiId);
  return { GRAPHQL: `HTTP://${authority}${path}`, REALTIME: `ws://${authority}${path}/realtime` };
}
