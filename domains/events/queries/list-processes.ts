import { query } from '#shared/definition/query.ts';
import { oneOf, optional } from '#shared/messages/schema.ts';
import { ended, processes, running } from '../read-models/processes.ts';
import { readers } from '../roles.ts';
import { pageParameters } from './parameters.ts';

/** Processes that are not over, or with `status=ended` those that are; that which changed last comes first. */
export const listProcesses = query({
  route: 'GET /processes',
  roles: readers,
  input: { status: optional(oneOf(running, ended)), ...pageParameters },
  readModels: { processes },
  answer: ({ status = running, ...page }, { rows }) => rows.processes.list(status, page),
});
