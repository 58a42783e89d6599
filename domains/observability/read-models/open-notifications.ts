import { type Projections, readModel, remove } from '#shared/definition/read-model.ts';
import { type AlertNotificationEvent, alertNotification } from '../alert-notification/alert-notification.ts';
import { type NotificationRow, notificationSteps } from './notification-row.ts';

const steps: Projections<NotificationRow, AlertNotificationEvent> = {
  ...notificationSteps,
  NotificationDelivered: () => remove,
  NotificationDropped: () => remove,
};

/** The messages that have not reached anybody: `pending` in the order in which they are to be looked at, and `failed`. */
export const openNotifications = readModel({
  follows: alertNotification,
  listed: (row: NotificationRow) => ({
    list: row.status === 'failed' ? 'failed' : 'pending',
    order: `${row.nextAt ?? row.changedAt}#${row.alertNotificationId}`,
  }),
  project: steps,
});
