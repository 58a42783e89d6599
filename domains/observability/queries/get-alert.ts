import { query } from '#shared/definition/query.ts';
import { notFound } from '#shared/messages/problem.ts';
import { integer, optional, text } from '#shared/messages/schema.ts';
import { alertEpisodes, episodeKey } from '../read-models/alert-episodes.ts';
import { alertHistory } from '../read-models/alert-history.ts';
import { alertSilences } from '../read-models/alert-silences.ts';
import { openNotifications } from '../read-models/open-notifications.ts';
import { readers } from '../roles.ts';
import { alertViews } from './alert-view.ts';

/** One episode of an alert; the latest when none is named. */
export const getAlert = query({
  route: 'GET /alerts/{alertId}',
  roles: readers,
  input: { alertId: text(100), episode: optional(integer({ minimum: 1 })) },
  readModels: { alertEpisodes, alertHistory, alertSilences, openNotifications },
  answer: async ({ alertId, episode }, { rows }) => {
    const latest = async () => (await rows.alertHistory.list(alertId, { limit: 1 })).items[0]?.episode;
    const wanted = episode ?? (await latest());
    const row = wanted === undefined ? undefined : await rows.alertEpisodes.get(episodeKey(alertId, wanted));
    const [view] = await alertViews(row ? [row] : [], rows);
    if (view) return view;
    throw notFound(`The alert ${alertId} has had no ${episode ? `episode ${episode}` : 'episode yet'}.`);
  },
});
