import { AwsError } from '../../core/errors.ts';
import type { AwsRequest } from '../../core/service.ts';
import { bodyOf } from '../../gateway/protocols.ts';

export type Input = Record<string, unknown>;

export const invalid = (message: string): AwsError => new AwsError('InvalidRequestException', message);

/** The body of a REST request, which is a JSON object or nothing. */
export async function inputOf(request: AwsRequest): Promise<Input> {
  const body = await bodyOf(request);
  if (body.length === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    throw new AwsError('SerializationException', 'The request body is not valid JSON.');
  }
  if (isObject(value)) return value;
  throw new AwsError('SerializationException', 'The request body must be a JSON object.');
}

export function isObject(value: unknown): value is Input {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function text(input: Input, name: string): string | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  throw invalid(`${name} must be a string.`);
}

export function texts(input: Input, name: string): string[] {
  const value = input[name];
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value;
  throw invalid(`${name} must be a list of strings.`);
}

export function objects(input: Input, name: string): Input[] {
  const value = input[name];
  if (Array.isArray(value) && value.every(isObject)) return value;
  throw invalid(`${name} must be a list.`);
}

export function flag(input: Input, name: string): boolean {
  const value = input[name];
  if (value === undefined || value === null || typeof value === 'boolean') return value === true;
  throw invalid(`${name} must be true or false.`);
}

export function number(input: Input, name: string): number | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw invalid(`${name} must be a number.`);
}

/** Epoch seconds; SDKs write them so, others as ISO 8601. */
function time(input: Input, name: string): number {
  const value = input[name];
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  const parsed = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(parsed)) throw invalid(`${name} is required and must be a time.`);
  return parsed / 1_000;
}

const LONGEST_RANGE_SECONDS = 24 * 3_600;

/** `StartTime` and `EndTime`, at most 24 hours apart. */
export function timeRange(input: Input): { from: number; to: number } {
  const from = time(input, 'StartTime');
  const to = time(input, 'EndTime');
  if (to < from) throw invalid('StartTime must not be after EndTime.');
  if (to - from > LONGEST_RANGE_SECONDS) throw invalid('The time range must not be longer than 24 hours.');
  return { from, to };
}

/** Where the next page begins, as a token that says nothing to those who hold it. */
export function tokenOf(position: unknown): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/** Reads a token of ours. Throws `InvalidRequestException` for any other. */
export function positionOf(input: Input): unknown[] | undefined {
  const token = text(input, 'NextToken');
  if (token === undefined || token === '') return undefined;
  try {
    const position: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    if (Array.isArray(position)) return position;
  } catch {
    // Said below, as for a token of another shape.
  }
  throw invalid('The NextToken is not valid.');
}
