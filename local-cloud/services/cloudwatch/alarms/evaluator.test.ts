import { expect, it } from 'vitest';
import { mayCountEarly } from './evaluator.ts';
import { readAlarmSettings } from './settings.ts';

function early(Statistic: string, ComparisonOperator: string): boolean {
  const metric = { AlarmName: 'a', Namespace: 'Shop', MetricName: 'Orders', Period: 60 };
  const rule = { EvaluationPeriods: 1, Threshold: 5 };
  const extended = Statistic.startsWith('p') ? { ExtendedStatistic: Statistic } : { Statistic };
  return mayCountEarly(readAlarmSettings({ ...metric, ...rule, ...extended, ComparisonOperator }));
}

it.each([
  ['Sum', 'GreaterThanThreshold', true],
  ['Sum', 'LessThanThreshold', false],
  ['SampleCount', 'LessThanOrEqualToThreshold', false],
  ['Maximum', 'GreaterThanOrEqualToThreshold', true],
  ['Maximum', 'LessThanThreshold', false],
  ['Minimum', 'LessThanThreshold', true],
  ['Minimum', 'GreaterThanThreshold', false],
  ['Average', 'LessThanThreshold', true],
  ['p99', 'GreaterThanThreshold', true],
])('a running period of %s with %s may count early: %s', (statistic, comparison, expected) => {
  expect(early(statistic, comparison)).toBe(expected);
});
