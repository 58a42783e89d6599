import { command } from '#shared/definition/command.ts';
import { notificationChannel, requestTest } from '../notification-channel/notification-channel.ts';
import { responders } from '../roles.ts';

/** Asks for a test message; the channel's `lastTest` tells how it went. */
export const testNotificationChannel = command({
  route: 'POST /notification-channels/{notificationChannelId}/test',
  roles: responders,
  input: {},
  aggregate: notificationChannel,
  decide: requestTest,
});
