import { api, listPages } from '#shared/frontend/api.ts';
import type { TraceAnswer, TraceSearchAnswer, TraceWish } from './types.ts';

const base = 'observability/traces';
const pageSize = 100;

/** The endpoints of the trace pages. */
const traces = api.injectEndpoints({
  endpoints: (build) => ({
    traces: build.infiniteQuery<TraceSearchAnswer, TraceWish, string>({
      infiniteQueryOptions: listPages,
      query: ({ queryArg, pageParam }) => ({
        path: base,
        query: { ...queryArg, limit: pageSize, cursor: pageParam },
      }),
    }),
    trace: build.infiniteQuery<TraceAnswer, string, string>({
      infiniteQueryOptions: listPages,
      query: ({ queryArg, pageParam }) => ({
        path: `${base}/${encodeURIComponent(queryArg)}`,
        query: { cursor: pageParam },
      }),
      // To compare a hundred thousand spans with those before would take longer than to draw them.
      structuralSharing: false,
      keepUnusedDataFor: 60,
    }),
  }),
});

export const { useTracesInfiniteQuery, useTraceInfiniteQuery } = traces;
