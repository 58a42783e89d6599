import { readModel } from '#shared/definition/read-model.ts';
import { alertNotification } from '../alert-notification/alert-notification.ts';
import { type NotificationRow, notificationSteps } from './notification-row.ts';

/** The messages to each channel, those that changed last first. */
export const channelDeliveries = readModel({
  follows: alertNotification,
  listed: (row: NotificationRow) => ({
    list: row.channelId,
    order: `${row.changedAt}#${row.alertNotificationId}`,
  }),
  project: notificationSteps,
});
