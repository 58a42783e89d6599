import { AwsError } from '../../core/errors.ts';
import type { Attributes } from '../../core/service.ts';

export function unsupported(what: string): AwsError {
  return new AwsError('NotImplemented', `The local cloud does not support ${what} on an AppSync API.`, 501);
}

/** Throws for the first of these arguments that is given. */
export function refuseArguments(desired: Attributes, names: readonly string[]): void {
  const given = names.find((name) => !isAbsent(desired[name]));
  if (given) throw unsupported(`the argument ${given}`);
}

const isAbsent = (value: unknown) =>
  value === undefined || value === null || (Array.isArray(value) && value.length === 0);
