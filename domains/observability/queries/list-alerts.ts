import { query } from '#shared/definition/query.ts';
import { oneOf, optional } from '#shared/messages/schema.ts';
import { alertEpisodes } from '../read-models/alert-episodes.ts';
import { alertSilences } from '../read-models/alert-silences.ts';
import { openNotifications } from '../read-models/open-notifications.ts';
import { readers } from '../roles.ts';
import { alertViews } from './alert-view.ts';
import { pageParameters } from './parameters.ts';

export const listAlerts = query({
  route: 'GET /alerts',
  roles: readers,
  input: { ...pageParameters, status: optional(oneOf('open', 'past')) },
  readModels: { alertEpisodes, alertSilences, openNotifications },
  answer: async ({ status = 'open', ...page }, { rows }) => {
    const found = await rows.alertEpisodes.list(status, page);
    return { ...found, items: await alertViews(found.items, rows) };
  },
});
