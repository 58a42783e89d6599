import { command } from '#shared/definition/command.ts';
import { notificationChannel, remove } from '../notification-channel/notification-channel.ts';
import { responders } from '../roles.ts';

export const deleteNotificationChannel = command({
  route: 'DELETE /notification-channels/{notificationChannelId}',
  roles: responders,
  input: {},
  aggregate: notificationChannel,
  decide: remove,
});
