import { api, type ListAnswer, listPages } from '#shared/frontend/api.ts';
import type { Category, Effect, LineagePage, Stream, StreamEvent, StreamItem, StreamState } from './types.ts';

const base = 'events';
const pageSize = 100;

/** Names a stream. */
export interface StreamName {
  type: string;
  id: string;
}

const pathOf = ({ type, id }: StreamName, rest = '') =>
  `${base}/streams/${encodeURIComponent(type)}/${encodeURIComponent(id)}${rest}`;

/** The endpoints of events. What has happened does not change, so an event is kept for long. */
export const events = api.injectEndpoints({
  endpoints: (build) => ({
    categories: build.query<{ items: Category[] }, void>({
      query: () => ({ path: `${base}/categories` }),
      keepUnusedDataFor: 3600,
    }),
    streams: build.infiniteQuery<ListAnswer<StreamItem>, { type: string; search: string }, string>({
      infiniteQueryOptions: listPages,
      query: ({ queryArg: { type, search }, pageParam }) => ({
        path: `${base}/streams`,
        query: { type, search, limit: pageSize, cursor: pageParam },
        follows: type,
      }),
    }),
    stream: build.query<Stream, StreamName>({ query: (stream) => ({ path: pathOf(stream) }) }),
    streamEvents: build.infiniteQuery<ListAnswer<StreamEvent>, StreamName & { from?: number }, string>({
      infiniteQueryOptions: listPages,
      query: ({ queryArg: { from, ...stream }, pageParam }) => ({
        path: pathOf(stream, '/events'),
        query: { from, limit: pageSize, cursor: pageParam },
      }),
    }),
    streamEvent: build.query<StreamEvent | undefined, StreamName & { version: number }>({
      query: ({ version, ...stream }) => ({
        path: pathOf(stream, '/events'),
        query: { from: version, limit: 1 },
      }),
      transformResponse: ({ items }: ListAnswer<StreamEvent>) => items[0],
      keepUnusedDataFor: 600,
    }),
    streamState: build.query<StreamState, StreamName & { version: number }>({
      query: ({ version, ...stream }) => ({ path: pathOf(stream, '/state'), query: { version } }),
    }),
    effects: build.query<{ items: Effect[] }, StreamName & { version: number }>({
      query: ({ version, ...stream }) => ({ path: pathOf(stream, `/events/${version}/effects`) }),
    }),
    lineage: build.infiniteQuery<LineagePage, string, string>({
      infiniteQueryOptions: listPages,
      query: ({ queryArg, pageParam }) => ({
        path: `${base}/lineage/${encodeURIComponent(queryArg)}`,
        query: { limit: pageSize, cursor: pageParam },
      }),
    }),
  }),
});

export const {
  useCategoriesQuery,
  useStreamsInfiniteQuery,
  useStreamQuery,
  useStreamEventsInfiniteQuery,
  useStreamEventQuery,
  useStreamStateQuery,
  useEffectsQuery,
  useLineageInfiniteQuery,
} = events;
