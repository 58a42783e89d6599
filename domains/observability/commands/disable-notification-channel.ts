import { command } from '#shared/definition/command.ts';
import { disable, notificationChannel } from '../notification-channel/notification-channel.ts';
import { responders } from '../roles.ts';

export const disableNotificationChannel = command({
  route: 'POST /notification-channels/{notificationChannelId}/disable',
  roles: responders,
  input: {},
  aggregate: notificationChannel,
  decide: disable,
});
