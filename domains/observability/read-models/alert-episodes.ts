import { readModel } from '#shared/definition/read-model.ts';
import type { Actor } from '#shared/messages/envelope.ts';
import { alert } from '../alert/alert.ts';
import type { Rule } from '../alert-rule/alert-rule.ts';

/** One row per raise-to-resolve of an alert. */
export interface AlertEpisodeRow
  extends Pick<Rule, 'severity' | 'metric' | 'statistic' | 'comparison' | 'threshold'> {
  readonly alertId: string;
  readonly episode: number;
  readonly status: 'open' | 'resolved';
  readonly ruleName: string;
  readonly reason: string;
  readonly raisedAt: string;
  readonly acknowledgedAt?: string;
  readonly acknowledgedBy?: Actor;
  readonly note?: string | undefined;
  readonly resolvedAt?: string;
  readonly resolution?: 'recovered' | 'rule-deleted';
  /** How many comments it has; absent: none. */
  readonly comments?: number;
  readonly version: number;
}

export const episodeKey = (alertId: string, episode: number) => `${alertId}/${episode}`;

export const alertEpisodes = readModel({
  follows: alert,
  // What was said before the first episode belongs to no row; it still moves the model's position.
  key: (event) => episodeKey(event.stream.id, event.data.episode ?? 0),
  listed: (row: AlertEpisodeRow) => ({
    list: row.status === 'open' ? 'open' : 'past',
    order: `${row.raisedAt}#${episodeKey(row.alertId, row.episode)}`,
  }),
  project: {
    AlertRaised: (
      _,
      { stream, data: { changedAt: _changedAt, ...facts }, time, version },
    ): AlertEpisodeRow => ({
      ...facts,
      alertId: stream.id,
      status: 'open',
      raisedAt: time,
      version,
    }),
    AlertAcknowledged: (row, { data, time, actor, version }) =>
      row && { ...row, acknowledgedAt: time, acknowledgedBy: actor, note: data.note, version },
    AlertResolved: (row, { data, time, version }) =>
      row && { ...row, status: 'resolved' as const, resolvedAt: time, resolution: data.resolution, version },
    AlertCommented: (row, { version }) => row && { ...row, comments: (row.comments ?? 0) + 1, version },
  },
});
