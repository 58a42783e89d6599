import { CloudWatchClient, type Dimension } from '@aws-sdk/client-cloudwatch';
import { Problem } from '#shared/messages/problem.ts';
import { tracing } from '#shared/runtime/tracing.ts';

let client: Promise<CloudWatchClient> | undefined;

/** The function's one CloudWatch client, traced. */
export function cloudwatch(): Promise<CloudWatchClient> {
  client ??= tracing().then((trace) => trace.client(new CloudWatchClient({})));
  return client;
}

/** Dimensions as an object, which is how everybody outside CloudWatch writes them. */
export function dimensionsOf(dimensions: readonly Dimension[] | undefined): Record<string, string> {
  return Object.fromEntries((dimensions ?? []).map(({ Name = '', Value = '' }) => [Name, Value]));
}

export function toDimensions(dimensions: Readonly<Record<string, string>>): Dimension[] {
  return Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
}

/** What CloudWatch answers when the request, not CloudWatch, is at fault. */
const inputErrors = new Set([
  'ValidationError',
  'ValidationException',
  'InvalidParameterValue',
  'InvalidParameterValueException',
  'InvalidParameterCombination',
  'InvalidParameterCombinationException',
  'InvalidNextToken',
  'MissingParameter',
  'MissingRequiredParameterException',
  'LimitExceededException',
]);
const throttlings = new Set([
  'Throttling',
  'ThrottlingException',
  'RequestLimitExceeded',
  'TooManyRequestsException',
]);

/** Calls CloudWatch; its refusals become problems that name the call, what nobody foresaw stays an error. */
export async function calling<Result>(operation: string, call: Promise<Result>): Promise<Result> {
  try {
    return await call;
  } catch (error) {
    const name = error instanceof Error ? error.name : '';
    const message = error instanceof Error ? error.message : String(error);
    if (throttlings.has(name)) {
      throw new Problem(
        429,
        'throttled',
        'Throttled',
        `CloudWatch ${operation} was throttled; try again in 5 seconds.`,
        {
          headers: { 'retry-after': '5' },
        },
      );
    }
    if (inputErrors.has(name))
      throw new Problem(
        400,
        'refused-by-cloudwatch',
        'Refused by CloudWatch',
        `CloudWatch ${operation}: ${message}`,
      );
    throw error;
  }
}
