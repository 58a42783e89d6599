import { describe, test } from 'vitest';
import { givenEventsOf } from '#shared/testing/given.ts';
import {
  AlertRuleChanged,
  AlertRuleDefined,
  AlertRuleDeleted,
  AlertRuleDisabled,
  AlertRuleEnabled,
  alertRule,
  change,
  define,
  disable,
  enable,
  type Rule,
  remove,
} from './alert-rule.ts';

const rule: Rule = {
  name: 'Too many errors',
  severity: 'critical',
  metric: { namespace: 'AWS/Lambda', metricName: 'Errors', dimensions: { FunctionName: 'relay' } },
  statistic: 'Sum',
  period: 60,
  comparison: 'GreaterThanThreshold',
  threshold: 5,
  evaluationPeriods: 3,
  datapointsToAlarm: 2,
  missingData: 'notBreaching',
};
const stricter: Rule = { ...rule, threshold: 1 };
const defined = AlertRuleDefined(rule);
const given = givenEventsOf(alertRule);

describe('an alert rule', () => {
  test('is defined once', () => {
    given().when(define, rule).thenRecords(defined);
    given(defined).when(define, rule).thenRefused('alert-rule-exists');
  });

  test('asks for no more data points than it evaluates', () => {
    given()
      .when(define, { ...rule, datapointsToAlarm: 4 })
      .thenRefused('datapoints-exceed-periods');
    given(defined)
      .when(change, { ...rule, datapointsToAlarm: 4 })
      .thenRefused('datapoints-exceed-periods');
  });

  test('looks back no further than CloudWatch does', () => {
    given()
      .when(define, { ...rule, period: 1800, evaluationPeriods: 49 })
      .thenRefused('evaluation-too-long');
    given()
      .when(define, { ...rule, period: 3600, evaluationPeriods: 100 })
      .thenRecords(AlertRuleDefined({ ...rule, period: 3600, evaluationPeriods: 100 }));
    given()
      .when(define, { ...rule, period: 86_400, evaluationPeriods: 8 })
      .thenRefused('evaluation-too-long');
  });

  test('is changed, and changing nothing records nothing', () => {
    given(defined).when(change, stricter).thenRecords(AlertRuleChanged(stricter));
    given(defined, AlertRuleChanged(stricter)).when(change, stricter).thenNothing();
    const { name, ...rest } = rule;
    given(defined)
      .when(change, { ...rest, name })
      .thenNothing();
  });

  test('is disabled and enabled, and repeating it records nothing', () => {
    given(defined).when(disable, {}).thenRecords(AlertRuleDisabled({}));
    given(defined, AlertRuleDisabled({})).when(disable, {}).thenNothing();
    given(defined, AlertRuleDisabled({})).when(enable, {}).thenRecords(AlertRuleEnabled({}));
    given(defined).when(enable, {}).thenNothing();
    given(defined, AlertRuleDisabled({}), AlertRuleEnabled({})).when(enable, {}).thenNothing();
  });

  test('stays as it is when it is changed while disabled', () => {
    given(defined, AlertRuleDisabled({}), AlertRuleChanged(stricter)).when(disable, {}).thenNothing();
  });

  test('is deleted for good', () => {
    given(defined).when(remove, {}).thenRecords(AlertRuleDeleted({}));
    given(defined, AlertRuleDeleted({})).when(remove, {}).thenNothing();
    for (const decide of [disable, enable]) {
      given(defined, AlertRuleDeleted({})).when(decide, {}).thenRefused('alert-rule-deleted');
    }
    given(defined, AlertRuleDeleted({})).when(change, stricter).thenRefused('alert-rule-deleted');
  });

  test('does not come back by an event after its deletion', () => {
    given(defined, AlertRuleDeleted({}), AlertRuleChanged(rule), AlertRuleDisabled({}), AlertRuleEnabled({}))
      .when(change, stricter)
      .thenRefused('alert-rule-deleted');
  });
});
