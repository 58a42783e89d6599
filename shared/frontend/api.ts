import { createApi } from '@reduxjs/toolkit/query/react';
import { request } from './request.ts';

/** The one API slice of the console. Each domain injects its endpoints, so the store never changes for a domain. */
export const api = createApi({ reducerPath: 'api', baseQuery: request, endpoints: () => ({}) });

/** A page of a list. */
export interface ListAnswer<Item> {
  items: Item[];
  nextCursor?: string;
}

/** What a command answers: the stream it appended to, as `type/id`, and the stream's version after it. */
export interface CommandAnswer {
  stream: string;
  version: number;
}

/** How an endless list finds its next page. */
export const listPages = {
  initialPageParam: '',
  getNextPageParam: (last: ListAnswer<unknown>): string | undefined => last.nextCursor,
} as const;
