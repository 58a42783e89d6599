import { api, type CommandAnswer, type ListAnswer, listPages } from '#shared/frontend/api.ts';
import type { Failure, FailureDetail, FailureStatus, FailureStream, Occurrence } from './types.ts';

const base = 'events/failures';
const pageSize = 50;

/** How often failures are asked for while the tab is visible, in milliseconds. */
export const failurePolling = { pollingInterval: 5_000, skipPollingIfUnfocused: true } as const;

const pathOf = (id: string, rest = '') => `${base}/${encodeURIComponent(id)}${rest && `/${rest}`}`;

export type Decision = 'ignore' | 'resolve' | 'reopen';

/** The endpoints of failures. */
const failureApi = api.enhanceEndpoints({ addTagTypes: ['failure'] }).injectEndpoints({
  endpoints: (build) => ({
    failures: build.infiniteQuery<ListAnswer<Failure>, FailureStatus, string>({
      infiniteQueryOptions: listPages,
      query: ({ queryArg, pageParam }) => ({
        path: base,
        query: { status: queryArg, limit: pageSize, cursor: pageParam },
        follows: 'failure',
      }),
      providesTags: ['failure'],
    }),
    failure: build.query<FailureDetail, string>({
      query: (id) => ({ path: pathOf(id), follows: 'failure' }),
      providesTags: ['failure'],
    }),
    occurrences: build.infiniteQuery<ListAnswer<Occurrence>, string, string>({
      infiniteQueryOptions: listPages,
      query: ({ queryArg, pageParam }) => ({
        path: pathOf(queryArg, 'occurrences'),
        query: { limit: pageSize, cursor: pageParam },
        follows: 'failure',
      }),
      providesTags: ['failure'],
    }),
    failureStreams: build.infiniteQuery<
      ListAnswer<FailureStream>,
      { id: string; state: 'waiting' | 'done' },
      string
    >({
      infiniteQueryOptions: listPages,
      query: ({ queryArg: { id, state }, pageParam }) => ({
        path: pathOf(id, 'streams'),
        query: { state, limit: pageSize, cursor: pageParam },
        follows: 'failure',
      }),
      providesTags: ['failure'],
    }),
    redriveFailure: build.mutation<CommandAnswer, { id: string; stream?: string }>({
      query: ({ id, stream }) => ({
        path: pathOf(id, 'redrive'),
        method: 'POST',
        body: stream === undefined ? {} : { stream },
      }),
      invalidatesTags: (answer) => (answer ? ['failure'] : []),
    }),
    decideFailure: build.mutation<CommandAnswer, { id: string; decision: Decision; reason: string }>({
      query: ({ id, decision, reason }) => ({
        path: pathOf(id, decision),
        method: 'POST',
        body: reason === '' ? {} : { reason },
      }),
      invalidatesTags: (answer) => (answer ? ['failure'] : []),
    }),
    reportFailure: build.mutation<
      object,
      { name: string; message: string; stack?: string | undefined; page: string }
    >({
      query: (body) => ({ path: 'failures', method: 'POST', body }),
    }),
  }),
});

export const {
  useFailuresInfiniteQuery,
  useFailureQuery,
  useOccurrencesInfiniteQuery,
  useFailureStreamsInfiniteQuery,
  useRedriveFailureMutation,
  useDecideFailureMutation,
  useReportFailureMutation,
} = failureApi;
