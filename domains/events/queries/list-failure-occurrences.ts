import { query } from '#shared/definition/query.ts';
import { integer, optional, text } from '#shared/messages/schema.ts';
import { failureOccurrences } from '../read-models/failure-occurrences.ts';
import { readers } from '../roles.ts';

/** What happened to a failure, newest first; stacks are told with the failure itself. */
export const listFailureOccurrences = query({
  route: 'GET /failures/{failureId}/occurrences',
  roles: readers,
  installationOnly: true,
  input: {
    failureId: text(100),
    limit: optional(integer({ minimum: 1, maximum: 100 })),
    cursor: optional(text(2048)),
  },
  readModels: { failureOccurrences },
  answer: async ({ failureId, ...page }, { rows }) => {
    const found = await rows.failureOccurrences.list(failureId, page);
    return { ...found, items: found.items.map(({ stack: _, ...occurrence }) => occurrence) };
  },
});
