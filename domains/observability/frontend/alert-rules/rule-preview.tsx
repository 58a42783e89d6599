import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMemo } from 'react';
import { TimeSeriesChart } from '#shared/frontend/chart/time-series-chart.tsx';
import { Empty, Failed, Loading } from '#shared/frontend/page-states.tsx';
import { useTick } from '#shared/frontend/refresh.ts';
import { RelativeRangeControl } from '#shared/frontend/relative-range-control.tsx';
import { rangeLength, resolveRange, useTimeRange } from '#shared/frontend/time-range.ts';
import { useMetricDataQuery } from '../api.ts';
import { useChartView } from '../chart-view.ts';
import { automaticPeriod, seriesOf } from '../metric-series.ts';
import { unitOf } from '../metric-unit.ts';
import type { AlertRuleDefinition, SeriesWish } from '../types.ts';
import { conditionText, metricText } from '../words.ts';

const refreshSeconds = 60;

/** What the preview needs of a rule that may still be incomplete. */
export type PreviewedRule = Pick<AlertRuleDefinition, 'metric' | 'statistic' | 'period' | 'comparison'> & {
  threshold: number | undefined;
};

/** The rule's metric over the chosen time range with the line it must not cross. */
export function RulePreview({ definition }: { definition: PreviewedRule }) {
  const [range] = useTimeRange();
  const [view, setView] = useChartView();
  const { now } = useTick(refreshSeconds);
  const { namespace, metricName, dimensions } = definition.metric;
  const { statistic } = definition;
  // Periods shorter than the rule's would draw other values than the rule judges.
  const period = Math.max(definition.period, automaticPeriod(rangeLength(range)));
  const wish = useMemo(() => {
    const label = `${metricName} ${statistic}`;
    const series: SeriesWish[] = [{ id: 'm1', namespace, metricName, dimensions, statistic, label }];
    return { ...resolveRange(range, now, period), period, series };
  }, [range, now, period, namespace, metricName, dimensions, statistic]);
  const known = namespace !== '' && metricName !== '';
  const query = useMetricDataQuery(wish, { skip: !known });
  const series = useMemo(() => seriesOf(query.data, wish.series), [query.data, wish.series]);
  if (!known)
    return <Empty title="No metric chosen">Choose a metric to see it here with the threshold.</Empty>;
  return (
    <SpaceBetween size="s">
      <RelativeRangeControl />
      {query.error ? (
        <Failed what="the metric" error={query.error} onRetry={() => void query.refetch()} />
      ) : null}
      {query.data ? (
        <TimeSeriesChart
          caption={`${statistic} of ${metricText(definition.metric)}.`}
          series={series}
          from={query.data.from}
          to={query.data.to}
          period={query.data.period}
          zone={range.zone}
          height={220}
          {...thresholdOf(definition)}
          view={view}
          onView={setView}
        />
      ) : query.error ? null : (
        <Loading what="the metric" />
      )}
    </SpaceBetween>
  );
}

function thresholdOf(definition: PreviewedRule) {
  const { threshold, metric, statistic } = definition;
  if (threshold === undefined) return {};
  return {
    threshold: { value: threshold, label: conditionText({ ...definition, unit: unitOf(metric, statistic) }) },
  };
}
