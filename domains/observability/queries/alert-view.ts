import type { Rows } from '#shared/definition/query.ts';
import type { AlertEpisodeRow } from '../read-models/alert-episodes.ts';
import type { AlertSilenceRow } from '../read-models/alert-silences.ts';
import type { NotificationRow } from '../read-models/notification-row.ts';

/** Messages of an episode that have reached nobody, by why. */
export type Unsent = Partial<Record<'due' | 'retrying' | 'withheld' | 'failed', number>>;

/** An episode as lists and pages show it: with the silence of its alert, if that lasts, and what was not sent. */
export type AlertView = AlertEpisodeRow & {
  readonly silence?: AlertSilenceRow;
  readonly unsent?: Unsent;
};

interface Models {
  readonly alertSilences: Rows<AlertSilenceRow>;
  readonly openNotifications: Rows<NotificationRow>;
}

const limit = 100;

/** Puts silence and unsent messages beside episodes, by a few reads however many episodes there are. */
export async function alertViews(
  episodes: readonly AlertEpisodeRow[],
  models: Models,
  now: string = new Date().toISOString(),
): Promise<AlertView[]> {
  if (episodes.length === 0) return [];
  const [silences, pending, failed] = await Promise.all([
    standingSilences(models.alertSilences, now),
    models.openNotifications.list('pending', { limit, ascending: true }),
    models.openNotifications.list('failed', { limit }),
  ]);
  const unsent = countUnsent([...pending.items, ...failed.items]);
  return episodes.map((episode) => {
    const silence = silences.get(episode.alertId);
    const counted = unsent.get(`${episode.alertId}/${episode.episode}`);
    return { ...episode, ...(silence ? { silence } : {}), ...(counted ? { unsent: counted } : {}) };
  });
}

/** Those that still last; the list has the latest end first. */
async function standingSilences(
  rows: Rows<AlertSilenceRow>,
  now: string,
): Promise<Map<string, AlertSilenceRow>> {
  const standing = new Map<string, AlertSilenceRow>();
  let cursor: string | undefined;
  do {
    const page = await rows.list('all', { limit, cursor });
    for (const row of page.items) {
      if (row.until <= now) return standing;
      standing.set(row.alertId, row);
    }
    cursor = page.nextCursor;
  } while (cursor);
  return standing;
}

function countUnsent(rows: readonly NotificationRow[]): Map<string, Unsent> {
  const counted = new Map<string, Unsent>();
  for (const { alertId, episode, status } of rows) {
    if (status === 'delivered' || status === 'dropped') continue;
    const key = `${alertId}/${episode}`;
    const before = counted.get(key) ?? {};
    counted.set(key, { ...before, [status]: (before[status] ?? 0) + 1 });
  }
  return counted;
}
