import { plural } from '#shared/frontend/format.ts';
import { listStateOf } from '#shared/frontend/list-state.ts';
import { Empty } from '#shared/frontend/page-states.tsx';
import { type Column, ResourceTable } from '#shared/frontend/resource-table.tsx';
import { Timestamp } from '#shared/frontend/timestamp.tsx';
import { Actor } from '../actor.tsx';
import { categoryText } from '../words.ts';
import { failurePolling, useOccurrencesInfiniteQuery } from './failure-api.ts';
import { occurrenceWords } from './failure-state.tsx';
import { RequestLinks } from './request-links.tsx';
import type { Occurrence } from './types.ts';

const columns: Column<Occurrence>[] = [
  { id: 'at', header: 'Time', width: 150, cell: ({ at }) => <Timestamp value={at} /> },
  { id: 'what', header: 'What', width: 120, cell: (one) => <What occurrence={one} /> },
  {
    id: 'stream',
    header: 'Stream',
    width: 160,
    cell: ({ target }) => (target ? `${categoryText(target.type)} ${target.id}` : '–'),
  },
  {
    id: 'detail',
    header: 'Message or reason',
    width: 230,
    cell: ({ message, reason }) => message ?? reason ?? '–',
  },
  {
    id: 'by',
    header: 'By',
    width: 100,
    cell: ({ by }) => (by ? <Actor actor={by} /> : '–'),
  },
  {
    id: 'request',
    header: 'Request',
    width: 160,
    cell: ({ correlationId, trace, at }) => (
      <RequestLinks correlationId={correlationId} trace={trace} at={at} />
    ),
  },
];

function What({ occurrence: { type, times = 1 } }: { occurrence: Occurrence }) {
  return times > 1 ? `Failed ${plural(times, 'time', 'times')}` : occurrenceWords[type];
}

/** Everything that happened to a failure, newest first. */
export function Occurrences({ failureId }: { failureId: string }) {
  const query = useOccurrencesInfiniteQuery(failureId, failurePolling);
  return (
    <ResourceTable
      id="failure-occurrences"
      title="History"
      one="entry"
      many="entries"
      headingLevel="h2"
      description="In a storm the first ten of a minute stand alone; the others are counted together."
      columns={columns}
      list={listStateOf({ ...query, data: query.currentData })}
      rowId={({ version }) => `${version}`}
      empty={<Empty title="Nothing happened yet" />}
    />
  );
}
