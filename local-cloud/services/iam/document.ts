import { AwsError } from '../../core/errors.ts';

export type Fields = Record<string, unknown>;

export function texts(value: unknown): string[] {
  if (value === undefined) return [];
  const all: unknown[] = Array.isArray(value) ? value : [value];
  return all.map((each) => {
    if (typeof each === 'string') return each;
    if (typeof each === 'boolean' || typeof each === 'number') return String(each);
    throw malformed('a value that must be a text is none');
  });
}

export function fieldsOf(value: unknown): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw malformed('an object is expected where there is none');
}

export function malformed(reason: string): AwsError {
  return new AwsError('MalformedPolicyDocument', `The policy cannot be used: ${reason}.`);
}
