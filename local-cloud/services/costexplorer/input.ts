import { AwsError } from '../../core/errors.ts';

export type Input = Record<string, unknown>;

export const invalid = (message: string) => new AwsError('ValidationException', message);

/** Throws `ValidationException` in AWS's words for what the caller must send and did not. */
export function missing(name: string): AwsError {
  const camel = name.charAt(0).toLowerCase() + name.slice(1);
  return invalid(
    `1 validation error detected: Value null at '${camel}' failed to satisfy constraint: Member must not be null`,
  );
}

export function isObject(value: unknown): value is Input {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function requiredObject(input: Input, name: string): Input {
  const value = input[name];
  if (value === undefined || value === null) throw missing(name);
  if (!isObject(value)) throw new AwsError('SerializationException', `${name} must be a structure.`);
  return value;
}

export function optionalText(input: Input, name: string): string | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw new AwsError('SerializationException', `${name} must be a string.`);
  return value;
}

export function requiredText(input: Input, name: string): string {
  const value = optionalText(input, name);
  if (value === undefined) throw missing(name);
  return value;
}

export function oneOf<Choice extends string>(
  input: Input,
  name: string,
  choices: readonly Choice[],
): Choice | undefined {
  const value = optionalText(input, name);
  if (value === undefined) return undefined;
  const chosen = choices.find((choice) => choice === value);
  if (chosen) return chosen;
  const camel = name.charAt(0).toLowerCase() + name.slice(1);
  throw invalid(
    `1 validation error detected: Value '${value}' at '${camel}' failed to satisfy constraint: Member must satisfy enum value set: [${choices.join(', ')}]`,
  );
}

export function textList(input: Input, name: string): string[] {
  const value = input[name] ?? [];
  if (!Array.isArray(value) || !value.every((each) => typeof each === 'string')) {
    throw new AwsError('SerializationException', `${name} must be a list of strings.`);
  }
  return value;
}

export function integer(input: Input, name: string, range: { from: number; to: number }): number | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= range.from && value <= range.to) {
    return value;
  }
  const camel = name.charAt(0).toLowerCase() + name.slice(1);
  throw invalid(
    `1 validation error detected: Value '${String(value)}' at '${camel}' failed to satisfy constraint: Member must have value between ${range.from} and ${range.to}`,
  );
}

/** Where a page begins: 0, or what the token of the page before says. Throws `InvalidNextTokenException`. */
export function pageStart(input: Input, field = 'NextPageToken'): number {
  const token = optionalText(input, field);
  if (token === undefined) return 0;
  const start = /^from:(\d+)$/.exec(Buffer.from(token, 'base64').toString())?.[1];
  if (start === undefined) throw new AwsError('InvalidNextTokenException', 'Invalid Next Token');
  return Number(start);
}

export function pageToken(start: number): string {
  return Buffer.from(`from:${start}`).toString('base64');
}
