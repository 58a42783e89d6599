import { DescribeAlarmsCommand, type MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { query } from '#shared/definition/query.ts';
import { oneOf, optional, text } from '#shared/messages/schema.ts';
import { setting } from '#shared/runtime/settings.ts';
import { calling } from '#shared/runtime/upstream.ts';
import { ruleOfAlarm } from '../cloudwatch/alarm-name.ts';
import { cloudwatch, dimensionsOf } from '../cloudwatch/client.ts';
import { readers } from '../roles.ts';
import { pageParameters } from './parameters.ts';

export const listAlarms = query({
  route: 'GET /alarms',
  roles: readers,
  installationOnly: true,
  input: {
    ...pageParameters,
    state: optional(oneOf('OK', 'ALARM', 'INSUFFICIENT_DATA')),
    prefix: optional(text(255)),
  },
  answer: async ({ state, prefix, limit = 25, cursor }) => {
    const command = new DescribeAlarmsCommand({
      AlarmTypes: ['MetricAlarm'],
      StateValue: state,
      AlarmNamePrefix: prefix,
      MaxRecords: limit,
      NextToken: cursor,
    });
    const { MetricAlarms = [], NextToken } = await calling(
      'CloudWatch',
      'DescribeAlarms',
      (await cloudwatch()).send(command),
    );
    return { items: MetricAlarms.map(itemOf), ...(NextToken ? { nextCursor: NextToken } : {}) };
  },
});

function itemOf(alarm: MetricAlarm) {
  return {
    name: alarm.AlarmName,
    arn: alarm.AlarmArn,
    description: alarm.AlarmDescription,
    state: alarm.StateValue,
    stateReason: alarm.StateReason,
    stateChangedAt: (alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp)?.toISOString(),
    actionsEnabled: alarm.ActionsEnabled,
    namespace: alarm.Namespace,
    metricName: alarm.MetricName,
    dimensions: dimensionsOf(alarm.Dimensions),
    statistic: alarm.ExtendedStatistic ?? alarm.Statistic,
    period: alarm.Period,
    threshold: alarm.Threshold,
    comparison: alarm.ComparisonOperator,
    evaluationPeriods: alarm.EvaluationPeriods,
    datapointsToAlarm: alarm.DatapointsToAlarm ?? alarm.EvaluationPeriods,
    missingData: alarm.TreatMissingData ?? 'missing',
    alertRuleId: ruleOfAlarm(alarm.AlarmName ?? '', setting('ENVIRONMENT'))?.alertRuleId,
  };
}
