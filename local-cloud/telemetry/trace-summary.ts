import type { Span } from './segment-spans.ts';
import { callsOf, fieldsOf, readSpans, textOf } from './trace-calls.ts';
import { apiService, failureRootCauses, responseTimeRootCauses, timeOf } from './trace-root-causes.ts';
import type { Call, ReadSpan, ServiceId } from './trace-types.ts';
import type { Row } from './write-buffer.ts';

/** Something that a trace can be found by, and the service it was told by. */
interface Value {
  kind: 'annotation' | 'user' | 'zone' | 'instance' | 'resource' | 'message' | 'exception';
  key: string;
  value: string | number | boolean;
  service: ServiceId | undefined;
}

/** The rows that stand for one trace in the derived tables. */
export interface TraceRows {
  summary: Row;
  calls: Row[];
  values: Row[];
}

/** Derives what is asked for most from all spans of one trace. */
export function summarize(traceId: string, revision: bigint, inOrderOfArrival: readonly Span[]): TraceRows {
  const spans = readSpans(inOrderOfArrival);
  const calls = callsOf(spans);
  const root = calls.find(({ caller, inferred }) => !caller && !inferred);
  const values = valuesOf(spans, calls);
  const startTime = root?.startTime ?? spans[0]?.startTime ?? 0;
  const endTime = spans.reduce((last, span) => Math.max(last, span.endTime ?? span.startTime), startTime);
  const facts = {
    ...{ traceId, revision, startTime, endTime, root, calls, values },
    byId: new Map(spans.map((span) => [span.id, span])),
    duration: rounded(endTime - startTime),
    responseTime: root ? rounded(timeOf(root)) : undefined,
    throttle: calls.some(({ throttle }) => throttle),
    partial: calls.some(({ partial }) => partial),
  };
  return {
    summary: summaryRow(facts),
    calls: calls.map((call) => callRow(traceId, call, root)),
    values: values.map((value) => valueRow(traceId, value)),
  };
}

interface Facts {
  traceId: string;
  revision: bigint;
  startTime: number;
  endTime: number;
  root: Call | undefined;
  calls: Call[];
  values: Value[];
  byId: ReadonlyMap<string, ReadSpan>;
  duration: number;
  responseTime: number | undefined;
  throttle: boolean;
  partial: boolean;
}

/** Differences of epoch seconds end in noise. */
const rounded = (seconds: number): number => Math.round(seconds * 1e6) / 1e6;

function summaryRow(facts: Facts): Row {
  const { root, throttle } = facts;
  return [
    ...[facts.traceId, facts.revision, facts.startTime, facts.endTime, facts.endTime],
    ...[facts.duration, facts.responseTime ?? null],
    ...[
      root ? root.ok && !throttle : null,
      root?.error ?? false,
      root?.fault ?? false,
      throttle,
      facts.partial,
    ],
    ...httpColumns(root),
    JSON.stringify(summaryOf(facts)),
  ];
}

function httpColumns(call: Call | undefined): Row {
  const http = call?.http;
  return [
    http?.status ?? null,
    http?.url ?? null,
    http?.method ?? null,
    http?.userAgent ?? null,
    http?.clientIp ?? null,
  ];
}

function callRow(traceId: string, call: Call, root: Call | undefined): Row {
  const { service, caller, ok, error, fault, throttle } = call;
  return [
    ...[traceId, service.name, service.type, service.account, caller?.name ?? null, caller?.type ?? null],
    ...[call.startTime, call.endTime, rounded(timeOf(call)), call === root, call.inferred, call.remote],
    ...[call.last, call.depth, ok, error, fault, throttle, call.partial],
    ...httpColumns(call),
  ];
}

function valueRow(traceId: string, { kind, key, value, service }: Value): Row {
  return [
    ...[traceId, kind, key, service?.name ?? '', service?.type ?? ''],
    typeof value === 'string' ? value : null,
    typeof value === 'number' ? value : null,
    typeof value === 'boolean' ? value : null,
  ];
}

