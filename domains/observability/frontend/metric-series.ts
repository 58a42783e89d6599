import type { Series } from '#shared/frontend/chart/series.ts';
import { unitOf } from './metric-unit.ts';
import type { MetricData, SeriesWish } from './types.ts';

/** What the chart draws of an answer, with the unit of the metric that was asked for. */
export function seriesOf(data: MetricData | undefined, wishes: readonly SeriesWish[]): Series[] {
  return (data?.series ?? []).map((answer) => {
    const wish = wishes.find((each) => each.id === answer.id);
    const points = answer.timestamps
      .map((time, index) => ({ time: Date.parse(time), value: answer.values[index] ?? 0 }))
      .sort((left, right) => left.time - right.time);
    return {
      id: answer.id,
      label: answer.label,
      unit: wish && 'metricName' in wish ? unitOf(wish, wish.statistic) : 'unknown',
      times: points.map((point) => point.time),
      values: points.map((point) => point.value),
    };
  });
}

const periods = [60, 300, 900, 3600, 21_600, 86_400];
const mostPoints = 300;

/** The shortest period (seconds) that draws a range of `length` seconds with few enough points. */
export function automaticPeriod(length: number): number {
  return periods.find((period) => length / period <= mostPoints) ?? 86_400;
}
