import type { Cloud } from '../../core/cloud.ts';
import { AwsError } from '../../core/errors.ts';
import type { Trace } from '../apigateway/trace.ts';
import type { GraphqlApi } from './model.ts';

export function recordMetric(cloud: Cloud, api: GraphqlApi, name: string, unit: string, value: number): void {
  const dimensions = { GraphQLAPIId: api.id };
  cloud.telemetry.metric({ namespace: 'AWS/AppSync', name, dimensions, unit, value, time: Date.now() });
}

const usageTypes = {
  Operations: ['USE1-GraphQLInvocation', 'GraphQLInvocation'],
  RealTimeUpdates: ['USE1-RealTimeUpdates', 'RealTimeUpdates'],
  ConnectionMinutes: ['USE1-ConnectionMinutes', 'ConnectionMinutes'],
} as const;

export function recordUse(
  cloud: Cloud,
  api: GraphqlApi,
  kind: keyof typeof usageTypes,
  quantity: number,
): void {
  const [usageType, operation] = usageTypes[kind];
  cloud.telemetry.usage({
    service: 'AWS AppSync',
    usageType,
    operation,
    resource: api.arn,
    quantity,
    time: Date.now(),
  });
}

/** One answered request of the GraphQL endpoint. Times are epoch milliseconds, durations milliseconds. */
export interface Served {
  readonly requestId: string;
  readonly path: string;
  readonly userAgent: string;
  readonly beganAt: number;
  readonly duration: number;
  readonly status: number;
  readonly bytes: number;
  readonly query: string | undefined;
  readonly operationName: string | undefined;
  readonly errors: readonly { path: unknown; message: string; errorType: string | null }[];
  readonly trace: Trace;
}

/** Writes metrics, use, the segment and the log lines of a request. */
export function recordServed(cloud: Cloud, api: GraphqlApi, served: Served): void {
  const { status, duration } = served;
  recordMetric(cloud, api, '4XXError', 'Count', status >= 400 && status < 500 ? 1 : 0);
  recordMetric(cloud, api, '5XXError', 'Count', status >= 500 ? 1 : 0);
  recordMetric(cloud, api, 'Latency', 'Milliseconds', duration);
  recordMetric(cloud, api, 'Requests', 'Count', 1);
  // What is refused before it is executed costs nothing.
  if (status < 400) recordUse(cloud, api, 'Operations', 1);
  if (api.xray && served.trace.sampled) recordSegment(cloud, api, served);
  if (api.log) writeLog(cloud, api, served);
}

function recordSegment(cloud: Cloud, api: GraphqlApi, served: Served): void {
  const { trace, status } = served;
  cloud.telemetry.segment({
    id: trace.segmentId,
    trace_id: trace.root,
    ...(trace.parent && { parent_id: trace.parent }),
    name: api.name,
    origin: 'AWS::AppSync::GraphQLAPI',
    start_time: served.beganAt / 1000,
    end_time: (served.beganAt + served.duration) / 1000,
    http: {
      request: {
        method: 'POST',
        url: `${cloud.endpointUrl}${served.path}`,
        client_ip: '127.0.0.1',
        user_agent: served.userAgent,
      },
      response: { status, content_length: served.bytes },
    },
    aws: { appsync: { graphql_api_id: api.id, request_id: served.requestId } },
    ...(status >= 400 && status < 500 && { error: true }),
    ...(status >= 500 && { fault: true }),
  });
}

/** As the role of the log settings; a role that may not write has no log, as on AWS. */
function writeLog(cloud: Cloud, api: GraphqlApi, served: Served): void {
  const { log } = api;
  if (!log) return;
  const group = `/aws/appsync/apis/${api.id}`;
  const { requestId, status, duration, query, operationName, errors } = served;
  const common = { requestId, graphQLAPIId: api.id };
  const lines: string[] = [];
  if (log.verbose && query !== undefined) {
    lines.push(`${requestId} GraphQL Query: ${query}, Operation: ${operationName ?? 'null'}`);
  }
  if (log.level !== 'NONE') {
    for (const { path, message, errorType } of errors)
      lines.push(JSON.stringify({ logType: 'ExecutionError', ...common, path, errorType, message }));
  }
  const latency = Math.round(duration * 1_000_000);
  lines.push(JSON.stringify({ logType: 'RequestSummary', ...common, statusCode: status, latency }));
  try {
    const prefix = `arn:aws:logs:${cloud.region}:${cloud.accountId}:log-group:${group}:log-stream:${api.id}`;
    const caller = { type: 'role', roleArn: log.roleArn, session: 'APPSYNC_ASSUME_ROLE' } as const;
    cloud.ports.access.require(caller, { action: 'logs:PutLogEvents', resource: prefix });
  } catch (error) {
    if (error instanceof AwsError) return;
    throw error;
  }
  const time = Date.now();
  cloud.ports.logs.write(
    group,
    api.id,
    lines.map((message) => ({ time, message })),
  );
}
