import type { Cloud } from '../../core/cloud.ts';
import { AwsError, notSupported } from '../../core/errors.ts';
import type { AwsRequest, AwsResponse } from '../../core/service.ts';
import type { AsynchronousInvocations } from './asynchronous-invocations.ts';
import type { FunctionConfiguration } from './configuration.ts';
import type { FunctionRegistry } from './function-registry.ts';
import type { Invoker } from './invoker.ts';

export interface ApiParts {
  cloud: Cloud;
  registry: FunctionRegistry;
  invoker: Invoker;
  asynchronous: AsynchronousInvocations;
  /** Event source mappings as ListEventSourceMappings answers them. */
  describeMappings(): { UUID: string; FunctionArn: string; EventSourceArn: string }[];
}

type Route = (parts: ApiParts, request: AwsRequest, name: string) => AwsResponse | Promise<AwsResponse>;

const routes: [method: string, path: RegExp, route: Route][] = [
  ['POST', /^\/2015-03-31\/functions\/([^/]+)\/invocations$/, invoke],
  ['GET', /^\/2015-03-31\/functions\/?$/, listFunctions],
  ['GET', /^\/2015-03-31\/functions\/([^/]+)$/, getFunction],
  ['GET', /^\/2015-03-31\/functions\/([^/]+)\/configuration$/, getFunctionConfiguration],
  ['GET', /^\/2015-03-31\/event-source-mappings\/?$/, listMappings],
  ['GET', /^\/2015-03-31\/event-source-mappings\/([^/]+)$/, getMapping],
];

/** Lambda's REST API, errors included. */
export async function handleLambdaRequest(parts: ApiParts, request: AwsRequest): Promise<AwsResponse> {
  try {
    for (const [method, path, route] of routes) {
      const match = method === request.method ? path.exec(request.path) : null;
      if (match) return await route(parts, request, decodeURIComponent(match[1] ?? ''));
    }
    throw notSupported('Lambda', `${request.method} ${request.path}`);
  } catch (error) {
    if (error instanceof AwsError) return errorResponse(error);
    throw error;
  }
}

async function invoke(parts: ApiParts, request: AwsRequest, name: string): Promise<AwsResponse> {
  const { registry, invoker, asynchronous } = parts;
  const target = qualified(name, request.query.get('Qualifier'));
  const payload = readPayload(request.body);
  const traceHeader = request.headers['x-amzn-trace-id'];
  const invocationType = request.headers['x-amz-invocation-type'] ?? 'RequestResponse';
  if (invocationType === 'DryRun') {
    registry.get(target);
    return { status: 204, headers: { 'x-amz-executed-version': '$LATEST' } };
  }
  if (invocationType === 'Event') {
    const requestId = await asynchronous.enqueue(target, payload, traceHeader);
    return { status: 202, headers: { 'x-amzn-requestid': requestId } };
  }
  if (invocationType !== 'RequestResponse') {
    throw new AwsError('InvalidParameterValueException', `Invalid invocation type: ${invocationType}`);
  }
  const invocation = await invoker.invoke(target, payload, traceHeader ? { traceHeader } : {});
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    'x-amzn-requestid': invocation.requestId,
    'x-amz-executed-version': '$LATEST',
  };
  if (invocation.functionError) headers['x-amz-function-error'] = invocation.functionError;
  if (request.headers['x-amz-log-type'] === 'Tail') {
    headers['x-amz-log-result'] = Buffer.from(invocation.logTail()).toString('base64');
  }
  return { status: 200, headers, body: JSON.stringify(invocation.payload) };
}

function readPayload(body: Buffer): string {
  const text = body.length === 0 ? '{}' : body.toString('utf8');
  try {
    JSON.parse(text);
  } catch (error) {
    throw new AwsError('InvalidRequestContentException', `Could not parse request body into json: ${error}`);
  }
  return text;
}

function qualified(name: string, qualifier: string | null): string {
  return qualifier && !name.endsWith(`:${qualifier}`) ? `${name}:${qualifier}` : name;
}

function listFunctions({ registry }: ApiParts, { query }: AwsRequest): AwsResponse {
  const limit = Math.min(Number(query.get('MaxItems') ?? 50), 10_000);
  const start = Number(query.get('Marker') ?? 0);
  const all = registry.all();
  const page = all.slice(start, start + limit);
  const next = start + page.length;
  return json({
    Functions: page.map(({ configuration }) => describe(configuration)),
    NextMarker: next < all.length ? String(next) : null,
  });
}

function getFunction({ registry }: ApiParts, request: AwsRequest, name: string): AwsResponse {
  const { deployed } = registry.get(qualified(name, request.query.get('Qualifier')));
  const { configuration } = deployed;
  const reserved = configuration.reservedConcurrency;
  return json({
    Configuration: describe(configuration),
    Code: { RepositoryType: 'S3', Location: `file://${configuration.codeFolder}` },
    Tags: {},
    ...(reserved === undefined ? {} : { Concurrency: { ReservedConcurrentExecutions: reserved } }),
  });
}

function getFunctionConfiguration({ registry }: ApiParts, request: AwsRequest, name: string): AwsResponse {
  return json(describe(registry.get(qualified(name, request.query.get('Qualifier'))).deployed.configuration));
}

function listMappings({ describeMappings, registry }: ApiParts, { query }: AwsRequest): AwsResponse {
  const functionName = query.get('FunctionName');
  const functionArn = functionName ? registry.get(functionName).deployed.configuration.arn : undefined;
  const source = query.get('EventSourceArn');
  const mappings = describeMappings().filter(
    (mapping) =>
      (!functionArn || mapping.FunctionArn === functionArn) && (!source || mapping.EventSourceArn === source),
  );
  return json({ EventSourceMappings: mappings, NextMarker: null });
}

function getMapping({ describeMappings }: ApiParts, _request: AwsRequest, uuid: string): AwsResponse {
  const mapping = describeMappings().find(({ UUID }) => UUID === uuid);
  if (!mapping)
    throw new AwsError('ResourceNotFoundException', 'The resource you requested does not exist.', 404);
  return json(mapping);
}

function describe(configuration: FunctionConfiguration): object {
  return {
    FunctionName: configuration.name,
    FunctionArn: configuration.arn,
    Runtime: configuration.runtime,
    Role: configuration.role,
    Handler: configuration.handler,
    CodeSize: configuration.codeSize,
    Description: configuration.description,
    Timeout: configuration.timeoutSeconds,
    MemorySize: configuration.memoryMegabytes,
    LastModified: configuration.lastModified,
    CodeSha256: configuration.codeSha256,
    Version: '$LATEST',
    Environment: { Variables: configuration.environment },
    TracingConfig: { Mode: configuration.tracing },
    ...(configuration.deadLetterArn ? { DeadLetterConfig: { TargetArn: configuration.deadLetterArn } } : {}),
    State: 'Active',
    LastUpdateStatus: 'Successful',
    PackageType: 'Zip',
    Architectures: [configuration.architecture],
    EphemeralStorage: { Size: 512 },
    LoggingConfig: { LogFormat: configuration.logFormat, LogGroup: configuration.logGroup },
  };
}

function json(body: object): AwsResponse {
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

function errorResponse(error: AwsError): AwsResponse {
  return {
    status: error.status,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': error.code },
    body: JSON.stringify({ Type: 'User', ...error.details, message: error.message, Message: error.message }),
  };
}
