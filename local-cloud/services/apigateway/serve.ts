import { randomBytes } from 'node:crypto';
import type { Cloud, HttpRequest, HttpResponse } from '../../core/cloud.ts';
import { AwsError } from '../../core/errors.ts';
import type { Authorizers } from './authorizer.ts';
import { corsHeaders, preflightHeaders } from './cors.ts';
import { type Authorization, lambdaEvent } from './event.ts';
import type { LambdaAuthorizers } from './lambda-authorizer.ts';
import type { Authorizer, HttpApi, IdentitySource, Integration, Stage } from './model.ts';
import { record, type Served } from './recording.ts';
import type { Registry } from './registry.ts';
import { messageResponse, responseOf } from './response.ts';
import type { RouteMatch } from './route-table.ts';
import type { Throttling } from './throttling.ts';
import { beginTrace, traceHeader } from './trace.ts';

const bodyLimit = 10 * 1024 * 1024;

/** What serving needs besides the request. */
export interface Gateway {
  cloud: Cloud;
  registry: Registry;
  authorizers: Authorizers;
  lambdaAuthorizers: LambdaAuthorizers;
  throttling: Throttling;
}

type Outcome = { response: HttpResponse } & Partial<
  Pick<Served, 'routeKey' | 'integrationDuration' | 'integrationError' | 'authorizerError' | 'claims'>
>;

/** One request from its arrival to its answer: stage, preflight, route, throttle, authorizer, function. */
export async function serve(gateway: Gateway, apiId: string, request: HttpRequest): Promise<HttpResponse> {
  const { cloud, registry } = gateway;
  const beganAt = Date.now();
  const started = performance.now();
  const requestId = `${randomBytes(11).toString('base64url')}=`;
  const [path = '/', query = ''] = splitOnce(request.url, '?');
  const api = registry.apis.get(apiId);
  const found = registry.stageOf(apiId, path);
  if (!api || !found) return messageResponse(404, 'Not Found', { 'apigw-requestid': requestId });
  const { stage, routePath } = found;
  const trace = beginTrace(headerOf(request, 'x-amzn-trace-id'), beganAt);
  const domainName = `${apiId}.execute-api.${cloud.region}.amazonaws.com`;

  const outcome = await answer(
    gateway,
    { api, stage, request, routePath },
    (match, authorization) =>
      lambdaEvent(request, {
        accountId: cloud.accountId,
        apiId,
        domainName,
        stage: stage.name,
        routeKey: match.route.key,
        requestId,
        time: beganAt,
        path,
        query,
        pathParameters: match.pathParameters,
        stageVariables: stage.variables,
        authorization,
        traceHeader: traceHeader(trace),
      }),
    traceHeader(trace),
  );

  const { response } = outcome;
  response.headers['apigw-requestid'] = requestId;
  record(cloud, {
    api,
    stage,
    method: request.method,
    path,
    routeKey: outcome.routeKey ?? '-',
    requestId,
    sourceIp: request.sourceIp,
    userAgent: headerOf(request, 'user-agent') ?? '',
    domainName,
    beganAt,
    duration: performance.now() - started,
    integrationDuration: outcome.integrationDuration,
    integrationError: outcome.integrationError,
    authorizerError: outcome.authorizerError,
    claims: outcome.claims,
    response,
    trace,
  });
  return response;
}

type MakeEvent = (match: RouteMatch, authorization: Authorization) => Record<string, unknown>;

async function answer(
  gateway: Gateway,
  call: { api: HttpApi; stage: Stage; request: HttpRequest; routePath: string },
  makeEvent: MakeEvent,
  trace: string,
): Promise<Outcome> {
  const { api, stage, request, routePath } = call;
  const origin = headerOf(request, 'origin');
  const preflightMethod = headerOf(request, 'access-control-request-method');
  if (api.cors && origin && request.method === 'OPTIONS' && preflightMethod) {
    const headers = preflightHeaders(api.cors, origin, preflightMethod);
    return { response: { status: 204, headers, body: Buffer.alloc(0) } };
  }
  const outcome = await routed(gateway, stage, request, routePath, makeEvent, trace);
  if (api.cors && origin) withCors(outcome.response, corsHeaders(api.cors, origin));
  return outcome;
}

async function routed(
  gateway: Gateway,
  stage: Stage,
  request: HttpRequest,
  routePath: string,
  makeEvent: MakeEvent,
  trace: string,
): Promise<Outcome> {
  const { registry, throttling } = gateway;
  if (request.body.length > bodyLimit) return { response: messageResponse(413, 'Request Entity Too Large') };
  const match = registry.tableOf(stage.apiId).find(request.method, routePath);
  if (!match) return { response: messageResponse(404, 'Not Found') };
  const { route } = match;
  const routeKey = route.key;
  const throttle = stage.routeThrottles.get(routeKey) ?? stage.throttle;
  if (!throttling.admits(`${stage.apiId}/${stage.name}/${routeKey}`, throttle)) {
    return { response: messageResponse(429, 'Too Many Requests'), routeKey };
  }
  const authorizer = route.authorizerId ? registry.authorizers.get(route.authorizerId) : undefined;
  const integration = registry.integrations.get(route.integrationId);
  if (!integration || (route.authorizerId && !authorizer)) {
    const response = messageResponse(500, 'Internal Server Error');
    return {
      response,
      routeKey,
      integrationError: 'The route names an integration or authorizer that does not exist.',
    };
  }
  const verdict =
    authorizer &&
    (await authorize(gateway, authorizer, { stage, request, routePath, match, makeEvent, trace }));
  if (verdict && 'refusal' in verdict) return { ...verdict.refusal, routeKey };
  const source = `${stage.name}/${routeKey.replace(' ', '')}`;
  const event = makeEvent(match, verdict?.authorization);
  const outcome = await integrate(gateway.cloud, integration, source, event, trace);
  return { ...outcome, routeKey, ...(verdict?.claims && { claims: verdict.claims }) };
}

