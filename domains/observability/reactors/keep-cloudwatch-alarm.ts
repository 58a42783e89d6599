import { DeleteAlarmsCommand, PutMetricAlarmCommand, type Statistic } from '@aws-sdk/client-cloudwatch';
import { reactor } from '#shared/definition/reactor.ts';
import { alertRule, type Rule } from '../alert-rule/alert-rule.ts';
import { alarmName } from '../cloudwatch/alarm-name.ts';
import { cloudwatch, toDimensions } from '../cloudwatch/client.ts';
import { applyAlarmState, currentAlarmState } from './alarm-state.ts';

/** Keeps the CloudWatch alarm of a rule as the rule stands: put, switched off, or gone. */
export const keepCloudwatchAlarm = reactor({
  follows: alertRule,
  react: async ({ tenant, id, state }, context) => {
    // Metrics cannot be told apart by tenant: an alarm for another tenant would tell it of the installation's.
    if (tenant !== context.installationTenant) return;
    if (state.status === 'undefined') return;
    const rule = { environment: context.environment, tenant, alertRuleId: id };
    const client = await cloudwatch();
    if (state.status === 'deleted') {
      await client.send(new DeleteAlarmsCommand({ AlarmNames: [alarmName(rule)] }));
      return;
    }
    await client.send(
      new PutMetricAlarmCommand(alarmOf(alarmName(rule), state.rule, state.status === 'enabled')),
    );

    // An alarm that went off while its rule was disabled says nothing new when that is enabled again.
    const now = state.status === 'enabled' ? await currentAlarmState(rule) : undefined;
    if (now) await applyAlarmState(rule, now, context);
  },
});

/** A disabled rule keeps its alarm, so that its state stays visible; only nothing follows from it. */
function alarmOf(name: string, rule: Rule, enabled: boolean) {
  const statistic = rule.statistic.startsWith('p')
    ? { ExtendedStatistic: rule.statistic }
    : { Statistic: rule.statistic as Statistic };
  return {
    AlarmName: name,
    AlarmDescription: rule.name,
    ActionsEnabled: enabled,
    Namespace: rule.metric.namespace,
    MetricName: rule.metric.metricName,
    Dimensions: toDimensions(rule.metric.dimensions),
    ...statistic,
    Period: rule.period,
    ComparisonOperator: rule.comparison,
    Threshold: rule.threshold,
    EvaluationPeriods: rule.evaluationPeriods,
    DatapointsToAlarm: rule.datapointsToAlarm,
    TreatMissingData: rule.missingData,
  };
}
