import {
  dimensionList,
  dimensions,
  type Input,
  invalidCombination,
  list,
  missing,
  oneOf,
  optionalBoolean,
  optionalInteger,
  optionalNumber,
  optionalText,
  requiredText,
  texts,
  validation,
} from '../input.ts';
import { type DataQuery, readQueries } from '../queries.ts';
import { parseStatistic, SIMPLE_STATISTICS, type SimpleStatistic } from '../statistics.ts';
import { UNITS } from '../units.ts';

export const COMPARISONS = [
  'GreaterThanOrEqualToThreshold',
  'GreaterThanThreshold',
  'LessThanThreshold',
  'LessThanOrEqualToThreshold',
] as const;
export type Comparison = (typeof COMPARISONS)[number];

export const MISSING_DATA = ['breaching', 'notBreaching', 'ignore', 'missing'] as const;
export type MissingData = (typeof MISSING_DATA)[number];

/** What PutMetricAlarm sets, in the API's own spelling, so that it is answered as it was given. */
export interface AlarmSettings {
  AlarmName: string;
  AlarmDescription?: string;
  ActionsEnabled: boolean;
  OKActions: string[];
  AlarmActions: string[];
  InsufficientDataActions: string[];
  MetricName?: string;
  Namespace?: string;
  Statistic?: SimpleStatistic;
  ExtendedStatistic?: string;
  Dimensions: { Name: string; Value: string }[];
  Period?: number;
  Unit?: string;
  EvaluationPeriods: number;
  DatapointsToAlarm?: number;
  Threshold: number;
  ComparisonOperator: Comparison;
  TreatMissingData?: MissingData;
  EvaluateLowSampleCountPercentile?: string;
  Metrics?: Input[];
}

const DAY = 86_400;
const HOUR = 3_600;

function withoutUndefined<Type extends object>(value: Type): Type {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as Type;
}

function readOneMetric(input: Input): Partial<AlarmSettings> {
  const period = optionalInteger(input, 'Period');
  if (period === undefined) throw missing('Period');
  const statistic = optionalText(input, 'Statistic');
  const extended = optionalText(input, 'ExtendedStatistic');
  if ((statistic === undefined) === (extended === undefined)) {
    throw invalidCombination('Exactly one of the parameters Statistic and ExtendedStatistic must be given.');
  }
  if (extended !== undefined) parseStatistic(extended, 'ExtendedStatistic');
  return {
    MetricName: requiredText(input, 'MetricName', 255),
    Namespace: requiredText(input, 'Namespace', 255),
    ...withoutUndefined({
      Statistic: oneOf(input, 'Statistic', SIMPLE_STATISTICS),
      ExtendedStatistic: extended,
      Unit: oneOf(input, 'Unit', UNITS),
    } as Partial<AlarmSettings>),
    Dimensions: dimensionList(dimensions(input)),
    Period: period,
  };
}

/** A query as PutMetricAlarm takes it and DescribeAlarms answers it, whatever types the protocol had. */
function metricInput(query: DataQuery): Input {
  const { id: Id, label: Label, returnData: ReturnData } = query;
  if (query.kind === 'expression') {
    return withoutUndefined({ Id, Label, ReturnData, Expression: query.text, Period: query.period });
  }
  const { namespace: Namespace, name: MetricName } = query.metric;
  return withoutUndefined({
    Id,
    Label,
    ReturnData,
    MetricStat: withoutUndefined({
      Metric: { Namespace, MetricName, Dimensions: dimensionList(query.metric.dimensions) },
      Period: query.period,
      Stat: query.stat,
      Unit: query.unit,
    }),
  });
}

function readMetrics(input: Input): Partial<AlarmSettings> {
  const alone = ['MetricName', 'Namespace', 'Statistic', 'ExtendedStatistic', 'Period', 'Unit'];
  const also = alone.find((name) => input[name] !== undefined && input[name] !== null);
  if (also || list(input, 'Dimensions').length > 0) {
    throw validation(
      `The parameter ${also ?? 'Dimensions'} must not be set when the parameter Metrics is set.`,
    );
  }
  const queries = readQueries(input, 'Metrics');
  if (queries.filter(({ returnData }) => returnData).length !== 1) {
    throw validation('Exactly one element of the metrics list should return data.');
  }
  return { Metrics: queries.map(metricInput), Dimensions: [] };
}

