import { Problem } from '../messages/problem.ts';
import { reportFailure } from './failure.ts';

/** The AWS services that live reads call, by the word that problems use for them. */
export type UpstreamService = 'CloudWatch' | 'CloudWatch Logs' | 'X-Ray' | 'Cognito' | 'Cost Explorer';

const throttlings = new Set([
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'RequestLimitExceeded',
  'TooManyRequestsException',
  // Cost Explorer and CloudWatch Logs say so of calls per second, and of queries that run side by side.
  'LimitExceededException',
]);
const denials = new Set(['AccessDenied', 'AccessDeniedException', 'UnrecognizedClientException']);
const absences = new Set(['ResourceNotFound', 'ResourceNotFoundException', 'UserNotFoundException']);

/** Seconds after which a throttled caller may come again. */
const pause = '5';

/**
 * Calls AWS for a live read. What AWS refuses becomes a problem that names the call: throttling 429 with Retry-After,
 * bad input 400, what is not there 404, a missing permission or a failure of AWS 502. Anything that is not an answer of
 * AWS stays the error it is.
 */
export async function calling<Result>(
  service: UpstreamService,
  operation: string,
  call: Promise<Result>,
): Promise<Result> {
  try {
    return await call;
  } catch (error) {
    throw (await problemOf(service, operation, error)) ?? error;
  }
}

async function problemOf(
  service: UpstreamService,
  operation: string,
  error: unknown,
): Promise<Problem | undefined> {
  if (!(error instanceof Error) || !('$fault' in error)) return undefined;
  const { name, message } = error;
  const word = service.toLowerCase().replaceAll(/\W/g, '-');
  if (throttlings.has(name)) {
    const detail = `${service} ${operation} was throttled; try again in ${pause} seconds.`;
    return new Problem(429, 'throttled', 'Throttled', detail, { headers: { 'retry-after': pause } });
  }
  if (denials.has(name)) {
    // Only a change of the stack mends it, so the platform's engineers must hear of it.
    await reportFailure(error);
    const detail = `${service} ${operation} is not permitted to this function: ${message}`;
    return new Problem(502, `denied-by-${word}`, `Denied by ${service}`, detail);
  }
  if (error.$fault === 'server') {
    const detail = `${service} ${operation} failed with ${name}; try again in ${pause} seconds.`;
    return new Problem(502, `${word}-failed`, `${service} failed`, detail, {
      headers: { 'retry-after': pause },
    });
  }
  const detail = `${service} ${operation}: ${message}`;
  return absences.has(name)
    ? new Problem(404, 'not-found', 'Not found', detail)
    : new Problem(400, `refused-by-${word}`, `Refused by ${service}`, detail);
}
