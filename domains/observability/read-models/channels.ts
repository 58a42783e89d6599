import { readModel, remove } from '#shared/definition/read-model.ts';
import type { Actor } from '#shared/messages/envelope.ts';
import {
  type Channel,
  notificationChannel,
  type Outcome,
} from '../notification-channel/notification-channel.ts';

/** One row per notification channel that stands. Never its secret. */
export type ChannelRow = Channel & {
  readonly notificationChannelId: string;
  readonly enabled: boolean;
  readonly version: number;
  readonly createdAt: string;
  readonly createdBy: Actor;
  readonly changedAt: string;
  readonly secretRotatedAt: string;
  readonly lastTest?: { readonly test: number; readonly requestedAt: string } & Partial<
    Outcome & { readonly at: string }
  >;
};

export const channels = readModel({
  follows: notificationChannel,
  listed: (row: ChannelRow) => ({
    list: 'all',
    order: `${row.name.toLowerCase()}#${row.notificationChannelId}`,
  }),
  project: {
    NotificationChannelCreated: (
      _,
      { stream, data: { generation: _generation, ...channel }, version, time, actor },
    ) => ({
      ...channel,
      notificationChannelId: stream.id,
      enabled: true,
      version,
      createdAt: time,
      createdBy: actor,
      changedAt: time,
      secretRotatedAt: time,
    }),
    NotificationChannelChanged: (row, { data, version, time }) =>
      row && { ...without(row), ...data, version, changedAt: time },
    NotificationChannelDisabled: (row, { version, time }) =>
      row && { ...row, enabled: false, version, changedAt: time },
    NotificationChannelEnabled: (row, { version, time }) =>
      row && { ...row, enabled: true, version, changedAt: time },
    NotificationChannelSecretRotated: (row, { version, time }) =>
      row && { ...row, version, secretRotatedAt: time },
    NotificationChannelTestRequested: (row, { data, version, time }) =>
      row && { ...row, version, lastTest: { test: data.test, requestedAt: time } },
    NotificationChannelTested: (row, { data, version, time }) =>
      row && {
        ...row,
        version,
        lastTest: { requestedAt: time, ...row.lastTest, ...data, at: time },
      },
    NotificationChannelDeleted: () => remove,
  },
});

/** A change says everything about the channel: what may be absent and is not named is gone. */
function without({ consoleUrl: _url, escalateAfter: _after, ...row }: ChannelRow) {
  return row;
}