/** Each told once by each service. */
function valuesOf(spans: readonly ReadSpan[], calls: readonly Call[]): Value[] {
  const services = new Map(calls.map((call) => [call.span, call.service]));
  const values = new Map<string, Value>();
  const add = (kind: Value['kind'], key: string, value: unknown, service: ServiceId | undefined) => {
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return;
    if (value === '') return;
    const identity = JSON.stringify([kind, key, value, service?.name, service?.type]);
    values.set(identity, { kind, key, value, service });
  };
  for (const { fields, segment } of spans) {
    const service = segment && services.get(segment);
    for (const [key, value] of Object.entries(fieldsOf(fields['annotations']))) {
      add('annotation', key, value, service);
    }
    add('user', '', fields['user'], service);
    add('resource', '', fields['resource_arn'], service);
    const ec2 = fieldsOf(fieldsOf(fields['aws'])['ec2']);
    add('zone', '', ec2['availability_zone'], service);
    add('instance', '', ec2['instance_id'], service);
    const { exceptions } = fieldsOf(fields['cause']);
    for (const exception of Array.isArray(exceptions) ? exceptions.map(fieldsOf) : []) {
      add('message', '', textOf(exception['message']), service);
      add('exception', '', textOf(exception['type']), service);
    }
  }
  return [...values.values()];
}

/** One entry of `TraceSummaries`. */
function summaryOf(facts: Facts): object {
  const { root, calls, values, byId } = facts;
  const http = root?.http;
  const texts = (kind: Value['kind']) => [
    ...new Set(values.flatMap(({ kind: of, value }) => (of === kind ? [String(value)] : []))),
  ];
  return {
    Id: facts.traceId,
    StartTime: facts.startTime,
    Duration: facts.duration,
    ...(facts.responseTime === undefined ? {} : { ResponseTime: facts.responseTime }),
    HasFault: root?.fault ?? false,
    HasError: root?.error ?? false,
    HasThrottle: facts.throttle,
    IsPartial: facts.partial,
    Http: {
      ...(http?.url === undefined ? {} : { HttpURL: http.url }),
      ...(http?.status === undefined ? {} : { HttpStatus: http.status }),
      ...(http?.method === undefined ? {} : { HttpMethod: http.method }),
      ...(http?.userAgent === undefined ? {} : { UserAgent: http.userAgent }),
      ...(http?.clientIp === undefined ? {} : { ClientIp: http.clientIp }),
    },
    Annotations: annotationsOf(values),
    Users: texts('user').map((user) => ({
      UserName: user,
      ServiceIds: values.flatMap(({ kind, value, service }) =>
        kind === 'user' && value === user && service ? [apiService(service)] : [],
      ),
    })),
    ServiceIds: distinctServices(calls).map(apiService),
    ResourceARNs: texts('resource').map((ARN) => ({ ARN })),
    InstanceIds: texts('instance').map((Id) => ({ Id })),
    AvailabilityZones: texts('zone').map((Name) => ({ Name })),
    ...(root ? { EntryPoint: apiService(root.service) } : {}),
    FaultRootCauses: failureRootCauses(calls, byId, ({ fault }) => fault),
    ErrorRootCauses: failureRootCauses(calls, byId, ({ error }) => error),
    ResponseTimeRootCauses: root ? responseTimeRootCauses(calls, root) : [],
    Revision: byId.size,
  };
}

function annotationsOf(values: readonly Value[]): Record<string, object[]> {
  const byKey = new Map<string, Map<unknown, { AnnotationValue: object; ServiceIds: object[] }>>();
  for (const { kind, key, value, service } of values) {
    if (kind !== 'annotation') continue;
    const ofKey = byKey.get(key) ?? new Map();
    byKey.set(key, ofKey);
    const entry = ofKey.get(value) ?? { AnnotationValue: annotationValue(value), ServiceIds: [] };
    ofKey.set(value, entry);
    if (service) entry.ServiceIds.push(apiService(service));
  }
  return Object.fromEntries([...byKey].map(([key, entries]) => [key, [...entries.values()]]));
}

function annotationValue(value: string | number | boolean): object {
  if (typeof value === 'number') return { NumberValue: value };
  return typeof value === 'boolean' ? { BooleanValue: value } : { StringValue: value };
}

function distinctServices(calls: readonly Call[]): ServiceId[] {
  return [...new Map(calls.map(({ service }) => [`${service.type}\n${service.name}`, service])).values()];
}