function checkReach(settings: AlarmSettings): void {
  const period = alarmPeriod(settings);
  const isHighResolution = period === 10 || period === 20 || period === 30;
  if (!isHighResolution && period % 60 !== 0) {
    throw validation(`Period must be 10, 20, 30 or a multiple of 60, and not ${period}.`);
  }
  const most = period >= HOUR ? 7 * DAY : DAY;
  if (period * settings.EvaluationPeriods > most) {
    throw validation(
      `Metrics cannot be checked across more than ${most / DAY === 1 ? 'a day' : 'seven days'} (EvaluationPeriods * Period must be <= ${most}).`,
    );
  }
}

/** Checks an alarm as PutMetricAlarm does. Throws the error AWS would answer. */
export function readAlarmSettings(input: Input): AlarmSettings {
  const name = requiredText(input, 'AlarmName', 255);
  if (optionalText(input, 'ThresholdMetricId') !== undefined) {
    throw validation('The local cloud does not support anomaly detection (ThresholdMetricId).');
  }
  const evaluationPeriods = optionalInteger(input, 'EvaluationPeriods');
  if (evaluationPeriods === undefined) throw missing('EvaluationPeriods');
  const datapoints = optionalInteger(input, 'DatapointsToAlarm');
  if (datapoints !== undefined && datapoints > evaluationPeriods) {
    throw validation('The parameter DatapointsToAlarm must be less than or equal to EvaluationPeriods.');
  }
  const comparison = oneOf(input, 'ComparisonOperator', COMPARISONS);
  if (comparison === undefined) throw missing('ComparisonOperator');
  const threshold = optionalNumber(input, 'Threshold');
  if (threshold === undefined || !Number.isFinite(threshold)) throw missing('Threshold');
  const settings: AlarmSettings = withoutUndefined({
    AlarmName: name,
    AlarmDescription: optionalText(input, 'AlarmDescription'),
    ActionsEnabled: optionalBoolean(input, 'ActionsEnabled') ?? true,
    OKActions: texts(input, 'OKActions'),
    AlarmActions: texts(input, 'AlarmActions'),
    InsufficientDataActions: texts(input, 'InsufficientDataActions'),
    ...(list(input, 'Metrics').length > 0 ? readMetrics(input) : readOneMetric(input)),
    EvaluationPeriods: evaluationPeriods,
    DatapointsToAlarm: datapoints,
    Threshold: threshold,
    ComparisonOperator: comparison,
    TreatMissingData: oneOf(input, 'TreatMissingData', MISSING_DATA),
    EvaluateLowSampleCountPercentile: oneOf(input, 'EvaluateLowSampleCountPercentile', [
      'evaluate',
      'ignore',
    ]),
  } as AlarmSettings);
  checkReach(settings);
  return settings;
}

/** The queries an alarm watches, exactly one of which returns data. */
export function alarmQueries(settings: AlarmSettings): DataQuery[] {
  if (settings.Metrics) return readQueries({ Metrics: settings.Metrics }, 'Metrics');
  return readQueries(
    {
      Metrics: [
        {
          Id: 'm1',
          ReturnData: true,
          MetricStat: {
            Metric: {
              Namespace: settings.Namespace,
              MetricName: settings.MetricName,
              Dimensions: settings.Dimensions,
            },
            Period: settings.Period,
            Stat: settings.Statistic ?? settings.ExtendedStatistic,
            ...(settings.Unit === undefined ? {} : { Unit: settings.Unit }),
          },
        },
      ],
    },
    'Metrics',
  );
}

/** Seconds; of an expression, the longest period of its metrics. */
export function alarmPeriod(settings: AlarmSettings): number {
  const periods = alarmQueries(settings).map((query) => query.period ?? 0);
  return Math.max(...periods) || 60;
}

/** AWS/DynamoDB reports nothing while nothing happens: alarms on it keep their state unless told otherwise. */
export function missingDataOf(settings: AlarmSettings): MissingData {
  return settings.TreatMissingData ?? (settings.Namespace === 'AWS/DynamoDB' ? 'ignore' : 'missing');
}

export function isBreaching(settings: AlarmSettings, value: number): boolean {
  switch (settings.ComparisonOperator) {
    case 'GreaterThanOrEqualToThreshold':
      return value >= settings.Threshold;
    case 'GreaterThanThreshold':
      return value > settings.Threshold;
    case 'LessThanThreshold':
      return value < settings.Threshold;
    case 'LessThanOrEqualToThreshold':
      return value <= settings.Threshold;
  }
}
