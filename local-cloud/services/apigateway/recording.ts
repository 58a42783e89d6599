import type { Cloud, HttpResponse } from '../../core/cloud.ts';
import { logTime } from './event.ts';
import type { HttpApi, Stage } from './model.ts';
import type { Trace } from './trace.ts';

/** What one finished request is known by. Times are epoch milliseconds, durations milliseconds. */
export interface Served {
  api: HttpApi;
  stage: Stage;
  method: string;
  path: string;
  routeKey: string;
  requestId: string;
  sourceIp: string;
  userAgent: string;
  domainName: string;
  beganAt: number;
  duration: number;
  integrationDuration: number | undefined;
  integrationError: string | undefined;
  authorizerError: string | undefined;
  claims: Record<string, string> | undefined;
  response: HttpResponse;
  trace: Trace;
}

/** Writes the metrics, the segment and the access log line of a request. */
export function record(cloud: Cloud, served: Served): void {
  recordMetrics(cloud, served);
  recordUsage(cloud, served);
  if (served.trace.sampled) recordSegment(cloud, served);
  const log = served.stage.accessLog;
  if (!log) return;
  const stream = `${served.api.id}-${served.stage.name.replace('$', '')}`;
  cloud.ports.logs.write(log.group, stream, [
    { time: served.beganAt, message: accessLine(log.format, served) },
  ]);
}

function recordMetrics(
  cloud: Cloud,
  { api, stage, routeKey, method, beganAt, response, ...served }: Served,
): void {
  const dimensionSets: Record<string, string>[] = [{ ApiId: api.id }, { ApiId: api.id, Stage: stage.name }];
  if (stage.detailedMetrics) {
    const Resource = routeKey.split(' ')[1] ?? routeKey;
    dimensionSets.push({ ApiId: api.id, Stage: stage.name, Method: method, Resource });
  }
  const values: [name: string, unit: string, value: number][] = [
    ['Count', 'Count', 1],
    ['4xx', 'Count', response.status >= 400 && response.status < 500 ? 1 : 0],
    ['5xx', 'Count', response.status >= 500 ? 1 : 0],
    ['Latency', 'Milliseconds', served.duration],
    ['DataProcessed', 'Bytes', response.body.length],
  ];
  if (served.integrationDuration !== undefined) {
    values.push(['IntegrationLatency', 'Milliseconds', served.integrationDuration]);
  }
  for (const dimensions of dimensionSets) {
    for (const [name, unit, value] of values) {
      cloud.telemetry.metric({ namespace: 'AWS/ApiGateway', name, dimensions, unit, value, time: beganAt });
    }
  }
}

const billedBytes = 512 * 1024;

/** A request counts once for every 512 KB it carries. */
function recordUsage(cloud: Cloud, { api, beganAt, response }: Served): void {
  cloud.telemetry.usage({
    service: 'Amazon API Gateway',
    usageType: 'USE1-ApiGatewayHttpRequest',
    operation: 'ApiGatewayHttpApi',
    resource: `arn:aws:apigateway:${cloud.region}::/apis/${api.id}`,
    quantity: Math.max(1, Math.ceil(response.body.length / billedBytes)),
    time: beganAt,
  });
}

function recordSegment(cloud: Cloud, { api, stage, trace, response, ...served }: Served): void {
  const { status } = response;
  cloud.telemetry.segment({
    id: trace.segmentId,
    trace_id: trace.root,
    ...(trace.parent && { parent_id: trace.parent }),
    name: `${api.name}/${stage.name}`,
    origin: 'AWS::ApiGateway::Stage',
    start_time: served.beganAt / 1000,
    end_time: (served.beganAt + served.duration) / 1000,
    http: {
      request: {
        method: served.method,
        url: `https://${served.domainName}${served.path}`,
        client_ip: served.sourceIp,
        user_agent: served.userAgent,
      },
      response: { status, content_length: response.body.length },
    },
    aws: {
      api_gateway: {
        account_id: cloud.accountId,
        rest_api_id: api.id,
        stage: stage.name,
        request_id: served.requestId,
      },
    },
    ...(status === 429 && { throttle: true }),
    ...(status >= 400 && status < 500 && { error: true }),
    ...(status >= 500 && { fault: true }),
  });
}

/** The stage's format with every `$context` variable filled in; one without a value is a dash, as in AWS. */
function accessLine(format: string, served: Served): string {
  return format.replaceAll(/\$context\.([A-Za-z0-9_.:-]*[A-Za-z0-9_])/g, (_, name: string) => {
    const value = contextValue(name, served);
    return value === undefined || value === '' ? '-' : String(value).replaceAll('"', '\\"');
  });
}

function contextValue(name: string, served: Served): string | number | undefined {
  if (name.startsWith('authorizer.claims.')) return served.claims?.[name.slice('authorizer.claims.'.length)];
  if (name.startsWith('authorizer.jwt.claims.'))
    return served.claims?.[name.slice('authorizer.jwt.claims.'.length)];
  const integrationLatency = served.integrationDuration && Math.round(served.integrationDuration);
  const values: Record<string, string | number | undefined> = {
    apiId: served.api.id,
    domainName: served.domainName,
    domainPrefix: served.domainName.split('.')[0],
    httpMethod: served.method,
    path: served.path,
    protocol: 'HTTP/1.1',
    requestId: served.requestId,
    extendedRequestId: served.requestId,
    requestTime: logTime(served.beganAt),
    requestTimeEpoch: served.beganAt,
    responseLatency: Math.round(served.duration),
    responseLength: served.response.body.length,
    routeKey: served.routeKey,
    stage: served.stage.name,
    status: served.response.status,
    integrationLatency,
    integrationStatus: served.integrationDuration === undefined ? undefined : 200,
    integrationErrorMessage: served.integrationError,
    integrationError: served.integrationError,
    'integration.error': served.integrationError,
    'integration.latency': integrationLatency,
    'integration.status': served.integrationDuration === undefined ? undefined : 200,
    'integration.integrationStatus': served.integrationError ? undefined : served.response.status,
    'authorizer.error': served.authorizerError,
    'error.message': served.response.status >= 400 ? errorMessage(served) : undefined,
    'error.responseType': undefined,
    'identity.sourceIp': served.sourceIp,
    'identity.userAgent': served.userAgent,
    xrayTraceId: served.trace.root,
    awsEndpointRequestId: served.requestId,
  };
  return values[name];
}

function errorMessage({ integrationError, authorizerError }: Served): string | undefined {
  return integrationError ?? authorizerError;
}
