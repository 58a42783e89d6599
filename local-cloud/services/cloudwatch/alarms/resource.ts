import { block, blocks } from '../../../core/blocks.ts';
import type { Attributes, ResourceHandler } from '../../../core/service.ts';
import { dimensionList, type Input } from '../input.ts';
import type { EvaluateSoon } from './operations.ts';
import type { AlarmRegister } from './register.ts';
import { readAlarmSettings } from './settings.ts';

function dimensionsOf(value: unknown): { Name: string; Value: string }[] {
  return dimensionList((block(value) ?? {}) as Record<string, string>);
}

function metricOf(query: Attributes): Input {
  const metric = block(query['metric']);
  return {
    Id: query['id'],
    Label: query['label'],
    ReturnData: query['return_data'] ?? false,
    ...(metric
      ? {
          MetricStat: {
            Metric: {
              Namespace: metric['namespace'],
              MetricName: metric['metric_name'],
              Dimensions: dimensionsOf(metric['dimensions']),
            },
            Period: metric['period'],
            Stat: metric['stat'],
            Unit: metric['unit'],
          },
        }
      : { Expression: query['expression'], Period: query['period'] }),
  };
}

/** What alarms of both kinds have: name and actions. */
export function commonRequest(desired: Attributes): Input {
  return {
    AlarmName: desired['alarm_name'],
    AlarmDescription: desired['alarm_description'],
    ActionsEnabled: desired['actions_enabled'],
    OKActions: desired['ok_actions'],
    AlarmActions: desired['alarm_actions'],
    InsufficientDataActions: desired['insufficient_data_actions'],
  };
}

/** The PutMetricAlarm request that the AWS provider would send for `aws_cloudwatch_metric_alarm`. */
export function alarmRequest(desired: Attributes): Input {
  const queries = blocks(desired['metric_query']);
  return {
    ...commonRequest(desired),
    MetricName: desired['metric_name'],
    Namespace: desired['namespace'],
    Statistic: desired['statistic'],
    ExtendedStatistic: desired['extended_statistic'],
    Dimensions: desired['dimensions'] === undefined ? undefined : dimensionsOf(desired['dimensions']),
    Period: desired['period'],
    Unit: desired['unit'],
    EvaluationPeriods: desired['evaluation_periods'],
    DatapointsToAlarm: desired['datapoints_to_alarm'],
    Threshold: desired['threshold'],
    ThresholdMetricId: desired['threshold_metric_id'],
    ComparisonOperator: desired['comparison_operator'],
    TreatMissingData: desired['treat_missing_data'] ?? 'missing',
    EvaluateLowSampleCountPercentile: desired['evaluate_low_sample_count_percentiles'],
    ...(queries.length > 0 ? { Metrics: queries.map(metricOf) } : {}),
  };
}

/** `aws_cloudwatch_metric_alarm`. An unchanged alarm keeps its state and its history. */
export function alarmResource(register: AlarmRegister, evaluateSoon: EvaluateSoon): ResourceHandler {
  return {
    async apply(resource, previous) {
      const settings = readAlarmSettings(alarmRequest(resource.desired));
      const tags = (block(resource.desired['tags']) ?? {}) as Record<string, string>;
      const alarm = await register.put(settings, tags);
      await register.putTags(settings.AlarmName, tags);
      const before = previous?.['alarm_name'];
      if (typeof before === 'string' && before !== settings.AlarmName) await register.remove(before);
      evaluateSoon(settings.AlarmName);
      return {
        ...resource.desired,
        id: settings.AlarmName,
        alarm_name: settings.AlarmName,
        arn: alarm.arn,
        tags_all: tags,
      };
    },
    async remove(_address, previous) {
      await register.remove(String(previous['alarm_name'] ?? previous['id']));
    },
  };
}
