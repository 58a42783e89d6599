import { query } from '#shared/definition/query.ts';
import { optional, text } from '#shared/messages/schema.ts';
import { streams } from '../read-models/streams.ts';
import { streamsById } from '../read-models/streams-by-id.ts';
import { readers } from '../roles.ts';
import { pageParameters, streamType } from './parameters.ts';

export const listStreams = query({
  route: 'GET /streams',
  roles: readers,
  input: {
    /** The aggregate's type, such as `alert-rule`. */
    type: streamType,
    /** Beginning of the id. */
    search: optional(text(200)),
    ...pageParameters,
  },
  readModels: { streams, streamsById },
  answer: ({ type, search, ...page }, { rows }) =>
    search === undefined
      ? rows.streams.list(type, page)
      : rows.streamsById.list(type, { ...page, prefix: search, ascending: true }),
});
