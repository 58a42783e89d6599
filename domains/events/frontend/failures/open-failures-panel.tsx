import { formatValue } from '#shared/frontend/format.ts';
import { PageButton, PageLink } from '#shared/frontend/links.tsx';
import { listStateOf } from '#shared/frontend/list-state.ts';
import { Empty } from '#shared/frontend/page-states.tsx';
import { type Column, ResourceTable } from '#shared/frontend/resource-table.tsx';
import { Timestamp } from '#shared/frontend/timestamp.tsx';
import { paths } from '../paths.ts';
import { failurePolling, useFailuresInfiniteQuery } from './failure-api.ts';
import type { Failure } from './types.ts';

const shown = 5;

const columns: Column<Failure>[] = [
  {
    id: 'error',
    header: 'Failure',
    width: 140,
    cell: ({ failureId, name }) => <PageLink to={paths.failure(failureId)}>{name}</PageLink>,
  },
  { id: 'component', header: 'Component', width: 180, cell: ({ component }) => component },
  { id: 'count', header: 'Occurrences', width: 110, cell: ({ count }) => formatValue(count, 'count') },
  { id: 'affected', header: 'Streams waiting', width: 110, cell: ({ affected }) => affected },
  { id: 'last', header: 'Last seen', width: 180, cell: ({ lastAt }) => <Timestamp value={lastAt} /> },
];

/** What failed and still waits for somebody. */
export default function OpenFailuresPanel() {
  const list = listStateOf(useFailuresInfiniteQuery('open', failurePolling));
  const more = list.hasMore || (list.items?.length ?? 0) > shown;
  return (
    <ResourceTable
      id="overview-open-failures"
      title="Open failures"
      one="failure"
      many="failures"
      headingLevel="h2"
      plain
      description={more ? `The latest ${shown}.` : ''}
      columns={columns}
      list={{ ...list, items: list.items?.slice(0, shown), hasMore: false }}
      rowId={({ failureId }) => failureId}
      actions={<PageButton to={paths.failures}>View failures</PageButton>}
      empty={<Empty title="No open failures">Nothing has failed that somebody would have to look at.</Empty>}
    />
  );
}
