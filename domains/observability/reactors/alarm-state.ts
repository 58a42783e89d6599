import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import type { ReactionContext } from '#shared/definition/reactor.ts';
import { alert, closeForDeletedRule, raise, recover } from '../alert/alert.ts';
import { alertRule } from '../alert-rule/alert-rule.ts';
import { alarmName, type RuleOfAlarm } from '../cloudwatch/alarm-name.ts';
import { cloudwatch } from '../cloudwatch/client.ts';

/** What an alarm says, and since when. */
export interface AlarmState {
  /** `OK`, `ALARM` or `INSUFFICIENT_DATA`. */
  readonly value: string;
  readonly reason: string;
  /** RFC 3339, UTC, milliseconds. */
  readonly changedAt: string;
}

/** What the alarm of a rule says now; undefined when it has none. */
export async function currentAlarmState(rule: RuleOfAlarm): Promise<AlarmState | undefined> {
  const command = new DescribeAlarmsCommand({ AlarmNames: [alarmName(rule)], AlarmTypes: ['MetricAlarm'] });
  const { MetricAlarms: [alarm] = [] } = await (await cloudwatch()).send(command);
  const changedAt = alarm?.StateTransitionedTimestamp ?? alarm?.StateUpdatedTimestamp;
  if (!alarm?.StateValue || !changedAt) return undefined;
  return {
    value: alarm.StateValue,
    reason: reasonOr(alarm.StateReason, alarm.StateValue),
    changedAt: changedAt.toISOString(),
  };
}

export const reasonOr = (reason: string | undefined, value: string) =>
  reason || `The alarm is in state ${value}.`;

/** Raises or resolves the alert of a rule as its alarm says. INSUFFICIENT_DATA says neither. Repeating it does no harm. */
export async function applyAlarmState(
  { tenant, alertRuleId }: RuleOfAlarm,
  { value, reason, changedAt }: AlarmState,
  { load, execute }: ReactionContext,
): Promise<void> {
  if (value === 'OK') await execute(alert, tenant, alertRuleId, recover, { changedAt, reason });
  if (value !== 'ALARM') return;
  const { state: standing } = await load(alertRule, tenant, alertRuleId);
  // A disabled rule raises nothing; a deleted one is no longer there to name.
  if (standing.status !== 'enabled') return;
  const { name, severity, metric, statistic, comparison, threshold } = standing.rule;
  const facts = { ruleName: name, severity, metric, statistic, comparison, threshold };
  await execute(alert, tenant, alertRuleId, raise, { ...facts, changedAt, reason });

  // The rule may have been deleted while we raised; whoever closes alerts of deleted rules came too early then.
  const { state: after } = await load(alertRule, tenant, alertRuleId);
  if (after.status === 'deleted') await execute(alert, tenant, alertRuleId, closeForDeletedRule, {});
}
