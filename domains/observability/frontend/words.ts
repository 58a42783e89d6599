import { formatValue, type Unit } from '#shared/frontend/format.ts';
import { formatLength } from '#shared/frontend/time.ts';
import type {
  Actor,
  AlarmState,
  Comparison,
  Metric,
  MissingData,
  Moment,
  Severity,
  Statistic,
} from './types.ts';

export const statistics: readonly Statistic[] = [
  'Average',
  'Sum',
  'Minimum',
  'Maximum',
  'SampleCount',
  'p50',
  'p90',
  'p95',
  'p99',
  'p99.9',
];

export const severities: Record<Severity, string> = {
  critical: 'Critical',
  warning: 'Warning',
  info: 'Info',
};

export const momentWords: Record<Moment, string> = {
  raised: 'Raised',
  escalated: 'Escalated',
  acknowledged: 'Acknowledged',
  resolved: 'Resolved',
};

/** The most severe first. */
export const severityOrder: Record<Severity, number> = { critical: 0, warning: 1, info: 2 };

export const comparisons: Record<Comparison, { sign: string; words: string }> = {
  GreaterThanThreshold: { sign: '>', words: 'greater than' },
  GreaterThanOrEqualToThreshold: { sign: '≥', words: 'greater than or equal to' },
  LessThanThreshold: { sign: '<', words: 'less than' },
  LessThanOrEqualToThreshold: { sign: '≤', words: 'less than or equal to' },
};

export const missingDataWords: Record<MissingData, { title: string; means: string }> = {
  missing: { title: 'Keep as missing', means: 'With no data at all the state is "insufficient data".' },
  ignore: { title: 'Ignore', means: 'The state stays what it was.' },
  breaching: { title: 'Count as breaching', means: 'Silence is treated as trouble.' },
  notBreaching: { title: 'Count as not breaching', means: 'Silence is treated as health.' },
};

export const alarmStates: Record<AlarmState, string> = {
  ALARM: 'In alarm',
  OK: 'OK',
  INSUFFICIENT_DATA: 'Insufficient data',
};

export function isComparison(value: string | undefined): value is Comparison {
  return value !== undefined && value in comparisons;
}

/** `FunctionName=checkout, Stage=prod`, or a word for a metric without dimensions. */
export function dimensionsText(dimensions: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(dimensions).sort(([left], [right]) => left.localeCompare(right));
  return pairs.length === 0 ? 'no dimensions' : pairs.map(([name, value]) => `${name}=${value}`).join(', ');
}

/** A metric as one line. */
export function metricText(metric: Metric): string {
  return `${metric.namespace} ${metric.metricName} (${dimensionsText(metric.dimensions)})`;
}

/** `Sum > 5 ms`. */
export function conditionText(condition: {
  statistic?: Statistic | undefined;
  comparison?: string | undefined;
  threshold?: number | undefined;
  unit: Unit;
}): string {
  const { statistic, comparison, threshold, unit } = condition;
  if (threshold === undefined) return 'not a single threshold';
  const sign = isComparison(comparison) ? comparisons[comparison].sign : (comparison ?? '');
  return `${statistic ?? 'value'} ${sign} ${formatValue(threshold, unit)}`;
}

/** `3 of 5 periods of 1 min`. */
export function evaluationText(condition: {
  evaluationPeriods: number;
  datapointsToAlarm?: number | undefined;
  period?: number | undefined;
}): string {
  const { evaluationPeriods, datapointsToAlarm = evaluationPeriods, period } = condition;
  const length = period === undefined ? '' : ` of ${formatLength(period)}`;
  return `${datapointsToAlarm} of ${evaluationPeriods} ${evaluationPeriods === 1 ? 'period' : 'periods'}${length}`;
}

/** An actor, as "you" when it is the person who reads. */
export function actorText(actor: Actor, subject: string): string {
  if (actor.type === 'service') return actor.id;
  return actor.id === subject ? 'you' : `user ${actor.id}`;
}
