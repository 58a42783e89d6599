import { formatValue } from '#shared/frontend/format.ts';
import { Empty } from '#shared/frontend/page-states.tsx';
import { type Column, ResourceTable } from '#shared/frontend/resource-table.tsx';
import type { Cost, CostGroup } from './api.ts';
import { changeOf, changeText, shareText } from './cost-bars.ts';
import { rangeText } from './day-text.ts';

/** What each group costs: its sum, its share, and how that compares with the period before. */
export function CostGroupsTable({ cost, grouping }: { cost: Cost; grouping: string }) {
  const compared = cost.previousFrom !== undefined;
  const columns: Column<CostGroup>[] = [
    { id: 'group', header: grouping, width: 220, sort: ({ name }) => name, cell: ({ name }) => name },
    {
      id: 'total',
      header: 'Cost (US dollars)',
      width: 120,
      sort: ({ total }) => total,
      cell: ({ total }) => formatValue(total, 'dollars'),
    },
    {
      id: 'share',
      header: 'Share',
      width: 90,
      sort: ({ total }) => total,
      cell: ({ total }) => shareText(total, cost.total),
    },
    ...(compared
      ? [
          {
            id: 'previous',
            header: 'Before (US dollars)',
            width: 120,
            sort: ({ previousTotal = 0 }: CostGroup) => previousTotal,
            cell: ({ previousTotal = 0 }: CostGroup) => formatValue(previousTotal, 'dollars'),
          },
          {
            id: 'change',
            header: 'Change',
            width: 110,
            sort: ({ total, previousTotal = 0 }: CostGroup) => total - previousTotal,
            cell: ({ total, previousTotal }: CostGroup) => {
              const change = changeOf(total, previousTotal);
              return change === undefined ? 'New' : changeText(change);
            },
          },
        ]
      : []),
  ];
  return (
    <ResourceTable
      id="cost-groups"
      title={`Cost by ${grouping.toLowerCase()}`}
      one="group"
      many="groups"
      headingLevel="h2"
      plain
      description={
        cost.previousFrom === undefined
          ? 'AWS keeps no days before this range, so there is nothing to compare it with.'
          : `Compared with ${rangeText(cost.previousFrom, cost.from)}.`
      }
      columns={columns}
      rowId={({ name }) => name}
      list={{
        items: cost.groups,
        isFetching: false,
        isFetchingMore: false,
        error: undefined,
        hasMore: false,
        more: () => undefined,
        retry: () => undefined,
      }}
      empty={<Empty title="No cost in this range">What is used shows up here within a day.</Empty>}
    />
  );
}
