import type { MissingData } from './settings.ts';

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** One period of the evaluation range; `breaching` is undefined where the metric had no point. */
export interface EvaluatedPeriod {
  time: number;
  value?: number;
  breaching?: boolean;
  /** Of so few points that a percentile of them says nothing, and the alarm is to pass them over. */
  isLowSample?: true;
}

export interface AlarmRule {
  /** N: how many points decide. */
  evaluationPeriods: number;
  /** M: how many of them must breach. */
  datapointsToAlarm: number;
  missingData: MissingData;
}

export interface Evaluation {
  state: AlarmState;
  /** The points that decided, oldest first. */
  decisive: EvaluatedPeriod[];
  /** How many points had to be filled in. */
  filled: number;
}

/**
 * How many periods before the newest are looked at, so that points from farther back can stand in for missing ones.
 * AWS does not publish its number; its documented example reads five for three evaluation periods.
 */
export function evaluationRange(evaluationPeriods: number): number {
  return evaluationPeriods + 2;
}

/**
 * Decides an alarm's state from its evaluation range, oldest period first, as AWS documents it under "Configuring how
 * CloudWatch alarms treat missing data". Undefined means that the alarm keeps the state it has.
 *
 * With N points or more, the newest N decide and missing periods are passed over. With fewer, the rest is filled in.
 * An alarm that treats missing data as missing goes to ALARM on fewer than M points only when all there are breach and
 * the oldest is at least M periods old, so that one intermittent point does not alarm at once. While too few points stand
 * behind a percentile that decides, an alarm that ignores those keeps its state.
 */
export function evaluateRange(range: EvaluatedPeriod[], rule: AlarmRule): Evaluation | undefined {
  const { evaluationPeriods, datapointsToAlarm, missingData } = rule;
  const decisive = range.filter((period) => period.breaching !== undefined).slice(-evaluationPeriods);
  if (decisive.some(({ isLowSample }) => isLowSample)) return undefined;
  const breaching = decisive.filter((period) => period.breaching).length;
  const filled = evaluationPeriods - decisive.length;
  const decide = (state: AlarmState): Evaluation => ({ state, decisive, filled });

  if (breaching >= datapointsToAlarm) return decide('ALARM');
  if (filled === 0) return decide('OK');
  if (missingData === 'breaching') return decide(breaching + filled >= datapointsToAlarm ? 'ALARM' : 'OK');
  if (missingData === 'notBreaching') return decide('OK');

  const oldest = decisive[0];
  if (!oldest) return missingData === 'ignore' ? undefined : decide('INSUFFICIENT_DATA');
  if (breaching < decisive.length) return decide('OK');
  if (missingData === 'ignore') return undefined;
  const age = range.length - range.indexOf(oldest);
  return decide(age >= datapointsToAlarm ? 'ALARM' : 'OK');
}
