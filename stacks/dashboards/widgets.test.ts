import { describe, expect, it } from 'vitest';
import { dashboardBody } from './widgets.ts';

const chart = {
  title: 'Errors',
  statistic: 'Sum',
  unit: 'per minute',
  lines: [{ namespace: 'AWS/Lambda', metric: 'Errors', dimensions: { FunctionName: 'f' }, label: 'f' }],
} as const;

describe('the body of a dashboard', () => {
  it('has a heading above charts of equal width', () => {
    const { widgets } = dashboardBody([{ heading: 'Commands', charts: [chart, chart, chart] }], 'us-east-1');
    expect(widgets.map(({ type, x, y, width, height }) => [type, x, y, width, height])).toEqual([
      ['text', 0, 0, 24, 1],
      ['metric', 0, 1, 8, 6],
      ['metric', 8, 1, 8, 6],
      ['metric', 16, 1, 8, 6],
    ]);
  });

  it('places rows below each other', () => {
    const { widgets } = dashboardBody(
      [
        { heading: 'One', charts: [chart] },
        { heading: 'Two', charts: [chart] },
      ],
      'us-east-1',
    );
    expect(widgets.map(({ y }) => y)).toEqual([0, 1, 7, 8]);
  });

  it('leaves out charts and rows that would be empty', () => {
    const empty = { ...chart, lines: [] };
    const { widgets } = dashboardBody(
      [
        { heading: 'Nothing', charts: [empty] },
        { heading: 'Something', charts: [empty, chart] },
      ],
      'us-east-1',
    );
    expect(widgets).toHaveLength(2);
    expect(widgets[1]).toMatchObject({ x: 0, y: 1, width: 24 });
  });

  it('writes metrics and searches as CloudWatch reads them', () => {
    const lines = [
      { ...chart.lines[0], statistic: 'p95', region: 'us-east-1' },
      { search: 'SEARCH(…)' },
    ] as const;
    const { widgets } = dashboardBody([{ heading: 'x', charts: [{ ...chart, lines }] }], 'eu-west-1');
    expect(widgets[1]?.properties).toMatchObject({
      stat: 'Sum',
      period: 60,
      region: 'eu-west-1',
      metrics: [
        ['AWS/Lambda', 'Errors', 'FunctionName', 'f', { label: 'f', stat: 'p95', region: 'us-east-1' }],
        [{ expression: 'SEARCH(…)' }],
      ],
    });
  });
});
