import { api, type ListAnswer, listPages } from '#shared/frontend/api.ts';
import type { Process } from './types.ts';

/** How often processes are asked for while the tab is visible, in milliseconds. */
export const processPolling = { pollingInterval: 5_000, skipPollingIfUnfocused: true } as const;

const processApi = api.injectEndpoints({
  endpoints: (build) => ({
    processes: build.infiniteQuery<ListAnswer<Process>, 'running' | 'ended', string>({
      infiniteQueryOptions: listPages,
      query: ({ queryArg, pageParam }) => ({
        path: 'events/processes',
        query: { status: queryArg, limit: 50, cursor: pageParam },
      }),
    }),
  }),
});

export const { useProcessesInfiniteQuery } = processApi;
