import { describe, expect, test } from 'vitest';
import { Problem } from '#shared/messages/problem.ts';
import { maximumSeries, parseSeries } from './series.ts';

const metric = {
  id: 'm1',
  namespace: 'AWS/Lambda',
  metricName: 'Errors',
  dimensions: { FunctionName: 'checkout' },
  statistic: 'Sum',
};

/** What was found wrong, by pointer. */
function errorsOf(series: unknown): Record<string, string> {
  try {
    parseSeries(typeof series === 'string' ? series : JSON.stringify(series), 60);
  } catch (error) {
    if (error instanceof Problem && error.status === 400)
      return Object.fromEntries((error.errors ?? []).map(({ pointer, detail }) => [pointer, detail]));
    throw error;
  }
  return {};
}

describe('the series of a chart', () => {
  test('become queries of metrics and of math', () => {
    const series = [metric, { id: 'e1', expression: 'm1 * 2', label: 'Twice' }];
    expect(parseSeries(JSON.stringify(series), 300)).toEqual([
      {
        Id: 'm1',
        ReturnData: true,
        MetricStat: {
          Metric: {
            Namespace: 'AWS/Lambda',
            MetricName: 'Errors',
            Dimensions: [{ Name: 'FunctionName', Value: 'checkout' }],
          },
          Period: 300,
          Stat: 'Sum',
        },
      },
      { Id: 'e1', ReturnData: true, Label: 'Twice', Expression: 'm1 * 2', Period: 300 },
    ]);
  });

  test('need no dimensions', () => {
    const { dimensions: _, ...without } = metric;
    expect(parseSeries(JSON.stringify([without]), 60)[0]?.MetricStat?.Metric?.Dimensions).toEqual([]);
  });

  test.each(['Sum', 'Average', 'Minimum', 'Maximum', 'SampleCount', 'p0', 'p99', 'p99.99', 'p100'])(
    'take the statistic %s',
    (statistic) => {
      expect(errorsOf([{ ...metric, statistic }])).toEqual({});
    },
  );

  test.each(['sum', 'p', 'p101', 'p99.999', '', 7])('refuse the statistic %s', (statistic) => {
    expect(Object.keys(errorsOf([{ ...metric, statistic }]))).toEqual(['#/series/0/statistic']);
  });

  test.each([
    ['no JSON', '{'],
    ['no list', {}],
    ['an empty list', []],
    ['too many', Array.from({ length: maximumSeries + 1 }, () => metric)],
  ])('are refused when they are %s', (_, series) => {
    expect(errorsOf(series)).toEqual({ '#/series': 'must be a JSON array of 1 to 20 series' });
  });

  test('are told every field at fault, in every one of them', () => {
    expect(
      errorsOf([{ ...metric, id: 'M1', dimensions: ['a'] }, null, { id: 'e1', expression: '', label: 3 }]),
    ).toEqual({
      '#/series/0/id': 'must begin with a lower-case letter',
      '#/series/0/dimensions': 'must be an object of texts',
      '#/series/1/id': 'must begin with a lower-case letter',
      '#/series/1/namespace': 'is required',
      '#/series/1/metricName': 'is required',
      '#/series/1/statistic': 'must be Sum, Average, Minimum, Maximum, SampleCount or p0 to p100',
      '#/series/2/label': 'must be a text',
      '#/series/2/expression': 'must be metric math',
    });
  });

  test.each([[{ a: 1 }], ['text'], [null]])('refuse the dimensions %j', (dimensions) => {
    const wrong = dimensions === null ? {} : { '#/series/0/dimensions': 'must be an object of texts' };
    expect(errorsOf([{ ...metric, dimensions }])).toEqual(wrong);
  });
});
