import { query } from '#shared/definition/query.ts';
import { notFound } from '#shared/messages/problem.ts';
import { text } from '#shared/messages/schema.ts';
import { failureOccurrences, occurrenceKey } from '../read-models/failure-occurrences.ts';
import { failures } from '../read-models/failures.ts';
import { readers } from '../roles.ts';

/** One failure with the stack of the occurrence that opened it. */
export const getFailure = query({
  route: 'GET /failures/{failureId}',
  roles: readers,
  installationOnly: true,
  input: { failureId: text(100) },
  readModels: { failures, failureOccurrences },
  answer: async ({ failureId }, { rows }) => {
    const found = await rows.failures.get(failureId);
    if (!found) throw notFound(`There is no failure ${failureId}.`);
    const { stackVersion, ...failure } = found;
    const opened =
      stackVersion === undefined
        ? undefined
        : await rows.failureOccurrences.get(occurrenceKey(failureId, stackVersion));
    return { ...failure, ...(opened?.stack ? { stack: opened.stack } : {}) };
  },
});
