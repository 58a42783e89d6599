import type { BusEntry } from '../../../core/cloud.ts';
import type { DataQuery } from '../queries.ts';
import type { Suppression } from './composite/suppression.ts';
import { cloudWatchTime } from './reason.ts';
import { type AlarmRecord, type AlarmStateRecord, isComposite, type MetricAlarmRecord } from './record.ts';
import { alarmQueries } from './settings.ts';

/** As DescribeAlarms and events say it. */
export function suppressionReason({ by }: Suppression): string {
  return `Actions suppressed by ${by}`;
}

function stateDetail(state: AlarmStateRecord, suppression?: Suppression) {
  return {
    ...(suppression
      ? { actionsSuppressedBy: suppression.by, actionsSuppressedReason: suppressionReason(suppression) }
      : {}),
    value: state.value,
    reason: state.reason,
    ...(state.reasonData === undefined ? {} : { reasonData: state.reasonData }),
    timestamp: cloudWatchTime(state.updated),
  };
}

function metricDetail(query: DataQuery, id: string) {
  const named = query.label === undefined ? { id } : { id, label: query.label };
  if (query.kind === 'expression') return { ...named, expression: query.text, returnData: query.returnData };
  return {
    ...named,
    metricStat: {
      metric: {
        namespace: query.metric.namespace,
        name: query.metric.name,
        dimensions: query.metric.dimensions,
      },
      period: query.period,
      stat: query.stat,
      ...(query.unit === undefined ? {} : { unit: query.unit }),
    },
    returnData: query.returnData,
  };
}

function configurationDetail(alarm: AlarmRecord) {
  const { AlarmDescription: description } = alarm.settings;
  const described = description === undefined ? {} : { description };
  if (!isComposite(alarm)) {
    const { settings, metricId } = alarm;
    const metrics = alarmQueries(settings).map((query) =>
      metricDetail(query, settings.Metrics ? query.id : metricId),
    );
    return { ...described, metrics };
  }
  const { settings } = alarm;
  return {
    ...described,
    alarmRule: settings.AlarmRule,
    ...(settings.ActionsSuppressor === undefined
      ? {}
      : {
          actionsSuppressor: settings.ActionsSuppressor,
          actionsSuppressorWaitPeriod: settings.ActionsSuppressorWaitPeriod,
          actionsSuppressorExtensionPeriod: settings.ActionsSuppressorExtensionPeriod,
        }),
  };
}

/** The detail that events and Lambda actions of a state change share, in AWS's spelling. */
function changeDetail(alarm: AlarmRecord, previous: AlarmStateRecord, suppressed?: Suppression) {
  return {
    alarmName: alarm.settings.AlarmName,
    state: stateDetail(alarm.state, isComposite(alarm) ? alarm.suppression : undefined),
    previousState: stateDetail(previous, suppressed),
    configuration: configurationDetail(alarm),
  };
}

/** "CloudWatch Alarm State Change", as CloudWatch puts it on the default bus. */
export function stateChangeEvent(
  alarm: AlarmRecord,
  previous: AlarmStateRecord,
  suppressed?: Suppression,
): Omit<BusEntry, 'time'> {
  return {
    busName: 'default',
    source: 'aws.cloudwatch',
    detailType: 'CloudWatch Alarm State Change',
    resources: [alarm.arn],
    detail: changeDetail(alarm, previous, suppressed),
  };
}

/** All that was set of an alarm, as events of its making and changing have it. */
function wholeConfiguration(alarm: AlarmRecord) {
  const { settings } = alarm;
  return {
    ...configurationDetail(alarm),
    alarmName: settings.AlarmName,
    actionsEnabled: settings.ActionsEnabled,
    timestamp: cloudWatchTime(alarm.configured),
    okActions: settings.OKActions,
    alarmActions: settings.AlarmActions,
    insufficientDataActions: settings.InsufficientDataActions,
    ...('AlarmRule' in settings
      ? {}
      : {
          evaluationPeriods: settings.EvaluationPeriods,
          ...(settings.DatapointsToAlarm === undefined
            ? {}
            : { datapointsToAlarm: settings.DatapointsToAlarm }),
          threshold: settings.Threshold,
          comparisonOperator: settings.ComparisonOperator,
          treatMissingData: settings.TreatMissingData ?? 'missing',
        }),
  };
}

/** "CloudWatch Alarm Configuration Change", as CloudWatch puts it on the default bus. */
export function configurationEvent(
  alarm: AlarmRecord,
  operation: 'create' | 'update' | 'delete',
  previous?: AlarmRecord,
): Omit<BusEntry, 'time'> {
  return {
    busName: 'default',
    source: 'aws.cloudwatch',
    detailType: 'CloudWatch Alarm Configuration Change',
    resources: [alarm.arn],
    detail: {
      alarmName: alarm.settings.AlarmName,
      operation,
      state: stateDetail(alarm.state, isComposite(alarm) ? alarm.suppression : undefined),
      configuration: wholeConfiguration(alarm),
      ...(previous ? { previousConfiguration: wholeConfiguration(previous) } : {}),
    },
  };
}

/** What a Lambda named in an alarm's actions is invoked with. */
export function lambdaActionPayload(
  alarm: AlarmRecord,
  previous: AlarmStateRecord,
  place: { region: string; accountId: string },
): object {
  return {
    source: 'aws.cloudwatch',
    alarmArn: alarm.arn,
    accountId: place.accountId,
    time: cloudWatchTime(alarm.state.updated),
    region: place.region,
    alarmData: changeDetail(alarm, previous),
  };
}

function triggerOf({ settings }: MetricAlarmRecord) {
  return {
    ...(settings.Metrics
      ? { Metrics: settings.Metrics }
      : {
          MetricName: settings.MetricName,
          Namespace: settings.Namespace,
          StatisticType: settings.Statistic ? 'Statistic' : 'ExtendedStatistic',
          Statistic: (settings.Statistic ?? settings.ExtendedStatistic ?? '').toUpperCase(),
          Unit: settings.Unit ?? null,
          Dimensions: settings.Dimensions.map(({ Name, Value }) => ({ name: Name, value: Value })),
        }),
    Period: settings.Period,
    EvaluationPeriods: settings.EvaluationPeriods,
    DatapointsToAlarm: settings.DatapointsToAlarm,
    ComparisonOperator: settings.ComparisonOperator,
    Threshold: settings.Threshold,
    TreatMissingData: settings.TreatMissingData ?? '',
  };
}

/** The JSON message CloudWatch publishes to an SNS topic named in an alarm's actions. */
export function topicActionPayload(
  alarm: AlarmRecord,
  previous: AlarmStateRecord,
  place: { region: string; accountId: string },
): object {
  const { settings, state } = alarm;
  return {
    AlarmName: settings.AlarmName,
    AlarmDescription: settings.AlarmDescription ?? null,
    AWSAccountId: place.accountId,
    AlarmConfigurationUpdatedTimestamp: cloudWatchTime(alarm.configured),
    NewStateValue: state.value,
    NewStateReason: state.reason,
    StateChangeTime: cloudWatchTime(state.updated),
    Region: place.region,
    AlarmArn: alarm.arn,
    OldStateValue: previous.value,
    OKActions: settings.OKActions,
    AlarmActions: settings.AlarmActions,
    InsufficientDataActions: settings.InsufficientDataActions,
    ...(isComposite(alarm) ? { AlarmRule: alarm.settings.AlarmRule } : { Trigger: triggerOf(alarm) }),
  };
}