interface Asking {
  stage: Stage;
  request: HttpRequest;
  routePath: string;
  match: RouteMatch;
  makeEvent: MakeEvent;
  trace: string;
}

type Decision = { refusal: Outcome } | { authorization: Authorization; claims?: Record<string, string> };

/** Asks the route's authorizer who may go on, and what is to be told of them. */
async function authorize(gateway: Gateway, authorizer: Authorizer, asking: Asking): Promise<Decision> {
  const { stage, request, routePath, match, makeEvent, trace } = asking;
  const { route } = match;
  const identity = authorizer.sources.map((source) => identityOf(source, request, route.key));
  if (authorizer.type === 'JWT') {
    const token = identity.find((value) => value);
    const verdict = await gateway.authorizers.check(authorizer, token, route.scopes);
    if (!verdict.allowed) return { refusal: refused(verdict.status, verdict.challenge) };
    const { claims, scopes } = verdict;
    return { authorization: { jwt: { claims, scopes } }, claims };
  }
  const { region, accountId } = gateway.cloud;
  const verdict = await gateway.lambdaAuthorizers.check(authorizer, {
    identity,
    routeArn: `arn:aws:execute-api:${region}:${accountId}:${stage.apiId}/${stage.name}/${request.method}${routePath}`,
    event: makeEvent(match, undefined),
    traceHeader: trace,
  });
  if (verdict.allowed) return { authorization: { lambda: verdict.context } };
  return { refusal: { ...refused(verdict.status), authorizerError: verdict.reason } };
}

function identityOf(
  { from, name }: IdentitySource,
  request: HttpRequest,
  routeKey: string,
): string | undefined {
  if (from === 'context') return routeKey;
  if (from === 'header') return headerOf(request, name);
  const [, query = ''] = splitOnce(request.url, '?');
  return new URLSearchParams(query).get(name) ?? undefined;
}

const refusals = { 401: 'Unauthorized', 403: 'Forbidden', 500: 'Internal Server Error' };

function refused(status: keyof typeof refusals, challenge?: string): Outcome {
  const message = refusals[status];
  const headers = challenge ? { 'www-authenticate': challenge } : {};
  return { response: messageResponse(status, message, headers), authorizerError: challenge ?? message };
}

async function integrate(
  cloud: Cloud,
  { apiId, functionArn, timeoutMilliseconds }: Integration,
  source: string,
  event: Record<string, unknown>,
  trace: string,
): Promise<Outcome> {
  const started = performance.now();
  const finished = (response: HttpResponse, integrationError?: string): Outcome => ({
    response,
    integrationDuration: performance.now() - started,
    integrationError,
  });
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<'timeout'>((resolve) => {
    timer = setTimeout(resolve, timeoutMilliseconds, 'timeout');
  });
  try {
    const { region, accountId } = cloud;
    const sourceArn = `arn:aws:execute-api:${region}:${accountId}:${apiId}/${source}`;
    cloud.ports.access.require(
      { type: 'service', service: 'apigateway.amazonaws.com', sourceArn },
      { action: 'lambda:InvokeFunction', resource: functionArn },
    );
    const invoked = cloud.ports.functions.invoke(functionArn, event, { traceHeader: trace });
    const result = await Promise.race([invoked, timeout]);
    if (result === 'timeout') {
      invoked.catch((error: unknown) =>
        cloud.logger.warn('a function failed after its API had given up', { error: String(error) }),
      );
      return finished(messageResponse(503, 'Service Unavailable'), 'The integration timed out.');
    }
    if (result.functionError) return finished(internalError(), 'The function ended with an error.');
    const response = responseOf(result.payload);
    return response
      ? finished(response)
      : finished(internalError(), 'The response of the function is malformed.');
  } catch (error) {
    if (!(error instanceof AwsError))
      cloud.logger.error('invoking a function for an API failed', { error: String(error) });
    const throttled = error instanceof AwsError && error.status === 429;
    const response = throttled ? messageResponse(503, 'Service Unavailable') : internalError();
    return finished(response, error instanceof Error ? error.message : String(error));
  } finally {
    clearTimeout(timer);
  }
}

function internalError(): HttpResponse {
  return messageResponse(500, 'Internal Server Error');
}

/** Where the API has CORS settings, they alone decide: what the function says of it is dropped. */
function withCors(response: HttpResponse, headers: Record<string, string>): void {
  for (const name of Object.keys(response.headers)) {
    if (name.startsWith('access-control-')) delete response.headers[name];
  }
  Object.assign(response.headers, headers);
}

function headerOf({ headers }: HttpRequest, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(',') : value;
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
