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
  updatedAt?: number;
  /** Absent until the first update. */
  revisionId?: string;
  logging: { level: LogLevel; includeExecutionData: boolean; group?: string; destination?: string };
  tracing: boolean;
  tags: Record<string, string>;
}

/** A machine as it was when it was published under a number. */
export interface MachineVersion {
  arn: string;
  number: number;
  description: string;
  /** Epoch milliseconds. */
  createdAt: number;
  machine: StateMachine;
}

/** A name for one version, or for two that share the executions by weight. */
export interface MachineAlias {
  arn: string;
  name: string;
  description: string;
  routing: { stateMachineVersionArn: string; weight: number }[];
  createdAt: number;
  updatedAt: number;
}

export interface Activity {
  arn: string;
  name: string;
  createdAt: number;
  tags: Record<string, string>;
}

/** The machines that stand now, by ARN. */
export type Machines = Map<string, StateMachine>;
