import type { HttpRequest } from '../../core/cloud.ts';
import { decoded } from './route-table.ts';

/** What is known of a request when its function is called. */
export interface EventContext {
  accountId: string;
  apiId: string;
  domainName: string;
  stage: string;
  routeKey: string;
  requestId: string;
  /** Epoch milliseconds. */
  time: number;
  /** The undecoded path, and the query without its question mark. */
  path: string;
  query: string;
  pathParameters: Record<string, string> | undefined;
  stageVariables: Record<string, string>;
  /** What the authorizer says of the caller, as `requestContext.authorizer` holds it. */
  authorization: Authorization;
  traceHeader: string;
}

export type Authorization =
  | { jwt: { claims: Record<string, string>; scopes: string[] | null } }
  | { lambda: Record<string, unknown> }
  | undefined;

/** The Lambda event of payload format 2.0. */
export function lambdaEvent(request: HttpRequest, context: EventContext): Record<string, unknown> {
  const headers = joinedHeaders(request);
  const cookies = cookiesOf(request);
  const body = bodyOf(request);
  const parameters = queryParameters(context.query);
  return {
    version: '2.0',
    routeKey: context.routeKey,
    rawPath: decoded(context.path),
    rawQueryString: context.query,
    ...(cookies && { cookies }),
    headers: { ...headers, 'x-amzn-trace-id': context.traceHeader },
    ...(parameters && { queryStringParameters: parameters }),
    requestContext: {
      accountId: context.accountId,
      apiId: context.apiId,
      ...(context.authorization && { authorizer: context.authorization }),
      domainName: context.domainName,
      domainPrefix: context.domainName.split('.')[0],
      http: {
        method: request.method,
        path: decoded(context.path),
        protocol: 'HTTP/1.1',
        sourceIp: request.sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: context.requestId,
      routeKey: context.routeKey,
      stage: context.stage,
      time: logTime(context.time),
      timeEpoch: context.time,
    },
    ...(context.pathParameters && { pathParameters: context.pathParameters }),
    ...(Object.keys(context.stageVariables).length > 0 && { stageVariables: context.stageVariables }),
    ...(body ?? {}),
    isBase64Encoded: body?.isBase64Encoded ?? false,
  };
}

function joinedHeaders(request: HttpRequest): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    const lower = name.toLowerCase();
    if (value === undefined || lower === 'cookie') continue;
    headers[lower] = Array.isArray(value) ? value.join(',') : value;
  }
  return headers;
}

function cookiesOf({ headers }: HttpRequest): string[] | undefined {
  const sent = headers['cookie'];
  if (!sent) return undefined;
  return [sent].flat().flatMap((line) => line.split(/;\s*/).filter((cookie) => cookie !== ''));
}

/** Repeated parameters are joined by a comma. */
function queryParameters(query: string): Record<string, string> | undefined {
  if (query === '') return undefined;
  const parameters: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(query)) {
    parameters[name] = Object.hasOwn(parameters, name) ? `${parameters[name]},${value}` : value;
  }
  return parameters;
}

function bodyOf({ body, headers }: HttpRequest): { body: string; isBase64Encoded: boolean } | undefined {
  if (body.length === 0) return undefined;
  const type = String(headers['content-type'] ?? '').toLowerCase();
  const encoding = headers['content-encoding'];
  const isText = /^text\/|^application\/(\S+\+)?(json|xml|javascript)\b/.test(type) && !encoding;
  return { body: body.toString(isText ? 'utf8' : 'base64'), isBase64Encoded: !isText };
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `12/Mar/2020:19:03:58 +0000`. */
export function logTime(milliseconds: number): string {
  const date = new Date(milliseconds);
  const two = (value: number) => String(value).padStart(2, '0');
  const clock = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(':');
  return `${two(date.getUTCDate())}/${months[date.getUTCMonth()]}/${date.getUTCFullYear()}:${clock} +0000`;
}
