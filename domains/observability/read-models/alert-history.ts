import { type ReadModel, readModel } from '#shared/definition/read-model.ts';
import type { Actor, Envelope } from '#shared/messages/envelope.ts';
import { alert } from '../alert/alert.ts';

/** One row per event of an alert: what happened, when, by whom. */
export interface AlertHistoryRow {
  readonly alertId: string;
  /** Absent for what was said of the alert before its first episode. */
  readonly episode?: number;
  readonly version: number;
  readonly type: string;
  readonly time: string;
  readonly actor: Actor;
  readonly correlationId: string;
  readonly data: object;
}

/** Texts sort as the versions do. */
const padded = (version: number) => `${version}`.padStart(12, '0');

const entry = (
  _: AlertHistoryRow | undefined,
  event: Envelope<string, { readonly episode?: number | undefined }>,
): AlertHistoryRow => ({
  alertId: event.stream.id,
  ...(event.data.episode === undefined ? {} : { episode: event.data.episode }),
  version: event.version,
  type: event.type,
  time: event.time,
  actor: event.actor,
  correlationId: event.correlationId,
  data: event.data,
});

export const alertHistory: ReadModel<AlertHistoryRow> = readModel({
  follows: alert,
  key: (event) => `${event.stream.id}/${padded(event.version)}`,
  listed: (row: AlertHistoryRow) => ({ list: row.alertId, order: padded(row.version) }),
  project: {
    AlertRaised: entry,
    AlertAcknowledged: entry,
    AlertResolved: entry,
    AlertCommented: entry,
    AlertSilenced: entry,
    AlertUnsilenced: entry,
  },
});
