import { useMemo } from 'react';
import { TimeSeriesChart } from '#shared/frontend/chart/time-series-chart.tsx';
import { Failed, Loading } from '#shared/frontend/page-states.tsx';
import { useZone } from '#shared/frontend/time-range.ts';
import { useMetricDataQuery } from '../api.ts';
import { useChartView } from '../chart-view.ts';
import { automaticPeriod, seriesOf } from '../metric-series.ts';
import { unitOf } from '../metric-unit.ts';
import type { Alert, SeriesWish } from '../types.ts';
import { conditionText, metricText } from '../words.ts';

const margin = 1_800_000;

/** The metric from half an hour before the raise to half an hour after the resolve, with the line it crossed. */
export function AlertChart({ alert }: { alert: Alert }) {
  const zone = useZone();
  const [view, setView] = useChartView();
  const wish = useMemo(() => wishFor(alert), [alert]);
  const query = useMetricDataQuery(wish);
  const series = useMemo(() => seriesOf(query.data, wish.series), [query.data, wish.series]);
  if (!query.data) {
    return query.error ? (
      <Failed what="the metric" error={query.error} onRetry={() => void query.refetch()} />
    ) : (
      <Loading what="the metric" />
    );
  }
  return (
    <TimeSeriesChart
      caption={`${alert.statistic} of ${metricText(alert.metric)}.`}
      series={series}
      from={query.data.from}
      to={query.data.to}
      period={query.data.period}
      zone={zone}
      height={220}
      threshold={{
        value: alert.threshold,
        label: conditionText({ ...alert, unit: unitOf(alert.metric, alert.statistic) }),
      }}
      view={view}
      onView={setView}
    />
  );
}

function wishFor(alert: Alert) {
  const start = Date.parse(alert.raisedAt) - margin;
  const end = alert.resolvedAt ? Date.parse(alert.resolvedAt) + margin : Date.now();
  const period = automaticPeriod((end - start) / 1000);
  const step = period * 1000;
  const series: SeriesWish[] = [
    {
      id: 'm1',
      ...alert.metric,
      statistic: alert.statistic,
      label: `${alert.metric.metricName} ${alert.statistic}`,
    },
  ];
  return {
    from: new Date(Math.floor(start / step) * step).toISOString(),
    to: new Date(Math.ceil(end / step) * step).toISOString(),
    period,
    series,
  };
}
