/** Why a request to the API failed, in the words of the API where it answered. */
export interface Problem {
  /** The HTTP status, or `unreachable` when no answer came. */
  status: number | 'unreachable';
  /** The last part of `urn:skafu:problem:<slug>`; absent when the answer was not ours. */
  slug?: string;
  title: string;
  detail?: string;
  correlationId?: string;
  /** For invalid input: which field (a JSON pointer such as `#/name`), and what is wrong with it. */
  errors?: FieldProblem[];
}

export interface FieldProblem {
  pointer: string;
  detail: string;
}

const problemPrefix = 'urn:skafu:problem:';

/** Reads an error answer: problem+json of a Lambda, or the `{ message }` of API Gateway itself. */
export function problemOf(status: number, body: unknown): Problem {
  const fields: Record<string, unknown> = isRecord(body) ? body : {};
  const type = textOf(fields['type']);
  const detail = textOf(fields['detail']) ?? textOf(fields['message']);
  const correlationId = textOf(fields['correlationId']);
  const errors = fieldProblemsOf(fields['errors']);
  return {
    status,
    title: textOf(fields['title']) ?? titleOf(status),
    ...(type?.startsWith(problemPrefix) ? { slug: type.slice(problemPrefix.length) } : {}),
    ...(detail === undefined ? {} : { detail }),
    ...(correlationId === undefined ? {} : { correlationId }),
    ...(errors.length > 0 ? { errors } : {}),
  };
}

/** The problem of a request that got no answer. */
export function unreachable(cause: unknown): Problem {
  const timedOut = cause instanceof DOMException && cause.name === 'TimeoutError';
  return {
    status: 'unreachable',
    title: timedOut ? 'The API did not answer in time' : 'The API cannot be reached',
    detail: 'Check the network connection, then try again.',
  };
}

/** Tells the API's problems from errors that RTK Query makes itself when a promise of ours throws. */
export function isProblem(error: unknown): error is Problem {
  return isRecord(error) && 'status' in error && typeof error['title'] === 'string';
}

/** One sentence for a person. */
export function describe(problem: Problem): string {
  const sentence = problem.detail ? `${problem.title}: ${problem.detail}` : problem.title;
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}

function titleOf(status: number): string {
  const titles: Record<number, string> = {
    401: 'Sign in again',
    403: 'Not allowed',
    404: 'Not found',
    409: 'Refused',
    412: 'Changed meanwhile',
    429: 'Too many requests',
  };
  return titles[status] ?? (status >= 500 ? 'The API failed' : `The API answered ${status}`);
}

function fieldProblemsOf(value: unknown): FieldProblem[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry: unknown) => {
    if (!isRecord(entry)) return [];
    return [{ pointer: textOf(entry['pointer']) ?? '', detail: textOf(entry['detail']) ?? '' }];
  });
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
