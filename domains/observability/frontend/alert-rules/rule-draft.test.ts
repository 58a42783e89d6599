import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rule } from '../testing.ts';
import { checkDraft, definitionOf, draftOf, errorsOfApi, numberOf } from './rule-draft.ts';

test('a rule goes through the form unchanged', () => {
  const { name, severity, metric, statistic, period, comparison, threshold, evaluationPeriods } = rule;
  const { datapointsToAlarm, missingData } = rule;
  expect(checkDraft(draftOf(rule))).toEqual({});
  expect(definitionOf(draftOf(rule))).toEqual({
    ...{ name, severity, metric, statistic, period, comparison, threshold, evaluationPeriods },
    ...{ datapointsToAlarm, missingData },
  });
});

test('any finite threshold survives being typed', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (threshold) => {
      expect(definitionOf(draftOf({ ...rule, threshold })).threshold).toBe(threshold === 0 ? 0 : threshold);
    }),
  );
});

test.each(['', '  ', 'five', '1,5', 'Infinity', 'NaN'])('“%s” is no number', (typed) => {
  expect(numberOf(typed)).toBeUndefined();
});

test.each([
  [{ name: ' ' }, 'name'],
  [{ name: 'x'.repeat(121) }, 'name'],
  [{ threshold: 'x' }, 'threshold'],
  [{ evaluationPeriods: '0' }, 'evaluationPeriods'],
  [{ evaluationPeriods: '1.5' }, 'evaluationPeriods'],
  [{ evaluationPeriods: '101', period: 60 }, 'evaluationPeriods'],
  [{ evaluationPeriods: '49', period: 1800 }, 'evaluationPeriods'],
  [{ evaluationPeriods: '101', period: 3600 }, 'evaluationPeriods'],
  [{ evaluationPeriods: '8', period: 86_400 }, 'evaluationPeriods'],
  [{ evaluationPeriods: '2', datapointsToAlarm: '3' }, 'datapointsToAlarm'],
  [{ metric: { ...rule.metric, metricName: '' } }, 'metric'],
] as const)('%j is refused at its field', (change, field) => {
  expect(Object.keys(checkDraft({ ...draftOf(rule), ...change }))).toContain(field);
});

test('what the API finds wrong stands at the field that it names', () => {
  const errors = errorsOfApi([
    { pointer: '#/metric/namespace', detail: 'is unknown' },
    { pointer: '#/nothing', detail: 'is ignored' },
  ]);
  expect(errors).toEqual({ metric: 'is unknown' });
});
