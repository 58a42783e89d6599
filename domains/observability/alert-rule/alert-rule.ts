import { aggregate, type Decision } from '#shared/definition/aggregate.ts';
import { type DomainEvent, type EventOf, event } from '#shared/messages/event.ts';
import { refused } from '#shared/messages/problem.ts';
import {
  integer,
  map,
  number,
  object,
  oneOf,
  optional,
  type Schema,
  text,
  type ValueOf,
} from '#shared/messages/schema.ts';

// What a rule says: which number is watched, and where it must not go

const statistic: Schema<string> = {
  type: 'string',
  pattern: '^(Sum|Average|Minimum|Maximum|SampleCount|p(\\d{1,2}(\\.\\d{1,2})?|100))$',
};

/** CloudWatch evaluates 10 and 30 second periods, and multiples of a minute up to a day. */
const period: Schema<number> = {
  type: 'integer',
  anyOf: [{ enum: [10, 30] }, { minimum: 60, maximum: 86_400, multipleOf: 60 }],
};

export const metricIdentity = {
  namespace: text(255),
  metricName: text(255),
  dimensions: map(text(1024), { maxProperties: 30 }),
};

export const ruleFields = {
  name: text(100),
  description: optional(text(1000)),
  severity: oneOf('critical', 'warning', 'info'),
  metric: object(metricIdentity),
  statistic,
  period,
  comparison: oneOf(
    'GreaterThanThreshold',
    'GreaterThanOrEqualToThreshold',
    'LessThanThreshold',
    'LessThanOrEqualToThreshold',
  ),
  threshold: number(),
  evaluationPeriods: integer({ minimum: 1, maximum: 100 }),
  datapointsToAlarm: integer({ minimum: 1, maximum: 100 }),
  missingData: oneOf('missing', 'ignore', 'breaching', 'notBreaching'),
};
export type Rule = ValueOf<typeof ruleFields>;

// Events

export const AlertRuleDefined = event('AlertRuleDefined', ruleFields);
export const AlertRuleChanged = event('AlertRuleChanged', ruleFields);
export const AlertRuleDisabled = event('AlertRuleDisabled', {});
export const AlertRuleEnabled = event('AlertRuleEnabled', {});
export const AlertRuleDeleted = event('AlertRuleDeleted', {});

const events = [
  AlertRuleDefined,
  AlertRuleChanged,
  AlertRuleDisabled,
  AlertRuleEnabled,
  AlertRuleDeleted,
] as const;
export type AlertRuleEvent = EventOf<(typeof events)[number]> & DomainEvent;

// State

export type AlertRule =
  | { readonly status: 'undefined' }
  | { readonly status: 'enabled' | 'disabled'; readonly rule: Rule }
  | { readonly status: 'deleted' };

// Evolve

const evolve = (alertRule: AlertRule, event: AlertRuleEvent): AlertRule => {
  switch (event.type) {
    case 'AlertRuleDefined':
      return { status: 'enabled', rule: event.data };
    case 'AlertRuleChanged':
      return 'rule' in alertRule ? { ...alertRule, rule: event.data } : alertRule;
    case 'AlertRuleDisabled':
      return 'rule' in alertRule ? { ...alertRule, status: 'disabled' } : alertRule;
    case 'AlertRuleEnabled':
      return 'rule' in alertRule ? { ...alertRule, status: 'enabled' } : alertRule;
    case 'AlertRuleDeleted':
      return { status: 'deleted' };
  }
};

export const alertRule = aggregate<AlertRule, AlertRuleEvent>('observability/alert-rule', {
  events,
  initial: { status: 'undefined' },
  evolve,
});

// Decisions

type Decide<Input> = Decision<AlertRule, Input, AlertRuleEvent>;

export const define: Decide<Rule> = (alertRule, rule) => {
  if (alertRule.status !== 'undefined')
    throw refused('alert-rule-exists', 'This alert rule is already defined.');
  assertCoherent(rule);
  return [AlertRuleDefined(rule)];
};

export const change: Decide<Rule> = (alertRule, rule) => {
  const standing = standingRule(alertRule);
  assertCoherent(rule);
  return equal(standing.rule, rule) ? [] : [AlertRuleChanged(rule)];
};

export const disable: Decide<object> = (alertRule) =>
  standingRule(alertRule).status === 'disabled' ? [] : [AlertRuleDisabled({})];

export const enable: Decide<object> = (alertRule) =>
  standingRule(alertRule).status === 'enabled' ? [] : [AlertRuleEnabled({})];

export const remove: Decide<object> = (alertRule) =>
  alertRule.status === 'deleted' ? [] : [AlertRuleDeleted({})];

function standingRule(alertRule: AlertRule) {
  if ('rule' in alertRule) return alertRule;
  throw refused('alert-rule-deleted', 'This alert rule was deleted. Define a new one.');
}

function assertCoherent(rule: Rule): void {
  if (rule.datapointsToAlarm > rule.evaluationPeriods) {
    throw refused(
      'datapoints-exceed-periods',
      'The data points to alarm cannot be more than the periods evaluated.',
    );
  }
  // CloudWatch refuses to look back further than a day (a week for periods of an hour and more).
  const reach = rule.period * rule.evaluationPeriods;
  if (reach > (rule.period >= 3600 ? 604_800 : 86_400)) {
    throw refused(
      'evaluation-too-long',
      'Period times evaluated periods may be a day at most, or a week from hourly periods on.',
    );
  }
}

const equal = (one: Rule, other: Rule) => JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));

/** With keys in one order, so that two spellings of a rule compare equal. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
