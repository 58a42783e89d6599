import { describe, expect, it } from 'vitest';
import type { Evaluation } from './evaluation.ts';
import { stateReason } from './reason.ts';
import { readAlarmSettings } from './settings.ts';

const time = Date.UTC(2021, 11, 18, 2, 8);

const settings = readAlarmSettings({
  AlarmName: 'latency',
  Namespace: 'Shop',
  MetricName: 'Latency',
  Statistic: 'Maximum',
  Period: 60,
  EvaluationPeriods: 3,
  DatapointsToAlarm: 2,
  Threshold: 0.02,
  ComparisonOperator: 'GreaterThanThreshold',
  TreatMissingData: 'notBreaching',
});

/** One point a minute from `time` on. */
function evaluation(state: Evaluation['state'], ...values: number[]): Evaluation {
  const decisive = values.map((value, minute) => ({
    time: time + minute * 60_000,
    value,
    breaching: value > settings.Threshold,
  }));
  return { state, decisive, filled: 3 - values.length };
}

describe('the reason of a state', () => {
  it('names the datapoints that crossed the threshold, newest first', () => {
    expect(stateReason(settings, 'OK', evaluation('ALARM', 1, 0, 2.5))).toBe(
      'Threshold Crossed: 2 out of the last 3 datapoints [2.5 (18/12/21 02:10:00), 1.0 (18/12/21 02:08:00)] ' +
        'were greater than the threshold (0.02) (minimum 2 datapoints for OK -> ALARM transition).',
    );
  });

  it('names the datapoints that are within it again', () => {
    expect(stateReason(settings, 'ALARM', evaluation('OK', 1, 0, 0))).toBe(
      'Threshold Crossed: 2 out of the last 3 datapoints [0.0 (18/12/21 02:10:00), 0.0 (18/12/21 02:09:00)] ' +
        'were not greater than the threshold (0.02) (minimum 2 datapoints for ALARM -> OK transition).',
    );
  });

  it('tells how missing data was treated', () => {
    expect(stateReason(settings, 'ALARM', evaluation('OK'))).toBe(
      'Threshold Crossed: no datapoints were received for 3 periods and 3 missing datapoints were treated as [NonBreaching].',
    );
  });

  it('tells how much was unknown', () => {
    expect(stateReason(settings, 'OK', { state: 'INSUFFICIENT_DATA', decisive: [], filled: 1 })).toBe(
      'Insufficient Data: 1 datapoint was unknown.',
    );
  });
});
