import type { Projections } from '#shared/definition/read-model.ts';
import type { AlertNotificationEvent, Subject } from '../alert-notification/alert-notification.ts';

/** One message to one channel, as its lists show it. */
export interface NotificationRow extends Subject {
  readonly alertNotificationId: string;
  readonly ruleName: string;
  readonly status: 'due' | 'withheld' | 'retrying' | 'delivered' | 'failed' | 'dropped';
  readonly attempts: number;
  /** When it was last tried, withheld or given up. */
  readonly changedAt: string;
  /** The receiver's last answer, and why it counts as a failure or was not asked. */
  readonly answer?: number | undefined;
  readonly reason?: string | undefined;
  readonly milliseconds?: number;
  /** When it will be looked at again, if it is still to go out. */
  readonly nextAt?: string;
  readonly version: number;
}

const lookAgainAfter = 60_000;

/** How each event changes the row of a message. */
export const notificationSteps: Projections<NotificationRow, AlertNotificationEvent> = {
  NotificationRequested: (_, { stream, data: { facts, ...subject }, time, version }) => ({
    ...subject,
    alertNotificationId: stream.id,
    ruleName: facts.ruleName,
    status: 'due',
    attempts: 0,
    changedAt: time,
    // The reaction to this very event sends it; it is overdue only when that was lost.
    nextAt: new Date(Date.parse(time) + lookAgainAfter).toISOString(),
    version,
  }),
  NotificationWithheld: (row, { data, time, version }) =>
    row && { ...settled(row), status: 'withheld', changedAt: time, nextAt: data.until, version },
  NotificationDelivered: (row, { data, time, version }) =>
    row && {
      ...settled(row),
      status: 'delivered',
      attempts: data.attempt,
      answer: data.status,
      milliseconds: data.milliseconds,
      changedAt: time,
      version,
    },
  NotificationFailed: (row, { data, time, version }) =>
    row && {
      ...settled(row),
      status: data.nextAttemptAt ? 'retrying' : 'failed',
      attempts: data.attempt,
      answer: data.status,
      reason: data.reason,
      milliseconds: data.milliseconds,
      changedAt: time,
      ...(data.nextAttemptAt ? { nextAt: data.nextAttemptAt } : {}),
      version,
    },
  NotificationDropped: (row, { data, time, version }) =>
    row && { ...settled(row), status: 'dropped', reason: data.reason, changedAt: time, version },
  NotificationSentAgain: (row, { time, version }) =>
    row && {
      ...settled(row),
      status: 'due',
      attempts: 0,
      changedAt: time,
      nextAt: new Date(Date.parse(time) + lookAgainAfter).toISOString(),
      version,
    },
};

/** Without what only the state before had to say. */
function settled({
  answer: _answer,
  reason: _reason,
  milliseconds: _milliseconds,
  nextAt: _nextAt,
  ...row
}: NotificationRow) {
  return row;
}
