import { createHash } from 'node:crypto';
import type { Cloud } from '../../core/cloud.ts';
import { newSegmentId, traceOf } from '../lambda/trace.ts';
import type { ExecutionRecord } from './execution-record.ts';
import type { StateMachine } from './machines.ts';

/** A stretch of an execution as X-Ray shows it: the execution itself, a state, or a call that a state makes. */
export interface ExecutionSpan {
  /** The header that what is called within it continues. */
  header?: string;
  begin(name: string, fields?: object): ExecutionSpan;
  end(fields?: object): void;
}

/** The segment of one execution. */
export interface ExecutionTrace extends Omit<ExecutionSpan, 'end'> {
  end(execution: ExecutionRecord): void;
}

/** Opens a segment when the machine traces; otherwise only hands the caller's header on. */
export function traceExecution(
  cloud: Cloud,
  machine: StateMachine,
  execution: ExecutionRecord,
): ExecutionTrace {
  const { traceHeader } = execution;
  if (!machine.tracing) return untraced(traceHeader);
  const { root, parent, sampled } = traceOf(traceHeader, true);
  // The same after a restart, so that the states that ended before it stay beneath it.
  const id = createHash('sha1').update(`${execution.arn} ${execution.startedAt}`).digest('hex').slice(0, 16);
  if (!sampled) return untraced(`Root=${root};Parent=${id};Sampled=0`);
  const open = {
    id,
    trace_id: root,
    ...(parent === undefined ? {} : { parent_id: parent }),
    name: machine.name,
    origin: 'AWS::StepFunctions::StateMachine',
    resource_arn: machine.arn,
    start_time: cloud.clock.machineTime(execution.startedAt) / 1_000,
    aws: { account_id: cloud.accountId, execution_arn: execution.arn, resource_names: [machine.name] },
  };
  if (machine.type === 'STANDARD') cloud.telemetry.segment({ ...open, in_progress: true });
  return {
    header: `Root=${root};Parent=${id};Sampled=1`,
    begin: (name, fields) => beginSpan(cloud, root, id, name, fields),
    end({ stoppedAt = cloud.clock.now(), status, error, cause }) {
      const failure = { fault: true, ...causeOf(error, cause) };
      const ended = {
        end_time: cloud.clock.machineTime(stoppedAt) / 1_000,
        ...(status === 'SUCCEEDED' ? {} : failure),
      };
      cloud.telemetry.segment({ ...open, ...ended });
    },
  };
}

/** The exception of a failure, in the form of X-Ray. */
export function causeOf(type: string | undefined, message: string | undefined): object {
  if (type === undefined || type === '') return {};
  return { cause: { exceptions: [{ id: newSegmentId(), type, message: message ?? '', remote: false }] } };
}

function untraced(header: string | undefined): ExecutionSpan {
  const span: ExecutionSpan = {
    ...(header === undefined ? {} : { header }),
    begin: () => span,
    end: () => undefined,
  };
  return span;
}

function beginSpan(cloud: Cloud, root: string, parent: string, name: string, fields?: object): ExecutionSpan {
  const id = newSegmentId();
  const began = Date.now();
  return {
    header: `Root=${root};Parent=${id};Sampled=1`,
    begin: (inner, given) => beginSpan(cloud, root, id, inner, given),
    end(more) {
      cloud.telemetry.segment({
        ...{ id, trace_id: root, parent_id: parent, type: 'subsegment', name },
        ...{ start_time: began / 1_000, end_time: Date.now() / 1_000 },
        ...fields,
        ...more,
      });
    },
  };
}
