import type { Cloud } from '../../core/cloud.ts';
import type { ExecutionRecord, ExecutionStatus } from './execution-record.ts';

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
  const { machineArn, startedAt, stoppedAt = cloud.clock.now(), status } = execution;
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
