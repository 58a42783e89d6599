import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import HelpPanel from '@cloudscape-design/components/help-panel';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMemo, useState } from 'react';
import { TimeSeriesChart } from '#shared/frontend/chart/time-series-chart.tsx';
import { formatValue } from '#shared/frontend/format.ts';
import { Empty, Failed, Loading } from '#shared/frontend/page-states.tsx';
import { oneOf, useUrlState } from '#shared/frontend/url-state.ts';
import { dayAt } from '../../cost-explorer/days.ts';
import { chartViewKeys } from '../chart-view.ts';
import {
  type Cost,
  type Forecast,
  useAskForecastAgainMutation,
  useCostQuery,
  useForecastQuery,
} from './api.ts';
import { wishOf } from './cost-state.ts';
import { monthText, rangeText } from './day-text.ts';
import { band, type Expectation, expectations, forecastSeries } from './forecast-series.ts';
import { Freshness } from './freshness.tsx';

/** What the forecast page shows, in the address. */
export const forecastKeys = { step: oneOf(['monthly', 'daily'], 'monthly'), ...chartViewKeys } as const;

const steps = [
  { value: 'monthly', label: 'By month' },
  { value: 'daily', label: 'By day' },
];

/** What the rest of this month and the next two are expected to cost, after what was. */
export default function ForecastPage() {
  const [{ step, view }, change] = useUrlState(forecastKeys);
  const [today] = useState(() => dayAt(Date.now()));
  const query = useForecastQuery(step);
  // The cost page's own ranges, so that one answer of AWS serves both pages.
  const span = step === 'monthly' ? '6m' : '30d';
  const before = useCostQuery(wishOf({ span, first: '', last: '', step, by: 'service' }, today));
  const [askAgain, asking] = useAskForecastAgainMutation();
  const forecast = query.currentData;
  return (
    <ContentLayout
      header={
        <Header
          variant="h1"
          description={
            forecast
              ? `Unblended cost of this AWS account expected for ${rangeText(forecast.from, forecast.to)}, from Cost Explorer.`
              : 'Unblended cost of this AWS account that Cost Explorer expects.'
          }
        >
          Forecast
        </Header>
      }
    >
      <SpaceBetween size="l">
        <SpaceBetween direction="horizontal" size="xs">
          <Select
            inlineLabelText="Granularity"
            selectedOption={steps.find(({ value }) => value === step) ?? null}
            options={steps}
            onChange={({ detail }) =>
              change({ step: forecastKeys.step.read(detail.selectedOption.value ?? '') ?? 'monthly' })
            }
            expandToViewport
          />
        </SpaceBetween>
        {query.error ? (
          <Failed what="the forecast" error={query.error} onRetry={() => void query.refetch()} />
        ) : forecast ? (
          <SpaceBetween size="l">
            <Container header={<Header variant="h2">Expected</Header>}>
              <SpaceBetween size="m">
                {forecast.available ? (
                  <Expected forecast={forecast} cost={before.currentData} />
                ) : (
                  <NotEnoughHistory forecast={forecast} />
                )}
                <Freshness
                  asked={forecast}
                  asking={asking.isLoading}
                  error={asking.error}
                  onAsk={() => void askAgain(step)}
                />
              </SpaceBetween>
            </Container>
            <Container header={<Header variant="h2">Over time</Header>}>
              <SpaceBetween size="s">
                {before.error ? (
                  <Failed what="the cost so far" error={before.error} onRetry={() => void before.refetch()} />
                ) : null}
                {before.currentData || before.error ? (
                  <ForecastChart
                    forecast={forecast}
                    cost={before.currentData}
                    view={view}
                    onView={(next) => change({ view: next }, { replace: true })}
                  />
                ) : (
                  <Loading what="the cost so far" />
                )}
              </SpaceBetween>
            </Container>
          </SpaceBetween>
        ) : (
          <Loading what="the forecast" />
        )}
      </SpaceBetween>
    </ContentLayout>
  );
}

