import type { ReactionContext } from '#shared/definition/reactor.ts';
import { idFrom } from '#shared/runtime/ids.ts';
import { alert, isSilenced } from '../alert/alert.ts';
import {
  alertNotification,
  drop,
  isPending,
  type Message,
  recordAttempt,
  withhold,
} from '../alert-notification/alert-notification.ts';
import { type Moment, notificationChannel } from '../notification-channel/notification-channel.ts';
import { channelSecret } from '../webhook/channel-secret.ts';
import { bodyOf } from '../webhook/message.ts';
import { sendWebhook } from '../webhook/send.ts';

/** The one id that a message about this moment to this channel has, here and in the receiver's `webhook-id`. */
export function notificationId(channelId: string, alertId: string, episode: number, moment: Moment): string {
  return idFrom('alert-notification', channelId, alertId, `${episode}`, moment);
}

/**
 * Does what is to be done for a message now: send it, withhold it, drop it, or nothing. It goes by what stands now,
 * whoever asks and however often; a message that was delivered is never sent again.
 */
export async function attendNotification(
  tenant: string,
  id: string,
  context: ReactionContext,
): Promise<void> {
  const { state } = await context.load(alertNotification, tenant, id);
  if (!isPending(state)) return;
  const { message } = state;
  const { state: channel } = await context.load(notificationChannel, tenant, message.channelId);
  if (channel.status !== 'enabled') {
    const reason = channel.status === 'disabled' ? 'channel-disabled' : 'channel-deleted';
    await context.execute(alertNotification, tenant, id, drop, { reason });
    return;
  }
  const { state: standing } = await context.load(alert, tenant, message.alertId);
  const now = new Date().toISOString();
  if (standing.silence && isSilenced(standing, now)) {
    await context.execute(alertNotification, tenant, id, withhold, { until: standing.silence.until });
    return;
  }
  if (state.status === 'withheld' && !(await isStillNews(tenant, message, context))) {
    await context.execute(alertNotification, tenant, id, drop, { reason: 'moment-passed' });
    return;
  }
  if (state.status === 'retrying' && Date.parse(state.nextAttemptAt) > Date.parse(now)) return;

  const outcome = await sendWebhook({
    url: channel.channel.url,
    id: `msg_${id}`,
    body: bodyOf(message, channel.channel.consoleUrl),
    secret: await channelSecret(tenant, message.channelId, channel.generation),
    anyAddress: context.environment === 'local',
  });
  const attempt = state.attempts + 1;
  await context.execute(alertNotification, tenant, id, recordAttempt, { attempt, ...outcome });
}

/** After a silence, what is over is not told any more, but whoever was told of a beginning is told of the end. */
async function isStillNews(tenant: string, message: Message, { load }: ReactionContext): Promise<boolean> {
  const { channelId, alertId, episode, moment } = message;
  if (moment === 'resolved') {
    const begun = await load(
      alertNotification,
      tenant,
      notificationId(channelId, alertId, episode, 'raised'),
    );
    return begun.state.status === 'delivered';
  }
  const { state } = await load(alert, tenant, alertId);
  if (state.status !== 'open' || state.episode !== episode) return false;
  return moment !== 'escalated' || !state.acknowledged;
}
