import { query } from '#shared/definition/query.ts';
import { integer, optional, text } from '#shared/messages/schema.ts';
import { streams } from '../read-models/streams.ts';
import { readers } from '../roles.ts';

export const listStreams = query({
  route: 'GET /streams',
  roles: readers,
  input: {
    /** The aggregate's type, such as `alert-rule`. */
    type: text(64),
    limit: optional(integer({ minimum: 1, maximum: 100 })),
    cursor: optional(text(2048)),
  },
  readModels: { streams },
  answer: ({ type, ...page }, { rows }) => rows.streams.list(type, page),
});
