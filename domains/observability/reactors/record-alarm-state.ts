import { platformReactor } from '#shared/definition/reactor.ts';
import { alert, closeForDeletedRule, raise, recover } from '../alert/alert.ts';
import { alertRule } from '../alert-rule/alert-rule.ts';
import { alarmPrefix, ruleOfAlarm } from '../cloudwatch/alarm-name.ts';

/** The parts of a "CloudWatch Alarm State Change" that we read. */
interface AlarmStateChange {
  readonly alarmName: string;
  readonly state: { readonly value: string; readonly reason?: string; readonly timestamp: string };
}

/** Raises and resolves the alert of a rule as its alarm changes its state. INSUFFICIENT_DATA says neither. */
export const recordAlarmState = platformReactor({
  pattern: ({ environment }) => ({
    source: ['aws.cloudwatch'],
    'detail-type': ['CloudWatch Alarm State Change'],
    detail: { alarmName: [{ prefix: alarmPrefix(environment) }] },
  }),
  react: async (event, { environment, load, execute }) => {
    const { alarmName, state } = event.detail as AlarmStateChange;
    const named = ruleOfAlarm(alarmName, environment);
    if (!named) return;
    const { tenant, alertRuleId } = named;
    const changedAt = new Date(state.timestamp).toISOString();
    const reason = state.reason || `The alarm is in state ${state.value}.`;

    if (state.value === 'OK') await execute(alert, tenant, alertRuleId, recover, { changedAt, reason });
    if (state.value !== 'ALARM') return;
    const { state: standing } = await load(alertRule, tenant, alertRuleId);
    // A disabled rule raises nothing; a deleted one is no longer there to name.
    if (standing.status !== 'enabled') return;
    const { name, severity, metric, statistic, comparison, threshold } = standing.rule;
    const facts = { ruleName: name, severity, metric, statistic, comparison, threshold };
    await execute(alert, tenant, alertRuleId, raise, { ...facts, changedAt, reason });

    // The rule may have been deleted while we raised; whoever closes alerts of deleted rules came too early then.
    const { state: after } = await load(alertRule, tenant, alertRuleId);
    if (after.status === 'deleted') await execute(alert, tenant, alertRuleId, closeForDeletedRule, {});
  },
});
