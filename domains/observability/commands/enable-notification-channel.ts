import { command } from '#shared/definition/command.ts';
import { enable, notificationChannel } from '../notification-channel/notification-channel.ts';
import { responders } from '../roles.ts';

export const enableNotificationChannel = command({
  route: 'POST /notification-channels/{notificationChannelId}/enable',
  roles: responders,
  input: {},
  aggregate: notificationChannel,
  decide: enable,
});
