import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import HelpPanel from '@cloudscape-design/components/help-panel';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { lazy, Suspense, useState } from 'react';
import { Empty, Loading } from '#shared/frontend/page-states.tsx';
import { useClock } from '#shared/frontend/refresh.ts';
import { RefreshControl } from '#shared/frontend/refresh-control.tsx';
import { formatLength } from '#shared/frontend/time.ts';
import { rangeLength, useTimeRange } from '#shared/frontend/time-range.ts';
import { TimeRangeControl } from '#shared/frontend/time-range-control.tsx';
import { useUrlState } from '#shared/frontend/url-state.ts';
import { automaticPeriod } from '../metric-series.ts';
import { explorerKeys, freeId, mostSeries, periodChoices, withMetrics } from './explorer-state.ts';
import { MetricsChart, useExplorerData } from './metrics-chart.tsx';
import { SeriesTable } from './series-table.tsx';

/** Loaded when it is first opened: a shared chart is looked at more often than changed. */
const AddMetricsModal = lazy(async () => ({
  default: (await import('./add-metrics-modal.tsx')).AddMetricsModal,
}));

/** Draws several metrics and expressions over them on one chart. Everything chosen stands in the address. */
export default function MetricsPage() {
  const [state, change] = useUrlState(explorerKeys);
  const [range] = useTimeRange();
  const clock = useClock();
  const [adding, setAdding] = useState(false);
  const automatic = automaticPeriod(rangeLength(range));
  const period = state.period === 'auto' ? automatic : Number(state.period);
  const data = useExplorerData(state.series, range, clock.now, period);
  const full = state.series.length >= mostSeries;
  const option = (choice: string) => ({
    value: choice,
    label:
      choice === 'auto'
        ? `Period: automatic (${formatLength(automatic)})`
        : `Period: ${formatLength(Number(choice))}`,
  });
  const add = (
    <Button
      iconName="add-plus"
      disabled={full}
      disabledReason={`A chart has at most ${mostSeries} series. Remove one first.`}
      onClick={() => setAdding(true)}
    >
      Add metrics
    </Button>
  );
  return (
    <ContentLayout
      header={
        <Header
          variant="h1"
          description="Metrics of CloudWatch, read live from AWS."
          actions={<RefreshControl clock={clock} loading={data.isFetching} />}
        >
          Metrics
        </Header>
      }
    >
      <SpaceBetween size="l">
        <SpaceBetween direction="horizontal" size="xs">
          <TimeRangeControl />
          <Select
            ariaLabel="Period"
            selectedOption={option(state.period)}
            options={periodChoices.map(option)}
            onChange={({ detail }) =>
              change({ period: explorerKeys.period.read(detail.selectedOption.value ?? '') ?? 'auto' })
            }
            expandToViewport
          />
        </SpaceBetween>
        <Container>
          {state.series.length === 0 ? (
            <Empty title="No metrics chosen" action={add}>
              Add metrics to see them drawn over time.
            </Empty>
          ) : (
            <MetricsChart
              data={data}
              view={state.view}
              onView={(view) => change({ view }, { replace: true })}
            />
          )}
        </Container>
        {full ? <Alert type="info">A chart has at most {mostSeries} series.</Alert> : null}
        <SeriesTable
          series={state.series}
          onChange={(series) => change({ series })}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button
                disabled={full || state.series.length === 0}
                onClick={() =>
                  change({
                    series: [
                      ...state.series,
                      { id: freeId(state.series, 'e'), expression: state.series[0]?.id ?? 'm1' },
                    ],
                  })
                }
              >
                Add expression
              </Button>
              {add}
            </SpaceBetween>
          }
        />
      </SpaceBetween>
      {adding ? (
        <Suspense fallback={<Loading what="the choice of metrics" />}>
          <AddMetricsModal
            room={mostSeries - state.series.length}
            onClose={() => setAdding(false)}
            onAdd={(metrics, statistic) => {
              change({ series: withMetrics(state.series, metrics, statistic) });
              setAdding(false);
            }}
          />
        </Suspense>
      ) : null}
    </ContentLayout>
  );
}

export function Help() {
  return (
    <HelpPanel header={<h2>Metrics</h2>}>
      <p>
        Add metrics, choose a statistic for each, and compare them. Drag over the chart to look closer; the
        range stands in the address, with its time zone, so a link shows others the same.
      </p>
      <p>
        An <b>expression</b> computes with the series above it by their ids: <code>100 * m1 / m2</code>,{' '}
        <code>FILL(m1, 0)</code>, <code>SUM(METRICS())</code>.
      </p>
      <p>
        With the keyboard: move to the slider under the chart and read values with the arrow keys, or switch
        to the table.
      </p>
    </HelpPanel>
  );
}
