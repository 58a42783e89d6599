import { query } from '#shared/definition/query.ts';
import { boolean, integer, optional, type Schema } from '#shared/messages/schema.ts';
import { eventStore } from '#shared/runtime/clients.ts';
import { pageOfEvents } from '../history/stream-pages.ts';
import { readers } from '../roles.ts';
import { streamParameters, version } from './parameters.ts';

/** The version to go on with, and its commit. */
const cursor: Schema<string> = { type: 'string', pattern: '^\\d{1,12}-\\d{1,12}$' };

/** The events of one stream straight from the store, each with its data. */
export const listStreamEvents = query({
  route: 'GET /streams/{type}/{id}/events',
  roles: readers,
  input: {
    ...streamParameters,
    from: optional(version),
    ascending: optional(boolean()),
    limit: optional(integer({ minimum: 1, maximum: 100 })),
    cursor: optional(cursor),
  },
  uses: ['event-store'],
  answer: async ({ type, id, limit = 25, ascending = false, ...page }, { tenant }) =>
    pageOfEvents(await eventStore(), { tenant, type, id }, { ...page, limit, ascending }),
});
