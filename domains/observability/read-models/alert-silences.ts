import { readModel, remove } from '#shared/definition/read-model.ts';
import type { Actor } from '#shared/messages/envelope.ts';
import { alert } from '../alert/alert.ts';

/** One row per alert that was silenced and not unsilenced; it counts until `until`. */
export interface AlertSilenceRow {
  readonly alertId: string;
  readonly until: string;
  readonly reason: string;
  readonly silencedAt: string;
  readonly silencedBy: Actor;
}

/** Latest end first, so that a reader may stop at the first that is over. */
export const alertSilences = readModel({
  follows: alert,
  listed: (row: AlertSilenceRow) => ({ list: 'all', order: `${row.until}#${row.alertId}` }),
  project: {
    AlertSilenced: (_, { stream, data, time, actor }) => ({
      alertId: stream.id,
      until: data.until,
      reason: data.reason,
      silencedAt: time,
      silencedBy: actor,
    }),
    AlertUnsilenced: () => remove,
  },
});
