import { query } from '#shared/definition/query.ts';
import { notFound } from '#shared/messages/problem.ts';
import { integer, text } from '#shared/messages/schema.ts';
import { alertEpisodes, episodeKey } from '../read-models/alert-episodes.ts';
import { readers } from '../roles.ts';

export const getAlert = query({
  route: 'GET /alerts/{alertId}',
  roles: readers,
  input: { alertId: text(100), episode: integer({ minimum: 1 }) },
  readModels: { alertEpisodes },
  answer: async ({ alertId, episode }, { rows }) => {
    const row = await rows.alertEpisodes.get(episodeKey(alertId, episode));
    if (row) return row;
    throw notFound(`The alert ${alertId} has had no episode ${episode}.`);
  },
});
