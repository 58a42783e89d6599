import Box from '@cloudscape-design/components/box';
import Pagination from '@cloudscape-design/components/pagination';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { useState } from 'react';
import { formatValue, unitNames } from '../format.ts';
import { type ChartTimes, timeText } from './chart-times.ts';
import type { Aligned, Series } from './series.ts';

const rowsPerPage = 20;
const timeHeaders: Record<ChartTimes, string> = { instants: 'Time', days: 'Day', months: 'Month' };

interface Row {
  time: number;
  index: number;
}

/** The same numbers as the chart, newest first, for reading, copying and screen readers. */
export function ChartTable(props: {
  caption: string;
  series: readonly Series[];
  aligned: Aligned;
  zone: string;
  times: ChartTimes;
}) {
  const { caption, series, aligned, zone, times } = props;
  const [page, setPage] = useState(1);
  const rows: Row[] = aligned.times.map((time, index) => ({ time, index })).reverse();
  const pages = Math.max(1, Math.ceil(rows.length / rowsPerPage));
  const current = Math.min(page, pages);
  return (
    <SpaceBetween size="xs">
      <Table
        variant="embedded"
        contentDensity="compact"
        trackBy="time"
        ariaLabels={{ tableLabel: caption }}
        items={rows.slice((current - 1) * rowsPerPage, current * rowsPerPage)}
        empty={<Box textAlign="center">No data in this time range</Box>}
        columnDefinitions={[
          {
            id: 'time',
            header: timeHeaders[times],
            isRowHeader: true,
            cell: (row: Row) => timeText(row.time, zone, times),
          },
          ...series.map((each, position) => ({
            id: each.id,
            header: `${each.label} (${unitNames[each.unit]})`,
            cell: (row: Row) => {
              const value = aligned.columns[position]?.[row.index];
              return value === undefined || value === null ? '–' : formatValue(value, each.unit);
            },
          })),
        ]}
      />
      {pages > 1 ? (
        <Pagination
          currentPageIndex={current}
          pagesCount={pages}
          onChange={({ detail }) => setPage(detail.currentPageIndex)}
          ariaLabels={{ paginationLabel: `Pages of ${caption}` }}
        />
      ) : null}
    </SpaceBetween>
  );
}
