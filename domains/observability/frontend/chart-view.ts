import type { ChartView } from '#shared/frontend/chart/time-series-chart.tsx';
import { oneOf, useUrlState } from '#shared/frontend/url-state.ts';

/** Whether a page's chart shows as lines or as a table, in the address. */
export const chartViewKeys = { view: oneOf(['chart', 'table'], 'chart') } as const;

export function useChartView(): [ChartView, (view: ChartView) => void] {
  const [{ view }, change] = useUrlState(chartViewKeys);
  return [view, (next) => change({ view: next }, { replace: true })];
}
