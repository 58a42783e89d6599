import { command } from '#shared/definition/command.ts';
import { notificationChannel, rotateSecret } from '../notification-channel/notification-channel.ts';
import { responders } from '../roles.ts';
import { answerSecret } from '../webhook/new-secret.ts';

/** The old secret signs nothing any more; the new one is answered, this once. */
export const rotateChannelSecret = command({
  route: 'POST /notification-channels/{notificationChannelId}/secret',
  roles: responders,
  input: {},
  aggregate: notificationChannel,
  uses: ['keys'],
  decide: rotateSecret,
  answer: answerSecret,
});
