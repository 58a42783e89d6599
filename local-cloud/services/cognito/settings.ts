import { AwsError } from '../../core/errors.ts';

export function textList(value: unknown): string[] | undefined {
  return Array.isArray(value) ? value.map(String) : undefined;
}

export function numberOr(value: unknown, fallback: number): number {
  return value === undefined || value === null || value === 0 ? fallback : Number(value);
}

export function unsupported(what: string): AwsError {
  return new AwsError('NotImplemented', `The local cloud does not support Cognito ${what}.`, 501);
}
