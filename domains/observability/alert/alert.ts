import { aggregate, type Decision } from '#shared/definition/aggregate.ts';
import { type DomainEvent, type EventOf, event } from '#shared/messages/event.ts';
import { personal } from '#shared/messages/personal.ts';
import { invalid, refused } from '#shared/messages/problem.ts';
import { instant, integer, number, object, oneOf, optional, text } from '#shared/messages/schema.ts';
import { metricIdentity, ruleFields } from '../alert-rule/alert-rule.ts';

// An alert has the id of its rule. Each raise-to-resolve is an episode, counted from 1. A silence and its end belong to
// the alert: `episode` says which was the latest then, and is absent where there had been none.

const episode = integer({ minimum: 1 });

// Events

export const AlertRaised = event('AlertRaised', {
  episode,
  /** When the alarm changed its state, by CloudWatch's clock. */
  changedAt: instant,
  reason: text(4096),
  ruleName: ruleFields.name,
  severity: ruleFields.severity,
  metric: object(metricIdentity),
  statistic: ruleFields.statistic,
  comparison: ruleFields.comparison,
  threshold: number(),
});
export const AlertAcknowledged = event('AlertAcknowledged', {
  episode,
  note: optional(personal(text(500))),
});
export const AlertResolved = event('AlertResolved', {
  episode,
  changedAt: instant,
  resolution: oneOf('recovered', 'rule-deleted'),
  reason: text(4096),
});
export const AlertCommented = event('AlertCommented', { episode, text: personal(text(2000)) });
export const AlertSilenced = event('AlertSilenced', {
  episode: optional(episode),
  until: instant,
  reason: personal(text(500)),
});
export const AlertUnsilenced = event('AlertUnsilenced', {
  episode: optional(episode),
  reason: optional(personal(text(500))),
});

const events = [
  AlertRaised,
  AlertAcknowledged,
  AlertResolved,
  AlertCommented,
  AlertSilenced,
  AlertUnsilenced,
] as const;
export type AlertEvent = EventOf<(typeof events)[number]> & DomainEvent;

// State

/** Until when notifications are withheld. It ends by time: nothing is recorded then. */
export interface Silence {
  readonly until: string;
  readonly reason: string;
}

export type Alert = { readonly silence?: Silence } & Standing;

type Standing =
  | { readonly status: 'quiet' }
  | {
      readonly status: 'open';
      readonly episode: number;
      readonly changedAt: string;
      readonly acknowledged: boolean;
    }
  | { readonly status: 'resolved'; readonly episode: number; readonly changedAt: string };

// Evolve

const evolve = (alert: Alert, event: AlertEvent): Alert => {
  switch (event.type) {
    case 'AlertRaised':
      return {
        ...silenceOf(alert),
        status: 'open',
        episode: event.data.episode,
        changedAt: event.data.changedAt,
        acknowledged: false,
      };
    case 'AlertAcknowledged':
      return alert.status === 'open' ? { ...alert, acknowledged: true } : alert;
    case 'AlertResolved':
      return {
        ...silenceOf(alert),
        status: 'resolved',
        episode: event.data.episode,
        changedAt: event.data.changedAt,
      };
    case 'AlertCommented':
      return alert;
    case 'AlertSilenced':
      return { ...alert, silence: { until: event.data.until, reason: event.data.reason } };
    case 'AlertUnsilenced': {
      const { silence: _, ...rest } = alert;
      return rest;
    }
  }
};

const silenceOf = ({ silence }: Alert) => (silence ? { silence } : {});

export const alert = aggregate<Alert, AlertEvent>('observability/alert', {
  events,
  initial: { status: 'quiet' },
  evolve,
});

// Decisions

type Decide<Input> = Decision<Alert, Input, AlertEvent>;

/** What the alarm said, and what its rule says. */
export type Raise = Omit<Parameters<typeof AlertRaised>[0], 'episode'>;

export const raise: Decide<Raise> = (alert, alarm) => {
  if (alert.status === 'open' || !isNews(alert, alarm.changedAt)) return [];
  return [AlertRaised({ ...alarm, episode: alert.status === 'quiet' ? 1 : alert.episode + 1 })];
};

export const recover: Decide<{ changedAt: string; reason: string }> = (alert, alarm) => {
  if (alert.status !== 'open' || !isNews(alert, alarm.changedAt)) return [];
  return [AlertResolved({ ...alarm, episode: alert.episode, resolution: 'recovered' })];
};

/** A deleted rule watches nothing any more: its open episode would never be resolved. */
export const closeForDeletedRule: Decide<object> = (alert, _, { now }) => {
  if (alert.status !== 'open') return [];
  const reason = 'The alert rule was deleted.';
  return [AlertResolved({ episode: alert.episode, changedAt: now, resolution: 'rule-deleted', reason })];
};

export const acknowledge: Decide<{ episode: number; note?: string | undefined }> = (
  alert,
  { episode, note },
) => {
  requireEpisode(alert, episode);
  if (alert.status !== 'open' || alert.episode !== episode) {
    throw refused('episode-not-open', 'Only an open alert can be acknowledged; this episode is resolved.');
  }
  return alert.acknowledged ? [] : [AlertAcknowledged({ episode, note })];
};

export const comment: Decide<{ episode: number; text: string }> = (alert, { episode, text }) => {
  requireEpisode(alert, episode);
  return [AlertCommented({ episode, text })];
};

const longestSilenceDays = 30;

export const silence: Decide<{ until: string; reason: string }> = (alert, { until, reason }, { now }) => {
  const milliseconds = Date.parse(until) - Date.parse(now);
  if (!(milliseconds > 0 && milliseconds <= longestSilenceDays * 86_400_000)) {
    throw invalid('Choose another end of the silence.', [
      { pointer: '#/until', detail: `must be in the future, ${longestSilenceDays} days from now at most` },
    ]);
  }
  const asked = { until: new Date(until).toISOString(), reason };
  if (alert.silence?.until === asked.until && alert.silence.reason === reason) return [];
  return [AlertSilenced({ ...latestEpisode(alert), ...asked })];
};

export const unsilence: Decide<{ reason?: string | undefined }> = (alert, { reason }, { now }) =>
  isSilenced(alert, now) ? [AlertUnsilenced({ ...latestEpisode(alert), reason })] : [];

/** Whether notifications are withheld at this time. */
export function isSilenced(alert: { readonly silence?: Silence | undefined }, now: string): boolean {
  return alert.silence !== undefined && Date.parse(alert.silence.until) > Date.parse(now);
}

const latestEpisode = (alert: Alert) => (alert.status === 'quiet' ? {} : { episode: alert.episode });

function requireEpisode(alert: Alert, episode: number): asserts alert is Exclude<Alert, { status: 'quiet' }> {
  if (alert.status === 'quiet' || alert.episode < episode)
    throw refused('episode-unknown', `The alert has had no episode ${episode}.`);
}

/** The bus repeats and reorders: a change that is not newer than the last recorded says nothing new. */
function isNews(alert: Alert, changedAt: string): boolean {
  return alert.status === 'quiet' || Date.parse(changedAt) > Date.parse(alert.changedAt);
}
