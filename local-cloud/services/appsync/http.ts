import { randomUUID } from 'node:crypto';
import { AwsError } from '../../core/errors.ts';
import type { AwsRequest, AwsResponse } from '../../core/service.ts';
import { bodyOf } from '../../gateway/protocols.ts';
import { beginTrace, traceHeader } from '../apigateway/trace.ts';
import { type Authentication, authenticate } from './authorization/authenticate.ts';
import type { Address } from './endpoint.ts';
import { RequestError } from './errors.ts';
import type { Answer, Engine, Execution, WrittenError } from './execution/engine.ts';
import { execute } from './execution/execute.ts';
import { type GraphqlRequest, prepare, readRequest } from './execution/prepare.ts';
import type { GraphqlApi } from './model.ts';
import type { Connections } from './realtime/connections.ts';
import { toldOf } from './realtime/told.ts';
import { recordServed } from './recording.ts';

/** What serving GraphQL needs besides the request. */
export interface Endpoint {
  readonly engine: Engine;
  readonly authentication: Authentication;
  readonly connections: Connections;
}

/** One request to a GraphQL endpoint, from its arrival to its answer. */
export async function serveGraphql(
  endpoint: Endpoint,
  address: Address,
  request: AwsRequest,
): Promise<AwsResponse> {
  const { cloud, registry } = endpoint.engine;
  const api = registry.apis.get(address.apiId);
  if (!api) return refusal(new RequestError(404, 'NotFoundException', `There is no API ${address.apiId}.`));
  const beganAt = Date.now();
  const started = performance.now();
  const requestId = randomUUID();
  const trace = beginTrace(request.headers['x-amzn-trace-id'], beganAt);
  const handedOn = api.xray ? traceHeader(trace) : request.headers['x-amzn-trace-id'];
  let posted: GraphqlRequest | undefined;
  let response: AwsResponse;
  let errors: readonly WrittenError[] = [];
  try {
    posted = readPost(request, (await bodyOf(request)).toString());
    const answer = await answerOf(endpoint, api, request, posted, handedOn);
    errors = answer.errors ?? [];
    response = json(200, answer);
  } catch (error) {
    response = refusal(asRequestError(error));
    if (response.status >= 500) cloud.logger.error('A request to AppSync failed.', { requestId, error });
  }
  response.headers = { ...response.headers, 'x-amzn-requestid': requestId };
  recordServed(cloud, api, {
    requestId,
    path: request.path,
    userAgent: request.headers['user-agent'] ?? '',
    beganAt,
    duration: performance.now() - started,
    status: response.status,
    bytes: Buffer.byteLength(response.body ?? ''),
    query: posted?.query,
    operationName: posted?.operationName,
    errors,
    trace,
  });
  return response;
}

function readPost({ method }: AwsRequest, body: string): GraphqlRequest {
  if (method !== 'POST')
    throw new RequestError(405, 'MethodNotAllowedException', 'GraphQL requests are sent with POST.');
  return readRequest(body);
}

async function answerOf(
  { engine, authentication, connections }: Endpoint,
  api: GraphqlApi,
  { headers, caller }: AwsRequest,
  posted: GraphqlRequest,
  trace: string | undefined,
): Promise<Answer> {
  const requester = await authenticate(authentication, api, headers, () => caller);
  const prepared = prepare(api, posted);
  if ('errors' in prepared) return { data: null, errors: prepared.errors };
  const { document, operation } = prepared;
  if (operation.operation === 'subscription') {
    const message = 'Subscriptions are asked for at the real-time endpoint, over a WebSocket.';
    throw new RequestError(400, 'UnsupportedOperation', message);
  }
  const execution: Execution = {
    api,
    requester,
    headers,
    traceHeader: trace,
    resolversRun: 0,
    appended: [],
    subscriptionFilter: undefined,
  };
  const answer = await execute(engine, execution, prepared, posted);
  // Written as it is answered, since only that is told: enumerations, dates and errors included.
  if (operation.operation === 'mutation')
    await connections.tell(api.id, toldOf(document, operation, answer.data));
  return answer;
}

/** How an error of a whole request is written; also what the gateway says before the service is asked. */
export function refusal({ status, errorType, message }: RequestError): AwsResponse {
  const response = json(status, { errors: [{ errorType, message }] });
  return { ...response, headers: { ...response.headers, 'x-amzn-errortype': errorType } };
}

export function asRequestError(error: unknown): RequestError {
  if (error instanceof RequestError) return error;
  if (error instanceof AwsError) return new RequestError(error.status, error.code, error.message);
  return new RequestError(500, 'InternalFailure', 'An internal error occurred.');
}

function json(status: number, content: object): AwsResponse {
  return {
    status,
    headers: { 'content-type': 'application/json;charset=UTF-8' },
    body: JSON.stringify(content),
  };
}
