import { AwsError } from '../../core/errors.ts';
import type { Attributes } from '../../core/service.ts';
import type { LogLevel, StateMachine } from './machines.ts';
import { textOf } from './values.ts';

const levels: LogLevel[] = ['ALL', 'ERROR', 'FATAL', 'OFF'];

/** What a machine logs, from the arguments of `logging_configuration`. Throws `ValidationException`. */
export function readLogging(given: Attributes): StateMachine['logging'] {
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
