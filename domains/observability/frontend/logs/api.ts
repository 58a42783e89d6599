import { api, type ListAnswer } from '#shared/frontend/api.ts';
import type { LinePlace, LogAnswer, LogCount, LogGroup, LogLine, LogSearch, LogWish } from './types.ts';

const base = 'observability/logs';

/** The first answer comes soon, so that a query can be stopped by its id; then there is as much time as the API gives. */
const firstWait = 2;
const nextWait = 8;

/** A query that was run is not run again, and paid again, by going back to it. */
const kept = { keepUnusedDataFor: 900 } as const;

/** More rows than CloudWatch Logs answers there are not. */
const limit = 10_000;

/** The endpoints of the logs page. */
const logs = api.injectEndpoints({
  endpoints: (build) => ({
    searchLogs: build.query<LogSearch, LogWish>({
      query: (wish) => ({ path: base, query: { ...wish, limit, wait: firstWait } }),
      ...kept,
    }),
    countLogs: build.query<LogCount, LogWish>({
      query: (wish) => ({ path: `${base}/histogram`, query: { ...wish, wait: firstWait } }),
      ...kept,
    }),
    continueLogs: build.mutation<LogAnswer, string>({
      query: (queryId) => ({ path: `${base}/${encodeURIComponent(queryId)}`, query: { wait: nextWait } }),
    }),
    stopLogs: build.mutation<{ stopped: boolean }, string>({
      query: (queryId) => ({ path: `${base}/${encodeURIComponent(queryId)}`, method: 'DELETE' }),
    }),
    logGroups: build.query<ListAnswer<LogGroup>, void>({
      query: () => ({ path: `${base}/groups`, query: { limit: 100 } }),
      keepUnusedDataFor: 300,
    }),
    logContext: build.query<ListAnswer<LogLine>, LinePlace>({
      query: (place) => ({ path: `${base}/context`, query: { ...place } }),
    }),
  }),
});

export const {
  useSearchLogsQuery,
  useCountLogsQuery,
  useContinueLogsMutation,
  useStopLogsMutation,
  useLogGroupsQuery,
  useLogContextQuery,
} = logs;
