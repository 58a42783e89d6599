import { AwsError } from '../../core/errors.ts';

type Values = Record<string, unknown>;

/** A text that must be there. Throws `ValidationException` that names the field. */
export function requiredText(values: Values, name: string): string {
  const value = optionalText(values, name);
  if (value === undefined || value === '')
    throw new AwsError('ValidationException', `Parameter ${name} is required.`);
  return value;
}

/** A text, or undefined when absent or null. */
export function optionalText(values: Values, name: string): string | undefined {
  const value = values[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string')
    throw new AwsError('ValidationException', `Parameter ${name} must be a string.`);
  return value;
}

/** A number (Terraform may write it as text), or undefined when absent or null. */
export function optionalNumber(values: Values, name: string): number | undefined {
  const value = values[name];
  if (value === undefined || value === null) return undefined;
  const number = typeof value === 'number' ? value : Number(value);
  if (!Number.isFinite(number))
    throw new AwsError('ValidationException', `Parameter ${name} must be a number.`);
  return number;
}

/** One page of a list and the token of the next, as `Limit` and `NextToken` ask. */
export function page<T>(items: T[], input: Values): { items: T[]; next: { NextToken?: string } } {
  const start = Number(optionalText(input, 'NextToken') ?? 0);
  const limit = optionalNumber(input, 'Limit') ?? 100;
  if (!Number.isInteger(start) || start < 0)
    throw new AwsError('ValidationException', 'Parameter NextToken is not valid.');
  if (limit < 1 || limit > 100)
    throw new AwsError('ValidationException', 'Parameter Limit must be from 1 to 100.');
  const next = start + limit < items.length ? { NextToken: String(start + limit) } : {};
  return { items: items.slice(start, start + limit), next };
}
