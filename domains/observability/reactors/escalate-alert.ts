import { fold } from '#shared/definition/aggregate.ts';
import { processManager } from '#shared/definition/process-manager.ts';
import type { ReactionContext } from '#shared/definition/reactor.ts';
import { type Alert, alert } from '../alert/alert.ts';
import {
  alertEscalationProcess,
  type EscalationFacts,
  nextEscalation,
} from '../alert-escalation-process/alert-escalation-process.ts';
import { alertNotification, drop, request } from '../alert-notification/alert-notification.ts';
import { alertStory, type Facts } from '../alert-notification/facts.ts';
import { defaultEscalateAfter } from '../notification-channel/notification-channel.ts';
import { type ChannelRow, channels } from '../read-models/channels.ts';
import { notificationId } from './attend-notification.ts';
import { everyRow } from './every-row.ts';

/** Tells the channels that want it that nobody has acknowledged an alert for as long as they give people. */
export const escalateAlert = processManager({
  process: alertEscalationProcess,
  follows: alert,
  readModels: { channels },
  key: ({ type, data }) =>
    type === 'AlertRaised' || type === 'AlertAcknowledged' || type === 'AlertResolved'
      ? `${data.episode}`
      : undefined,
  look: async ({ tenant, subject, key, state }, context): Promise<EscalationFacts> => {
    const episode = standingOf(state, key);
    // Nothing is asked of the history and of channels when nobody has to be told any more.
    const facts = episode === 'unacknowledged' ? await factsOf(tenant, subject.id, key, context) : undefined;
    if (!facts) return { episode, raisedAt: '', channels: [] };
    const rows = await everyRow(await context.rows(channels, tenant), 'all');
    const wanted = rows.filter((row) => wants(row, facts));
    return {
      episode,
      raisedAt: facts.raisedAt,
      channels: wanted.map(({ notificationChannelId, name, escalateAfter = defaultEscalateAfter }) => ({
        channelId: notificationChannelId,
        name,
        after: escalateAfter,
      })),
    };
  },
  next: nextEscalation,
  steps: {
    tellChannel: {
      async run({ tenant, subject, key, on = '' }, context) {
        const facts = await factsOf(tenant, subject.id, key, context);
        const row = await (await context.rows(channels, tenant)).get(on);
        // Deleted between the decision and now: nobody is there to be told.
        if (!facts || !row) return;
        const at = new Date().toISOString();
        const told = { channelId: on, channelName: row.name, alertId: subject.id, episode: Number(key) };
        const id = notificationId(on, subject.id, told.episode, 'escalated');
        await context.execute(alertNotification, tenant, id, request, {
          ...told,
          moment: 'escalated',
          at,
          facts,
        });
      },
      async compensate({ tenant, subject, key, on = '' }, context) {
        const id = notificationId(on, subject.id, Number(key), 'escalated');
        await context.execute(alertNotification, tenant, id, drop, { reason: 'moment-passed' });
      },
    },
  },
});

function standingOf(state: Alert, key: string): EscalationFacts['episode'] {
  if (state.status !== 'open' || `${state.episode}` !== key) return 'over';
  return state.acknowledged ? 'acknowledged' : 'unacknowledged';
}

async function factsOf(
  tenant: string,
  alertId: string,
  episode: string,
  { history }: ReactionContext,
): Promise<Facts | undefined> {
  return fold(alertStory, await history(alert, tenant, alertId))[Number(episode)];
}

const wants = ({ enabled, moments, severities }: ChannelRow, { severity }: Facts) =>
  enabled && moments.includes('escalated') && severities.includes(severity);
