import { randomBytes } from 'node:crypto';
import { block } from '../../core/blocks.ts';
import type { Cloud } from '../../core/cloud.ts';
import { AwsError } from '../../core/errors.ts';
import type { Attributes, ResourceHandler } from '../../core/service.ts';
import type { StateNamespace } from '../../core/state.ts';
import { checkDefinition } from './definition-check.ts';
import type { LogLevel, Machines, StateMachine } from './machines.ts';
import { textOf } from './values.ts';

const levels: LogLevel[] = ['ALL', 'ERROR', 'FATAL', 'OFF'];

/** `aws_sfn_state_machine`. */
export function stateMachineResource(
  cloud: Cloud,
  state: StateNamespace,
  machines: Machines,
): ResourceHandler {
  return {
    async apply({ desired }, previous) {
      const name = nameOf(desired, previous);
      const type = textOf(desired, 'type') ?? 'STANDARD';
      if (type !== 'STANDARD' && type !== 'EXPRESS') throw invalid(`Unknown state machine type '${type}'.`);
      const text = textOf(desired, 'definition');
      const roleArn = textOf(desired, 'role_arn');
      if (text === undefined || roleArn === undefined)
        throw invalid('A state machine needs definition and role_arn.');
      cloud.ports.access.requireTrust(roleArn, 'states.amazonaws.com');
      const createdAt = previous ? Date.parse(String(previous['creation_date'])) : Date.now();
      const machine: StateMachine = {
        arn: `arn:aws:states:${cloud.region}:${cloud.accountId}:stateMachine:${name}`,
        name,
        type,
        roleArn,
        text,
        definition: await checkDefinition(text, state),
        createdAt,
        logging: readLogging(desired),
        tracing: block(desired['tracing_configuration'])?.['enabled'] === true,
      };
      machines.set(machine.arn, machine);
      return {
        ...desired,
        id: machine.arn,
        arn: machine.arn,
        name,
        type,
        status: 'ACTIVE',
        revision_id: '',
        state_machine_version_arn: '',
        creation_date: new Date(createdAt).toISOString(),
      };
    },
    async remove(_, previous) {
      machines.delete(String(previous['arn']));
    },
  };
}

function nameOf(desired: Attributes, previous: Attributes | undefined): string {
  const given = textOf(desired, 'name');
  if (given !== undefined) return given;
  const prefix = textOf(desired, 'name_prefix') ?? 'terraform-';
  const before = previous && textOf(previous, 'name');
  return before?.startsWith(prefix) ? before : prefix + randomBytes(13).toString('hex');
}

function readLogging(desired: Attributes): StateMachine['logging'] {
  const given = block(desired['logging_configuration']) ?? {};
  const level = (textOf(given, 'level') ?? 'OFF') as LogLevel;
  if (!levels.includes(level)) throw invalid(`Unknown log level '${level}'.`);
  const destination = textOf(given, 'log_destination');
  const logging = { level, includeExecutionData: given['include_execution_data'] === true };
  if (destination === undefined) {
    if (level !== 'OFF') throw invalid('A log level needs a log_destination.');
    return logging;
  }
  const group = /^arn:[\w-]+:logs:[\w-]+:\d+:log-group:(.+):\*$/u.exec(destination)?.[1];
  if (group === undefined)
    throw invalid(`The log_destination '${destination}' is no log group ARN that ends in ':*'.`);
  return { ...logging, group, destination };
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}
