import { command } from '#shared/definition/command.ts';
import { change, channelFields, notificationChannel } from '../notification-channel/notification-channel.ts';
import { responders } from '../roles.ts';
import { loopbackAllowed } from '../webhook/loopback.ts';

export const changeNotificationChannel = command({
  route: 'PUT /notification-channels/{notificationChannelId}',
  roles: responders,
  input: channelFields,
  aggregate: notificationChannel,
  decide: (state, channel, context) =>
    change(state, { ...channel, allowLoopback: loopbackAllowed() }, context),
});
