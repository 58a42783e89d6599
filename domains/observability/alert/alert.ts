import { aggregate, type Decision } from '#shared/definition/aggregate.ts';
import { type DomainEvent, type EventOf, event } from '#shared/messages/event.ts';
import { refused } from '#shared/messages/problem.ts';
import { instant, integer, number, object, oneOf, optional, text } from '#shared/messages/schema.ts';
import { metricIdentity, ruleFields } from '../alert-rule/alert-rule.ts';

// An alert has the id of its rule. Each raise-to-resolve is an episode, counted from 1.

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
export const AlertAcknowledged = event('AlertAcknowledged', { episode, note: optional(text(500)) });
export const AlertResolved = event('AlertResolved', {
  episode,
  changedAt: instant,
  resolution: oneOf('recovered', 'rule-deleted'),
  reason: text(4096),
});

const events = [AlertRaised, AlertAcknowledged, AlertResolved] as const;
export type AlertEvent = EventOf<(typeof events)[number]> & DomainEvent;

// State

export type Alert =
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
        status: 'open',
        episode: event.data.episode,
        changedAt: event.data.changedAt,
        acknowledged: false,
      };
    case 'AlertAcknowledged':
      return alert.status === 'open' ? { ...alert, acknowledged: true } : alert;
    case 'AlertResolved':
      return { status: 'resolved', episode: event.data.episode, changedAt: event.data.changedAt };
  }
};

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
  if (alert.status === 'quiet' || alert.episode < episode) {
    throw refused('episode-unknown', `The alert has had no episode ${episode}.`);
  }
  if (alert.status !== 'open' || alert.episode !== episode) {
    throw refused('episode-not-open', 'Only an open alert can be acknowledged; this episode is resolved.');
  }
  return alert.acknowledged ? [] : [AlertAcknowledged({ episode, note })];
};

/** The bus repeats and reorders: a change that is not newer than the last recorded says nothing new. */
function isNews(alert: Alert, changedAt: string): boolean {
  return alert.status === 'quiet' || Date.parse(changedAt) > Date.parse(alert.changedAt);
}
