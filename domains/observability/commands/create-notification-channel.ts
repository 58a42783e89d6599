import { command } from '#shared/definition/command.ts';
import { channelFields, create, notificationChannel } from '../notification-channel/notification-channel.ts';
import { responders } from '../roles.ts';
import { loopbackAllowed } from '../webhook/loopback.ts';
import { answerSecret } from '../webhook/new-secret.ts';

/** Answers the signing secret, which no query tells. */
export const createNotificationChannel = command({
  route: 'POST /notification-channels',
  roles: responders,
  input: channelFields,
  aggregate: notificationChannel,
  uses: ['keys'],
  decide: (state, channel, context) =>
    create(state, { ...channel, allowLoopback: loopbackAllowed() }, context),
  answer: answerSecret,
});