function NotEnoughHistory({ forecast }: { forecast: Forecast }) {
  return (
    <Alert type="info" header="Not enough history yet">
      AWS forecasts from the use of some weeks, and this account does not have them yet. What is known so far
      stands below; the forecast comes by itself.
      {forecast.reason ? <Box variant="small">AWS says: {forecast.reason}</Box> : null}
    </Alert>
  );
}

function Expected({ forecast, cost }: { forecast: Forecast; cost: Cost | undefined }) {
  const months = monthsOf(expectations(forecast, cost));
  const bounded = forecast.granularity === 'monthly';
  return (
    <SpaceBetween size="m">
      <KeyValuePairs
        columns={3}
        minColumnWidth={200}
        items={months.map(({ from, mean, lower, upper, soFar }) => ({
          label: monthText(from),
          value: (
            <>
              <Box variant="awsui-value-large">{dollars(mean)}</Box>
              <Box color="text-body-secondary">
                {bounded
                  ? `between ${dollars(lower)} and ${dollars(upper)}`
                  : from === months[0]?.from
                    ? 'from today on'
                    : 'sum of its days'}
                {soFar > 0 ? `, ${dollars(soFar)} of it so far` : ''}
              </Box>
            </>
          ),
        }))}
      />
      <Box>{intervalWords(forecast, bounded)}</Box>
    </SpaceBetween>
  );
}

/** What an interval means, in words. */
function intervalWords({ intervalPercent }: Forecast, bounded: boolean): string {
  const outside = 100 - intervalPercent;
  return bounded
    ? `AWS is ${intervalPercent} % sure that a month will cost between its two bounds: of ten such months about ${outside / 10} end outside.`
    : `The band around the line is where AWS is ${intervalPercent} % sure that a day’s cost will lie. The bounds of days do not add up to those of a month: choose “By month” to see these.`;
}

/** Expected days summed up by month; months are themselves already. */
function monthsOf(expected: readonly Expectation[]): Expectation[] {
  const months = new Map<string, Expectation>();
  for (const each of expected) {
    const month = each.from.slice(0, 7);
    const before = months.get(month);
    months.set(month, before ? { ...before, to: each.to, mean: before.mean + each.mean } : each);
  }
  return [...months.values()];
}

function ForecastChart(props: {
  forecast: Forecast;
  cost: Cost | undefined;
  view: 'chart' | 'table';
  onView: (view: 'chart' | 'table') => void;
}) {
  const { forecast, cost, view, onView } = props;
  const series = useMemo(() => forecastSeries(forecast, cost, view === 'chart'), [forecast, cost, view]);
  const times = series.flatMap((each) => each.times);
  if (times.length === 0)
    return <Empty title="No cost known yet">What is used shows up here within a day.</Empty>;
  const monthly = forecast.granularity === 'monthly';
  return (
    <TimeSeriesChart
      caption={captionOf(forecast)}
      series={series}
      bands={band}
      from={new Date(Math.min(...times)).toISOString()}
      to={new Date(Math.max(...times)).toISOString()}
      {...(monthly ? {} : { period: 86_400 })}
      zone="UTC"
      times={monthly ? 'months' : 'days'}
      view={view}
      onView={onView}
    />
  );
}

function captionOf({ granularity, available }: Forecast): string {
  if (granularity === 'daily') return 'One value for each day.';
  return available
    ? 'One value for each month; that of the running month is what it will have cost at its end.'
    : 'One value for each month; that of the running month is what it has cost so far.';
}

const dollars = (amount: number) => formatValue(amount, 'dollars');

export function Help() {
  return (
    <HelpPanel header={<h2>Forecast</h2>}>
      <p>
        AWS expects future cost from past use. It needs some weeks of it; new accounts have no forecast yet.
      </p>
      <p>
        The <b>mean</b> is the single most likely course; the <b>band</b> says how far it may be off. The
        further away, the wider.
      </p>
      <p>
        AWS takes $0.01 for each forecast. It is kept for 6 hours for everybody, and asked for again only when
        a person says so.
      </p>
    </HelpPanel>
  );
}
