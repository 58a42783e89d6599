import { fold } from '#shared/definition/aggregate.ts';
import { type ReactionContext, reactor } from '#shared/definition/reactor.ts';
import { alert } from '../alert/alert.ts';
import { alertNotification, request } from '../alert-notification/alert-notification.ts';
import { alertStory } from '../alert-notification/facts.ts';
import type { Moment } from '../notification-channel/notification-channel.ts';
import { channels } from '../read-models/channels.ts';
import { openNotifications } from '../read-models/open-notifications.ts';
import { attendNotification, notificationId } from './attend-notification.ts';
import { everyRow } from './every-row.ts';

const momentOf: Readonly<Record<string, Moment | undefined>> = {
  AlertRaised: 'raised',
  AlertAcknowledged: 'acknowledged',
  AlertResolved: 'resolved',
};

/** A channel is told nothing of what is older than the bus would keep: such an event is told again only to read models. */
const stale = 24 * 60 * 60 * 1000;

/** Asks for a message to every channel that wants this moment of an alert, and looks again when a silence changes. */
export const notifyOfAlert = reactor({
  follows: alert,
  readModels: { channels, openNotifications },
  uses: ['keys'],
  react: async ({ tenant, id, event }, context) => {
    const moment = momentOf[event.type];
    if (moment)
      await requestMessages(tenant, id, { moment, ...(event.data as Told), at: event.time }, context);
    if (event.type === 'AlertSilenced' || event.type === 'AlertUnsilenced')
      await attendWithheld(tenant, id, context);
  },
});

interface Told {
  readonly episode: number;
}

async function requestMessages(
  tenant: string,
  alertId: string,
  { moment, episode, at }: Told & { moment: Moment; at: string },
  context: ReactionContext,
): Promise<void> {
  if (Date.now() - Date.parse(at) > stale) return;
  const facts = fold(alertStory, await context.history(alert, tenant, alertId))[episode];
  if (!facts) return;
  for (const channel of await everyRow(await context.rows(channels, tenant), 'all')) {
    const wanted =
      channel.enabled && channel.moments.includes(moment) && channel.severities.includes(facts.severity);
    if (!wanted || channel.createdAt > at) continue;
    const { notificationChannelId: channelId, name: channelName } = channel;
    const id = notificationId(channelId, alertId, episode, moment);
    const subject = { channelId, channelName, alertId, episode, moment, at };
    await context.execute(alertNotification, tenant, id, request, { ...subject, facts });
  }
}

async function attendWithheld(tenant: string, alertId: string, context: ReactionContext): Promise<void> {
  const pending = await everyRow(await context.rows(openNotifications, tenant), 'pending');
  for (const row of pending) {
    if (row.alertId === alertId) await attendNotification(tenant, row.alertNotificationId, context);
  }
}
