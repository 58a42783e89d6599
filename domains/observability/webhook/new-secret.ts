import type { AnsweredSubject } from '#shared/definition/command.ts';
import type { NotificationChannel } from '../notification-channel/notification-channel.ts';
import { newChannelSecret } from './channel-secret.ts';
import { writtenSecret } from './signature.ts';

/** What a command answers that has made a signing secret: the secret, for the receiver's configuration. */
export async function answerSecret({
  tenant,
  id,
  state,
}: AnsweredSubject<NotificationChannel>): Promise<object> {
  if (!('channel' in state)) return {};
  return { secret: writtenSecret(await newChannelSecret(tenant, id, state.generation)) };
}
