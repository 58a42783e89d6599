import { AwsError } from '../../core/errors.ts';
import type { LogGroup, LogGroups } from './groups.ts';

export type Input = Record<string, unknown>;

export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterException', message);
}

export function text(input: Input, name: string): string | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw invalidParameter(`The value of ${name} must be a string.`);
  return value;
}

export function requiredText(input: Input, name: string): string {
  const value = text(input, name);
  if (!value)
    throw invalidParameter(
      `1 validation error detected: Value at '${name}' failed to satisfy constraint: Member must not be null`,
    );
  return value;
}

export function integer(input: Input, name: string): number | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw invalidParameter(`The value of ${name} must be a whole number that is not negative.`);
  }
  return value;
}

export function limit(input: Input, most: number, otherwise = most): number {
  const value = integer(input, 'limit') ?? otherwise;
  if (value < 1 || value > most) throw invalidParameter(`The value of limit must be between 1 and ${most}.`);
  return value;
}

export function flag(input: Input, name: string): boolean {
  const value = input[name];
  if (value !== undefined && value !== null && typeof value !== 'boolean') {
    throw invalidParameter(`The value of ${name} must be true or false.`);
  }
  return value === true;
}

export function textList(input: Input, name: string): string[] | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value) || !value.every((each) => typeof each === 'string')) {
    throw invalidParameter(`The value of ${name} must be a list of strings.`);
  }
  return value;
}

export function notFound(what: 'log group' | 'log stream'): AwsError {
  return new AwsError('ResourceNotFoundException', `The specified ${what} does not exist.`);
}

/** The group of a name or an ARN. */
export function groupNamed(groups: LogGroups, identifier: string): LogGroup {
  const name = identifier.replace(/^arn:[^:]*:logs:[^:]*:[^:]*:log-group:/, '').replace(/:\*$/, '');
  const group = groups.get(name);
  if (!group) throw notFound('log group');
  return group;
}

/** The group an operation names by `logGroupName`, or by name or ARN in `logGroupIdentifier`. */
export function groupOf(groups: LogGroups, input: Input): LogGroup {
  return groupNamed(groups, text(input, 'logGroupName') ?? requiredText(input, 'logGroupIdentifier'));
}
