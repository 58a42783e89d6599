import { query } from '#shared/definition/query.ts';
import { integer, oneOf, optional, text } from '#shared/messages/schema.ts';
import { failures } from '../read-models/failures.ts';
import { readers } from '../roles.ts';

/** Failures of one status, open ones unless another is named, that which came last first. */
export const listFailures = query({
  route: 'GET /failures',
  roles: readers,
  installationOnly: true,
  input: {
    status: optional(oneOf('open', 'ignored', 'resolved')),
    limit: optional(integer({ minimum: 1, maximum: 100 })),
    cursor: optional(text(2048)),
  },
  readModels: { failures },
  answer: ({ status = 'open', ...page }, { rows }) => rows.failures.list(status, page),
});
