import type { BaseQueryFn } from '@reduxjs/toolkit/query';
import type { ApiAccess } from './api-access.ts';
import { type Problem, problemOf, unreachable } from './problem.ts';

/** One request to the API. A request with a method other than GET is a command. */
export interface ApiRequest {
  /** Below `/api/v1`. */
  path: string;
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  query?: Readonly<Record<string, string | number | undefined>>;
  body?: unknown;
  /** The version that the command is based on. */
  ifMatch?: number;
  /** The stream type that this query must be fresh for after a command of ours. */
  follows?: string;
}

const apiBase = '/api/v1';
const timeout = 30_000;

/** Sends a request with the session's token; renews the token once when the API refuses it. */
export const request: BaseQueryFn<ApiRequest, unknown, Problem> = async (wish, { signal, extra }) => {
  const access = extra as ApiAccess;
  const command = wish.method && wish.method !== 'GET' ? JSON.stringify(wish) : undefined;
  const send = async (refresh: boolean): Promise<Response> =>
    access.fetch(addressOf(wish, access), {
      method: wish.method ?? 'GET',
      headers: await headersOf(wish, access, command, refresh),
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeout)]),
      ...(wish.body === undefined ? {} : { body: JSON.stringify(wish.body) }),
    });
  try {
    let response = await send(false);
    if (response.status === 401) response = await send(true);
    const body = await bodyOf(response);
    if (command) access.pending.settle(command);
    if (response.status === 401) access.signedOut();
    if (!response.ok) return { error: problemOf(response.status, body) };
    if (command) noteCommand(access, body);
    return { data: body };
  } catch (cause) {
    return { error: unreachable(cause) };
  }
};

function addressOf(wish: ApiRequest, access: ApiAccess): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(wish.query ?? {})) {
    if (value !== undefined && value !== '') search.set(name, String(value));
  }
  const mark = wish.follows && access.marks.of(wish.follows);
  if (mark) search.set('atLeast', mark);
  const query = search.toString();
  return `${apiBase}/${wish.path}${query ? `?${query}` : ''}`;
}

async function headersOf(
  wish: ApiRequest,
  access: ApiAccess,
  command: string | undefined,
  refresh: boolean,
): Promise<Record<string, string>> {
  const token = await access.token({ refresh });
  return {
    accept: 'application/json',
    ...(token ? { authorization: `Bearer ${token}` } : {}),
    ...(wish.body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(wish.ifMatch === undefined ? {} : { 'if-match': `"${wish.ifMatch}"` }),
    ...(command ? { 'idempotency-key': access.pending.keyOf(command) } : {}),
  };
}

/** The JSON of an answer; an empty or foreign body is `undefined`, since the status already says what happened. */
async function bodyOf(response: Response): Promise<unknown> {
  const text = await response.text();
  if (!response.headers.get('content-type')?.includes('json') || text === '') return undefined;
  return JSON.parse(text) as unknown;
}

function noteCommand(access: ApiAccess, body: unknown): void {
  const { stream, version } = (body ?? {}) as { stream?: unknown; version?: unknown };
  if (typeof stream === 'string' && typeof version === 'number') access.marks.note(stream, version);
}
