import { randomUUID } from 'node:crypto';
import { AwsError } from '../../core/errors.ts';
import { newTraceId } from '../lambda/trace.ts';
import type { StateMachine } from './machines.ts';
import { checkName } from './values.ts';

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

/** One execution as it is kept on disk; times in epoch milliseconds. */
export interface ExecutionRecord {
  arn: string;
  name: string;
  machineArn: string;
  machineName: string;
  type: StateMachine['type'];
  /** The definition it runs, which a later change of the machine does not touch (STANDARD). */
  definition?: string;
  /** JSON text. */
  input: string;
  traceHeader?: string;
  startedAt: number;
  status: ExecutionStatus;
  stoppedAt?: number;
  /** JSON text. */
  output?: string;
  error?: string;
  cause?: string;
  /** How often it was begun again after it had failed, and when last. */
  redriveCount?: number;
  redrivenAt?: number;
  versionArn?: string;
  aliasArn?: string;
}

export interface StartOptions {
  name?: string;
  traceHeader?: string;
  /** The version and the alias by which the machine was named. */
  versionArn?: string;
  aliasArn?: string;
}

const maximumInput = 262_144;

/** A new execution that starts at this time, in epoch milliseconds. Throws `InvalidName`, `InvalidExecutionInput` or `ValidationException`. */
export function newExecution(
  machine: StateMachine,
  input: string,
  startedAt: number,
  options: StartOptions = {},
): ExecutionRecord {
  const name = checkName(options.name ?? randomUUID());
  checkInput(input);
  // Decided once, so that an execution that goes on after a restart stays in its trace.
  const traceHeader = options.traceHeader ?? (machine.tracing ? `Root=${newTraceId()};Sampled=1` : undefined);
  const prefix = machine.arn.split(':').slice(0, 5).join(':');
  return {
    arn:
      machine.type === 'EXPRESS'
        ? `${prefix}:express:${machine.name}:${name}:${randomUUID()}`
        : `${prefix}:execution:${machine.name}:${name}`,
    name,
    machineArn: machine.arn,
    machineName: machine.name,
    type: machine.type,
    ...(machine.type === 'STANDARD' ? { definition: machine.text } : {}),
    ...(options.versionArn === undefined ? {} : { versionArn: options.versionArn }),
    ...(options.aliasArn === undefined ? {} : { aliasArn: options.aliasArn }),
    input,
    ...(traceHeader === undefined ? {} : { traceHeader }),
    startedAt,
    status: 'RUNNING',
  };
}

function checkInput(input: string): void {
  if (Buffer.byteLength(input) > maximumInput) {
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value at 'input' failed to satisfy constraint: Member must have length less than or equal to ${maximumInput}`,
    );
  }
  try {
    JSON.parse(input);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AwsError('InvalidExecutionInput', `Invalid State Machine Execution Input: '${reason}'`);
  }
}
