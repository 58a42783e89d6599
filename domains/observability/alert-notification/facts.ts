import { aggregate } from '#shared/definition/aggregate.ts';
import { instant, number, object, oneOf, optional, text, type ValueOf } from '#shared/messages/schema.ts';
import { type AlertEvent, alert } from '../alert/alert.ts';
import { metricIdentity, ruleFields } from '../alert-rule/alert-rule.ts';

/** What a message tells of an episode. Times of raise and resolve are CloudWatch's. */
export const factFields = {
  ruleName: ruleFields.name,
  severity: ruleFields.severity,
  metric: object(metricIdentity),
  statistic: ruleFields.statistic,
  comparison: ruleFields.comparison,
  threshold: number(),
  reason: text(4096),
  raisedAt: instant,
  note: optional(text(500)),
  resolvedAt: optional(instant),
  resolution: optional(oneOf('recovered', 'rule-deleted')),
};
export type Facts = ValueOf<typeof factFields>;

export type AlertStory = Readonly<Record<number, Facts>>;

const evolve = (story: AlertStory, event: AlertEvent): AlertStory => {
  if (event.type === 'AlertRaised') {
    const { episode, changedAt, ...facts } = event.data;
    return { ...story, [episode]: { ...facts, raisedAt: changedAt } };
  }
  const { episode = 0 } = event.data;
  const facts = story[episode];
  if (!facts) return story;
  if (event.type === 'AlertAcknowledged') {
    const { note } = event.data;
    return note === undefined ? story : { ...story, [episode]: { ...facts, note } };
  }
  if (event.type !== 'AlertResolved') return story;
  const { changedAt: resolvedAt, resolution, reason } = event.data;
  return { ...story, [episode]: { ...facts, resolvedAt, resolution, reason } };
};

/**
 * The stream of an alert, told over for what is to be said of each episode. Only for folding a whole history: a state
 * that is kept of the alert itself is another one.
 */
export const alertStory = aggregate<AlertStory, AlertEvent>('observability/alert', {
  events: alert.events,
  initial: {},
  evolve,
});
