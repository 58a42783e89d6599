import type { Cloud } from '../../core/cloud.ts';
import { newSegmentId, traceOf } from '../lambda/trace.ts';
import type { ExecutionRecord, ExecutionStatus } from './execution-record.ts';
import type { StateMachine } from './machines.ts';

const metricOf: Record<ExecutionStatus, string | undefined> = {
  RUNNING: undefined,
  SUCCEEDED: 'ExecutionsSucceeded',
  FAILED: 'ExecutionsFailed',
  TIMED_OUT: 'ExecutionsTimedOut',
  ABORTED: 'ExecutionsAborted',
};

function record(cloud: Cloud, machineArn: string, name: string, unit: string, value: number): void {
  const dimensions = { StateMachineArn: machineArn };
  cloud.telemetry.metric({ namespace: 'AWS/States', name, dimensions, unit, value, time: Date.now() });
}

export function recordStart(cloud: Cloud, { machineArn }: ExecutionRecord): void {
  record(cloud, machineArn, 'ExecutionsStarted', 'Count', 1);
}

export function recordEnd(cloud: Cloud, execution: ExecutionRecord): void {
  const { machineArn, startedAt, stoppedAt = Date.now(), status } = execution;
  const name = metricOf[status];
  if (name !== undefined) record(cloud, machineArn, name, 'Count', 1);
  record(cloud, machineArn, 'ExecutionTime', 'Milliseconds', stoppedAt - startedAt);
  if (execution.type === 'EXPRESS') recordExpressUse(cloud, execution, stoppedAt - startedAt);
}

const billedMegabytes = 64;
/** What an express execution occupies besides its data. */
const ownMegabytes = 50;

/** EXPRESS executions are billed by request, and by duration in steps of 100 ms times memory in steps of 64 MB. */
function recordExpressUse(cloud: Cloud, execution: ExecutionRecord, milliseconds: number): void {
  const data = (execution.input.length + (execution.output?.length ?? 0)) / 2 ** 20;
  const megabytes = Math.ceil((ownMegabytes + data) / billedMegabytes) * billedMegabytes;
  const seconds = Math.max(1, Math.ceil(milliseconds / 100)) / 10;
  const use = (usageType: string, quantity: number) =>
    cloud.telemetry.usage({
      service: 'AWS Step Functions',
      usageType: `USE1-StepFunctions-${usageType}`,
      operation: 'ExpressWorkflow',
      resource: execution.machineArn,
      quantity,
      time: Date.now(),
    });
  use('Request', 1);
  use('GB-Second', (seconds * megabytes) / 1024);
}

/** STANDARD executions are billed by each state they enter, retries included. */
export function recordTransition(cloud: Cloud, { machineArn, type }: ExecutionRecord): void {
  if (type !== 'STANDARD') return;
  cloud.telemetry.usage({
    service: 'AWS Step Functions',
    usageType: 'USE1-StateTransition',
    operation: 'StateTransition',
    resource: machineArn,
    quantity: 1,
    time: Date.now(),
  });
}

/** The X-Ray segment of one execution. */
export interface ExecutionTrace {
  /** The header its tasks hand on. */
  header?: string;
  /** Writes the segment. */
  end(execution: ExecutionRecord): void;
}

/** Opens a segment when the machine traces; otherwise only hands the caller's header on. */
export function traceExecution(
  cloud: Cloud,
  machine: StateMachine,
  execution: ExecutionRecord,
): ExecutionTrace {
  const { traceHeader } = execution;
  if (!machine.tracing)
    return { ...(traceHeader === undefined ? {} : { header: traceHeader }), end: () => undefined };
  const { root, parent, sampled } = traceOf(traceHeader, true);
  const id = newSegmentId();
  return {
    header: `Root=${root};Parent=${id};Sampled=${sampled ? 1 : 0}`,
    end({ arn, startedAt, stoppedAt = Date.now(), status, error }) {
      if (!sampled) return;
      cloud.telemetry.segment({
        id,
        trace_id: root,
        ...(parent === undefined ? {} : { parent_id: parent }),
        name: machine.name,
        origin: 'AWS::StepFunctions::StateMachine',
        resource_arn: machine.arn,
        start_time: startedAt / 1000,
        end_time: stoppedAt / 1000,
        ...(status === 'SUCCEEDED' ? {} : { fault: true }),
        aws: { execution_arn: arn, ...(error === undefined ? {} : { error }) },
      });
    },
  };
}
