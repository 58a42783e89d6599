import { AwsError } from '../../core/errors.ts';
import type { MachineDefinition } from './definition.ts';

export type LogLevel = 'ALL' | 'ERROR' | 'FATAL' | 'OFF';

export interface StateMachine {
  arn: string;
  name: string;
  type: 'STANDARD' | 'EXPRESS';
  roleArn: string;
  /** The definition as written, and parsed. */
  text: string;
  definition: MachineDefinition;
  /** Epoch milliseconds. */
  createdAt: number;
  logging: { level: LogLevel; includeExecutionData: boolean; group?: string; destination?: string };
  tracing: boolean;
}

export type Machines = Map<string, StateMachine>;

/** Throws `StateMachineDoesNotExist`. */
export function machineOf(machines: Machines, arn: string): StateMachine {
  const machine = machines.get(arn);
  if (!machine) throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
  return machine;
}
