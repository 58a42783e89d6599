import type { AlarmState, Evaluation } from './evaluation.ts';
import { type AlarmSettings, alarmPeriod, missingDataOf } from './settings.ts';

/** `2019-10-02T17:04:40.985+0000`, as CloudWatch writes times inside its texts and events. */
export function cloudWatchTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('Z', '+0000');
}

/** `02/10/19 16:59:00`. */
function shortTime(milliseconds: number): string {
  const [date = '', time = ''] = new Date(milliseconds).toISOString().split('T');
  const [year = '', month, day] = date.split('-');
  return `${day}/${month}/${year.slice(2)} ${time.slice(0, 8)}`;
}

function decimal(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e7 ? value.toFixed(1) : String(value);
}

const COMPARED = {
  GreaterThanOrEqualToThreshold: 'greater than or equal to',
  GreaterThanThreshold: 'greater than',
  LessThanThreshold: 'less than',
  LessThanOrEqualToThreshold: 'less than or equal to',
};

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

/** The sentence CloudWatch gives for a change to `evaluation.state`. */
export function stateReason(settings: AlarmSettings, previous: AlarmState, evaluation: Evaluation): string {
  const { state, decisive, filled } = evaluation;
  if (state === 'INSUFFICIENT_DATA') {
    return `Insufficient Data: ${counted(filled, 'datapoint')} ${filled === 1 ? 'was' : 'were'} unknown.`;
  }
  if (decisive.length === 0) {
    const treated = missingDataOf(settings) === 'breaching' ? 'Breaching' : 'NonBreaching';
    return `Threshold Crossed: no datapoints were received for ${counted(filled, 'period')} and ${counted(filled, 'missing datapoint')} ${filled === 1 ? 'was' : 'were'} treated as [${treated}].`;
  }
  const crossing = decisive.filter((period) => period.breaching === (state === 'ALARM')).reverse();
  const values = crossing.map(({ value = 0, time }) => `${decimal(value)} (${shortTime(time)})`).join(', ');
  const toAlarm = settings.DatapointsToAlarm ?? settings.EvaluationPeriods;
  const least = state === 'ALARM' ? toAlarm : settings.EvaluationPeriods - toAlarm + 1;
  return (
    `Threshold Crossed: ${crossing.length} out of the last ${decisive.length} datapoints [${values}] ` +
    `${crossing.length === 1 ? 'was' : 'were'} ${state === 'ALARM' ? '' : 'not '}${COMPARED[settings.ComparisonOperator]} ` +
    `the threshold (${decimal(settings.Threshold)}) (minimum ${counted(least, 'datapoint')} for ${previous} -> ${state} transition).`
  );
}

/** The JSON text that goes with the sentence. */
export function stateReasonData(settings: AlarmSettings, evaluation: Evaluation, now: number): string {
  const { decisive } = evaluation;
  const first = decisive[0];
  const statistic = settings.Statistic ?? settings.ExtendedStatistic;
  return JSON.stringify({
    version: '1.0',
    queryDate: cloudWatchTime(now),
    ...(first ? { startDate: cloudWatchTime(first.time) } : {}),
    ...(statistic === undefined ? {} : { statistic }),
    period: alarmPeriod(settings),
    recentDatapoints: decisive.map(({ value }) => value),
    threshold: settings.Threshold,
    evaluatedDatapoints: decisive
      .map(({ time, value }) => ({ timestamp: cloudWatchTime(time), value }))
      .reverse(),
  });
}
