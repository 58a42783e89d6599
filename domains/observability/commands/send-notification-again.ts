import { command } from '#shared/definition/command.ts';
import { alertNotification, sendAgain } from '../alert-notification/alert-notification.ts';
import { responders } from '../roles.ts';

export const sendNotificationAgain = command({
  route: 'POST /alert-notifications/{alertNotificationId}/send-again',
  roles: responders,
  input: {},
  aggregate: alertNotification,
  decide: sendAgain,
});
