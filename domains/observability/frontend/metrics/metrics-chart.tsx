import Alert from '@cloudscape-design/components/alert';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMemo } from 'react';
import type { Series } from '#shared/frontend/chart/series.ts';
import { type ChartView, TimeSeriesChart } from '#shared/frontend/chart/time-series-chart.tsx';
import { Empty, Failed, Loading } from '#shared/frontend/page-states.tsx';
import { formatLength } from '#shared/frontend/time.ts';
import { resolveRange, type TimeRange, useTimeRange } from '#shared/frontend/time-range.ts';
import { useMetricDataQuery } from '../api.ts';
import { seriesOf } from '../metric-series.ts';
import type { MetricData, SeriesWish } from '../types.ts';
import { dimensionsText } from '../words.ts';

export interface ExplorerData {
  answer: MetricData | undefined;
  series: readonly Series[];
  isFetching: boolean;
  error: unknown;
  retry: () => void;
}

/** The values of the chosen series. An answer of before stays on screen while the next one is on its way. */
export function useExplorerData(
  series: readonly SeriesWish[],
  range: TimeRange,
  now: number,
  period: number,
): ExplorerData {
  const wish = useMemo(
    () => ({ ...resolveRange(range, now, period), period, series: series.filter(isComplete).map(labelled) }),
    [range, now, period, series],
  );
  const query = useMetricDataQuery(wish, { skip: wish.series.length === 0 });
  const drawn = useMemo(() => seriesOf(query.data, wish.series), [query.data, wish.series]);
  return {
    answer: query.data,
    series: drawn,
    isFetching: query.isFetching,
    error: query.error,
    retry: () => void query.refetch(),
  };
}

/** The chart with what CloudWatch has to say about it. */
export function MetricsChart(props: {
  data: ExplorerData;
  view: ChartView;
  onView: (view: ChartView) => void;
}) {
  const { data, view, onView } = props;
  const [range, changeRange] = useTimeRange();
  const { answer, error } = data;
  const empty = data.series.every((each) => each.values.length === 0);
  return (
    <SpaceBetween size="s">
      {error ? <Failed what="metrics" error={error} onRetry={data.retry} /> : null}
      {answer?.messages.map((message) => (
        <Alert key={message} type="info">
          {message}
        </Alert>
      ))}
      {answer?.series.some((each) => each.partial) ? (
        <Alert type="warning">
          CloudWatch sent only a part of the values. Choose a shorter range or a longer period.
        </Alert>
      ) : null}
      {answer ? (
        <>
          {empty ? (
            <Empty title="No data in this time range">
              Choose a longer range, or wait for the next values.
            </Empty>
          ) : null}
          <TimeSeriesChart
            caption={`${data.series.length} series, one value for each ${formatLength(answer.period)}.`}
            series={data.series}
            from={answer.from}
            to={answer.to}
            period={answer.period}
            zone={range.zone}
            height={320}
            view={view}
            onView={onView}
            onZoom={(from, to) => changeRange({ from, to })}
          />
        </>
      ) : error ? null : (
        <Loading what="metrics" />
      )}
    </SpaceBetween>
  );
}

function isComplete(wish: SeriesWish): boolean {
  return !('expression' in wish) || wish.expression.trim() !== '';
}

/** Gives every series a label that tells it from the others. */
function labelled(wish: SeriesWish): SeriesWish {
  if (wish.label) return wish;
  if ('expression' in wish) return { ...wish, label: wish.expression };
  return { ...wish, label: `${wish.metricName} ${wish.statistic} (${dimensionsText(wish.dimensions)})` };
}
