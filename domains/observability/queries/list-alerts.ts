import { query } from '#shared/definition/query.ts';
import { oneOf, optional } from '#shared/messages/schema.ts';
import { alertEpisodes } from '../read-models/alert-episodes.ts';
import { readers } from '../roles.ts';
import { pageParameters } from './parameters.ts';

export const listAlerts = query({
  route: 'GET /alerts',
  roles: readers,
  input: { ...pageParameters, status: optional(oneOf('open', 'past')) },
  readModels: { alertEpisodes },
  answer: ({ status = 'open', ...page }, { rows }) => rows.alertEpisodes.list(status, page),
});
