import { AwsError } from '../../core/errors.ts';

type Values = Record<string, unknown>;

/** A text, or undefined when absent or null. Throws `ValidationException` that names the field. */
export function textOf(values: Values, name: string): string | undefined {
  const value = values[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string')
    throw new AwsError('ValidationException', `The value of '${name}' must be a string.`);
  return value;
}

/** A text that must be there. */
export function requiredText(values: Values, name: string): string {
  const value = textOf(values, name);
  if (value !== undefined) return value;
  throw new AwsError(
    'ValidationException',
    `1 validation error detected: Value null at '${name}' failed to satisfy constraint: Member must not be null`,
  );
}

/** One page of a list and the token of the next, as `maxResults` and `nextToken` ask. */
export function page<T>(items: T[], input: Values): { items: T[]; next: { nextToken?: string } } {
  const start = Number(textOf(input, 'nextToken') ?? 0);
  const wanted = Number(input['maxResults'] ?? 0);
  if (!Number.isInteger(start) || start < 0)
    throw new AwsError('InvalidToken', "Invalid Token: 'Invalid token'");
  if (!Number.isInteger(wanted) || wanted < 0 || wanted > 1000) {
    throw new AwsError('ValidationException', "The value of 'maxResults' must be from 0 to 1000.");
  }
  const limit = wanted || 100;
  const next = start + limit < items.length ? { nextToken: String(start + limit) } : {};
  return { items: items.slice(start, start + limit), next };
}

/** A name of a machine, an activity or an execution. Throws `InvalidName`. */
export function checkName(name: string): string {
  if (name.length >= 1 && name.length <= 80 && !/[\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]/u.test(name)) return name;
  throw new AwsError('InvalidName', `Invalid Name: '${name}'`);
}
