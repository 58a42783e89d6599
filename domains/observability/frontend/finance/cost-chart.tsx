import BarChart from '@cloudscape-design/components/bar-chart';
import Box from '@cloudscape-design/components/box';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import type { ChartView } from '#shared/frontend/chart/time-series-chart.tsx';
import { formatValue } from '#shared/frontend/format.ts';
import type { Cost } from './api.ts';
import { barPeriods, type CostBar, costBars } from './cost-bars.ts';
import { periodText, rangeText } from './day-text.ts';

const dollars = (amount: number) => formatValue(amount, 'dollars');
/** More labels than these run into each other. */
const mostLabels = 8;

/** The cost of each period, stacked by group, as bars or as a table of the same numbers. */
export function CostChart(props: { cost: Cost; view: ChartView; onView: (view: ChartView) => void }) {
  const { cost, view, onView } = props;
  const drawn = barPeriods(cost);
  const weekly = drawn.periods.length < cost.periods.length;
  return (
    <SpaceBetween size="s">
      <SpaceBetween direction="horizontal" size="xs" alignItems="center">
        <Box variant="small">
          Unit: US dollars. {cost.granularity === 'daily' ? 'Days' : 'Months'} in UTC.
          {weekly && view === 'chart' ? ' Each bar is 7 days.' : ''}
        </Box>
        <SegmentedControl
          label="Show as"
          selectedId={view}
          onChange={({ detail }) => onView(detail.selectedId === 'table' ? 'table' : 'chart')}
          options={[
            { id: 'chart', text: 'Chart' },
            { id: 'table', text: 'Table' },
          ]}
        />
      </SpaceBetween>
      {view === 'table' ? (
        <PeriodTable cost={cost} bars={costBars(cost)} />
      ) : (
        <Bars cost={{ ...cost, ...drawn }} />
      )}
    </SpaceBetween>
  );
}

function Bars({ cost }: { cost: Cost }) {
  const days = cost.periods.map(({ from }) => from);
  const every = Math.ceil(days.length / mostLabels);
  const label = (day: string) =>
    days.indexOf(day) % every === 0 ? periodText(day, cost.granularity, true) : '';
  return (
    <BarChart
      stackedBars
      hideFilter
      height={260}
      ariaLabel="Cost of each period by group"
      ariaDescription="The table shows the same numbers."
      xTitle=""
      yTitle="US dollars"
      xDomain={days}
      series={costBars(cost).map(({ name, amounts }) => ({
        title: name,
        type: 'bar' as const,
        data: days.map((day, index) => ({ x: day, y: amounts[index] ?? 0 })),
        valueFormatter: dollars,
      }))}
      i18nStrings={{ xTickFormatter: label, yTickFormatter: dollars }}
      detailPopoverFooter={(day) => {
        const period = cost.periods.find(({ from }) => from === day);
        return period ? (
          <Box>
            {rangeText(period.from, period.to)}: {dollars(period.total)} in all
            {period.estimated ? ', estimated' : ''}
          </Box>
        ) : null;
      }}
      empty="No cost in this range"
    />
  );
}

function PeriodTable({ cost, bars }: { cost: Cost; bars: readonly CostBar[] }) {
  const rows = cost.periods.map((period, index) => ({ ...period, index })).reverse();
  return (
    <Table
      variant="embedded"
      contentDensity="compact"
      trackBy="from"
      ariaLabels={{ tableLabel: 'Cost of each period by group' }}
      items={rows}
      columnDefinitions={[
        {
          id: 'period',
          header: cost.granularity === 'daily' ? 'Day (UTC)' : 'Month (UTC)',
          isRowHeader: true,
          minWidth: 150,
          cell: (row) => `${periodText(row.from, cost.granularity)}${row.estimated ? ' (estimated)' : ''}`,
        },
        { id: 'total', header: 'Total', cell: (row) => dollars(row.total) },
        ...bars.map((bar, position) => ({
          id: `group-${position}`,
          header: bar.name,
          cell: (row: (typeof rows)[number]) => dollars(bar.amounts[row.index] ?? 0),
        })),
      ]}
    />
  );
}
