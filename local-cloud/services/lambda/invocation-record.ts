import type { Cloud } from '../../core/cloud.ts';
import type { FunctionConfiguration } from './configuration.ts';
import type { InvocationOutcome, LogEntry } from './execution-environment.ts';
import { type AsynchronousAttempt, writeSegments } from './invocation-segments.ts';
import type { TraceContext } from './trace.ts';

export interface InvocationRecord {
  /** Of the version that ran. */
  configuration: FunctionConfiguration;
  /** As it was called. */
  qualifier: string | undefined;
  outcome: InvocationOutcome;
  requestId: string;
  trace: TraceContext;
  /** Id of the AWS::Lambda::Function segment, under which the function's own subsegments hang. */
  segmentId: string;
  /** Epoch milliseconds at which the invocation came in. */
  calledAt: number;
  concurrency: number;
  asynchronous: AsynchronousAttempt | undefined;
  /** Trace headers of the messages that the event holds. */
  linkedTraces: readonly string[] | undefined;
}

/** Writes the logs, metrics and segments of one finished invocation, as Lambda does. */
export function recordInvocation(cloud: Cloud, record: InvocationRecord): void {
  writeLogs(cloud, record);
  writeMetrics(cloud, record);
  writeUsage(cloud, record);
  if (record.trace.sampled) writeSegments(cloud, record);
}

function writeLogs(cloud: Cloud, record: InvocationRecord): void {
  const { configuration, outcome } = record;
  cloud.ports.logs.write(configuration.logGroup, outcome.logStream, closingEntries(record));
}

/** What Lambda logs after a run: the runtime's own error, END and REPORT. */
export function closingEntries(record: InvocationRecord): LogEntry[] {
  const { configuration, outcome, requestId, trace, segmentId } = record;
  const { startedAt, duration, initDuration, error } = outcome;
  const time = Math.ceil(startedAt + duration);
  const report = [
    `REPORT RequestId: ${requestId}`,
    `Duration: ${duration.toFixed(2)} ms`,
    `Billed Duration: ${billedMilliseconds(outcome)} ms`,
    `Memory Size: ${configuration.memoryMegabytes} MB`,
    `Max Memory Used: ${Math.ceil(outcome.memoryUsedBytes / 1_048_576)} MB`,
  ];
  if (initDuration !== undefined) report.push(`Init Duration: ${initDuration.toFixed(2)} ms`);
  if (trace.sampled) report.push(`\nXRAY TraceId: ${trace.root}`, `SegmentId: ${segmentId}`, 'Sampled: true');
  const messages = [`END RequestId: ${requestId}\n`, `${report.join('\t')}\t\n`];
  if (error && /^(Sandbox|Runtime)\./.test(error.errorType)) {
    messages.unshift(`${new Date(time).toISOString()} ${requestId} ${error.errorMessage}\n\n`);
  }
  return messages.map((message) => ({ time, message }));
}

function writeMetrics(cloud: Cloud, record: InvocationRecord): void {
  const { configuration, qualifier, outcome, concurrency } = record;
  const { name: FunctionName, version } = configuration;
  const time = outcome.startedAt;
  /** A call by version or alias counts there too, and one by alias at the version it ran as well. */
  const Resource = qualifier === undefined ? FunctionName : `${FunctionName}:${qualifier}`;
  const counted: Record<string, string>[] = [{ FunctionName }];
  if (qualifier !== undefined) counted.push({ FunctionName, Resource });
  if (qualifier !== undefined && qualifier !== version)
    counted.push({ FunctionName, Resource, ExecutedVersion: version });
  const metric = (name: string, unit: string, value: number) => {
    for (const dimensions of counted)
      cloud.telemetry.metric({ namespace: 'AWS/Lambda', name, dimensions, unit, value, time });
  };
  metric('Invocations', 'Count', 1);
  metric('Errors', 'Count', outcome.error ? 1 : 0);
  metric('Throttles', 'Count', 0);
  metric('Duration', 'Milliseconds', outcome.duration);
  metric('ConcurrentExecutions', 'Count', concurrency);
}

/** Each run is billed by its whole milliseconds, initialization included, times the memory it was given. */
function writeUsage(cloud: Cloud, { configuration, outcome }: InvocationRecord): void {
  const architecture = configuration.architecture === 'arm64' ? '-ARM' : '';
  const common = {
    service: 'AWS Lambda',
    operation: 'Invoke',
    resource: configuration.arn,
    time: outcome.startedAt,
  };
  const seconds = billedMilliseconds(outcome) / 1000;
  const gigabytes = configuration.memoryMegabytes / 1024;
  cloud.telemetry.usage({ ...common, usageType: `Request${architecture}`, quantity: 1 });
  cloud.telemetry.usage({
    ...common,
    usageType: `Lambda-GB-Second${architecture}`,
    quantity: seconds * gigabytes,
  });
}

function billedMilliseconds({ duration, initDuration = 0 }: InvocationOutcome): number {
  return Math.ceil(duration + initDuration);
}
