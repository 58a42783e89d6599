import { api, type CommandAnswer } from '#shared/frontend/api.ts';
import type { ReadModels } from './types.ts';

/** How often read models are asked for, in milliseconds: often while one is rebuilt. */
export const polling = { atRest: 30_000, rebuilding: 2_000 } as const;

/** The endpoints of read models and their rebuilds. */
const rebuildApi = api.enhanceEndpoints({ addTagTypes: ['rebuild'] }).injectEndpoints({
  endpoints: (build) => ({
    readModels: build.query<ReadModels, void>({
      query: () => ({ path: 'events/read-models', follows: 'rebuild' }),
      providesTags: ['rebuild'],
    }),
    startRebuild: build.mutation<CommandAnswer, string>({
      query: (model) => ({ path: 'events/rebuilds', method: 'POST', body: { model } }),
      invalidatesTags: ['rebuild'],
    }),
    cancelRebuild: build.mutation<CommandAnswer, { id: string; reason: string }>({
      query: ({ id, reason }) => ({
        path: `events/rebuilds/${encodeURIComponent(id)}/cancellation`,
        method: 'POST',
        body: { reason },
      }),
      invalidatesTags: ['rebuild'],
    }),
  }),
});

export const { useReadModelsQuery, useStartRebuildMutation, useCancelRebuildMutation } = rebuildApi;
