import { type ApiAccess, createApiAccess } from '../api-access.ts';

export interface FakeRequest {
  method: string;
  /** Below `/api/v1/`. */
  path: string;
  query: URLSearchParams;
  headers: Headers;
  body: unknown;
}

/** An answer: a status and a body, or `never` for one that does not come. */
export type FakeAnswer = { status?: number; body?: unknown } | 'never' | 'unreachable';

/** Answers requests as the tests say, and remembers them. */
export interface FakeApi {
  access: ApiAccess;
  requests: FakeRequest[];
  signedOut: number;
  /** Replaces what is answered from now on. */
  answer: (request: FakeRequest) => FakeAnswer;
}

export function createFakeApi(answer: (request: FakeRequest) => FakeAnswer): FakeApi {
  let tokens = 0;
  const api: FakeApi = {
    requests: [],
    signedOut: 0,
    answer,
    access: createApiAccess({
      fetch: async (input, options) => {
        const url = new URL(String(input), 'http://console.test');
        const request: FakeRequest = {
          method: options?.method ?? 'GET',
          path: url.pathname.replace('/api/v1/', ''),
          query: url.searchParams,
          headers: new Headers(options?.headers),
          body: typeof options?.body === 'string' ? JSON.parse(options.body) : undefined,
        };
        api.requests.push(request);
        const given = api.answer(request);
        if (given === 'never') return new Promise(() => undefined);
        if (given === 'unreachable') throw new TypeError('Failed to fetch');
        return new Response(given.body === undefined ? null : JSON.stringify(given.body), {
          status: given.status ?? 200,
          headers: { 'content-type': 'application/json' },
        });
      },
      token: async (options) => `token-${options?.refresh ? ++tokens : tokens}`,
      signedOut: () => {
        api.signedOut++;
      },
    }),
  };
  return api;
}

/** A problem as our Lambdas write it. */
export function problem(status: number, slug: string, detail: string, errors?: unknown[]): FakeAnswer {
  return {
    status,
    body: { type: `urn:skafu:problem:${slug}`, title: slug, status, detail, correlationId: 'c-1', errors },
  };
}
