import { createHash } from 'node:crypto';
import type { Cloud } from '../../core/cloud.ts';
import type { FunctionConfiguration } from './configuration.ts';
import type { InvocationOutcome } from './execution-environment.ts';
import type { InvocationRecord } from './invocation-record.ts';
import { newSegmentId, type TraceContext, traceOf } from './trace.ts';

/** How an asynchronous invocation came to run. */
export interface AsynchronousAttempt {
  /** Epoch milliseconds at which the event was taken. */
  receivedAt: number;
  /** Counted from 1. */
  number: number;
}

/**
 * Writes what X-Ray shows of a run: a segment of the Lambda service beneath the caller, and beneath it one of the
 * function, under whose id the function's own subsegments come.
 */
export function writeSegments(cloud: Cloud, record: InvocationRecord): void {
  const { configuration, outcome, requestId, trace, segmentId, asynchronous } = record;
  const ended = (outcome.startedAt + outcome.duration) / 1_000;
  const failed = outcome.error ? { fault: true } : {};
  // Every attempt at one event belongs to one segment.
  const serviceSegmentId = asynchronous ? idOf(requestId) : newSegmentId();
  const attemptId = newSegmentId();
  cloud.telemetry.segment({
    ...serviceSegment(configuration, requestId, trace),
    id: serviceSegmentId,
    start_time: (asynchronous?.receivedAt ?? record.calledAt) / 1_000,
    end_time: ended,
    http: { response: { status: asynchronous ? 202 : 200 } },
    ...failed,
    ...linksOf(record.linkedTraces),
    ...(asynchronous ? { subsegments: attemptSubsegments(asynchronous, attemptId, outcome) } : {}),
  });
  const overheadEnded = Math.max(ended, Date.now() / 1_000);
  cloud.telemetry.segment({
    id: segmentId,
    trace_id: trace.root,
    parent_id: asynchronous ? attemptId : serviceSegmentId,
    name: configuration.name,
    origin: 'AWS::Lambda::Function',
    start_time: outcome.startedAt / 1_000,
    end_time: overheadEnded,
    aws: {
      account_id: cloud.accountId,
      function_arn: configuration.arn,
      request_id: requestId,
      resource_names: [configuration.name],
    },
    resource_arn: configuration.arn,
    ...failed,
    ...(outcome.error ? { cause: causeOf(outcome.error) } : {}),
    subsegments: [
      ...initializationOf(outcome),
      step('Invocation', outcome.startedAt / 1_000, ended, failed),
      step('Overhead', ended, overheadEnded),
    ],
  });
}

/** Writes the segment of an invocation that was refused, since too many ran. */
export function writeThrottle(
  cloud: Cloud,
  configuration: FunctionConfiguration,
  requestId: string,
  trace: TraceContext,
): void {
  const now = Date.now() / 1_000;
  cloud.telemetry.segment({
    ...serviceSegment(configuration, requestId, trace),
    id: newSegmentId(),
    start_time: now,
    end_time: now,
    http: { response: { status: 429 } },
    error: true,
    throttle: true,
  });
}

function serviceSegment(configuration: FunctionConfiguration, requestId: string, trace: TraceContext) {
  return {
    trace_id: trace.root,
    ...(trace.parent ? { parent_id: trace.parent } : {}),
    name: configuration.name,
    origin: 'AWS::Lambda',
    aws: { request_id: requestId, resource_names: [configuration.name] },
    resource_arn: configuration.arn,
  };
}

function step(name: string, start: number, end: number, more: object = {}): object {
  return { id: newSegmentId(), name, start_time: start, end_time: end, ...more };
}

function attemptSubsegments(
  { receivedAt, number }: AsynchronousAttempt,
  id: string,
  { startedAt, duration, error }: InvocationOutcome,
): object[] {
  const began = startedAt / 1_000;
  const ended = (startedAt + duration) / 1_000;
  const attempt = { id, http: { response: { status: 200 } }, ...(error ? { fault: true } : {}) };
  const dwelt = number === 1 ? [step('Dwell Time', receivedAt / 1_000, began)] : [];
  return [...dwelt, step(`Attempt #${number}`, began, ended, attempt)];
}

/** Traces that a batch of messages came from: the batch is a trace of its own, which names them. */
function linksOf(headers: readonly string[] | undefined): object {
  const links = [...new Set(headers)].map((header) => traceOf(header, true));
  if (links.length === 0) return {};
  return {
    links: links.map(({ root, parent }) => ({
      trace_id: root,
      ...(parent ? { id: parent } : {}),
      attributes: { 'aws.xray.reserved.reference_type': 'child' },
    })),
  };
}

function initializationOf({ initDuration, startedAt }: InvocationOutcome): object[] {
  if (initDuration === undefined) return [];
  return [step('Initialization', (startedAt - initDuration) / 1_000, startedAt / 1_000)];
}

function causeOf(error: NonNullable<InvocationOutcome['error']>): object {
  return {
    exceptions: [{ id: newSegmentId(), type: error.errorType, message: error.errorMessage, remote: false }],
  };
}

function idOf(requestId: string): string {
  return createHash('sha1').update(requestId).digest('hex').slice(0, 16);
}
