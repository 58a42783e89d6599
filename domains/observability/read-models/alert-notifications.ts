import { readModel } from '#shared/definition/read-model.ts';
import { alertNotification } from '../alert-notification/alert-notification.ts';
import { type NotificationRow, notificationSteps } from './notification-row.ts';

/** The messages about each alert, newest first. */
export const alertNotifications = readModel({
  follows: alertNotification,
  listed: (row: NotificationRow) => ({ list: row.alertId, order: `${row.at}#${row.alertNotificationId}` }),
  project: notificationSteps,
});
