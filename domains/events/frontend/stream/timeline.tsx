import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { formatValue } from '#shared/frontend/format.ts';
import { LineageLink } from '#shared/frontend/lineage-link.tsx';
import { listStateOf } from '#shared/frontend/list-state.ts';
import { Empty, Failed, Loading } from '#shared/frontend/page-states.tsx';
import { Timestamp } from '#shared/frontend/timestamp.tsx';
import { useUrlState } from '#shared/frontend/url-state.ts';
import { type VirtualColumn, VirtualTable } from '#shared/frontend/virtual-table.tsx';
import { Actor } from '../actor.tsx';
import { useStreamEventsInfiniteQuery } from '../api.ts';
import { EventDetails } from '../parts/event-details.tsx';
import type { Stream, StreamEvent } from '../types.ts';
import { streamKeys } from './stream-keys.ts';

const columns: VirtualColumn<StreamEvent>[] = [
  { id: 'version', header: 'Version', width: 80, cell: ({ version }) => version },
  { id: 'type', header: 'Event', cell: ({ type }) => type },
  { id: 'time', header: 'Time', width: 190, cell: ({ time }) => <Timestamp value={time} /> },
  { id: 'actor', header: 'By', width: 170, cell: ({ actor }) => <Actor actor={actor} /> },
  {
    id: 'lineage',
    header: 'Correlation id',
    width: 290,
    cell: ({ correlationId }) => <LineageLink correlationId={correlationId} />,
  },
];

/** Everything that happened in the stream, newest first; older events come page by page. */
export function Timeline({ stream: { type, id, version } }: { stream: Stream }) {
  const [{ from }, change] = useUrlState(streamKeys);
  const start = from > 0 && from < version ? from : undefined;
  const query = useStreamEventsInfiniteQuery({ type, id, ...(start ? { from: start } : {}) });
  const { items, error, hasMore, isFetchingMore, more, retry } = listStateOf({
    ...query,
    data: query.currentData,
  });
  return (
    <Container
      header={
        <Header
          variant="h2"
          counter={items ? `(${items.length} of ${formatValue(start ?? version, 'count')})` : ''}
          description={start ? `From version ${formatValue(start, 'count')} back.` : 'Newest first.'}
          actions={
            start ? <Button onClick={() => change({ from: 0 })}>Show from the newest</Button> : undefined
          }
        >
          Events
        </Header>
      }
    >
      <SpaceBetween size="s">
        {error ? <Failed what="events" error={error} onRetry={retry} /> : null}
        {items === undefined && !error ? <Loading what="events" /> : null}
        {items?.length === 0 ? <Empty title="No events" /> : null}
        {items && items.length > 0 ? (
          <VirtualTable
            label="Events of the stream"
            columns={columns}
            rows={items}
            rowKey={(event) => event.version}
            rowName={(event) => `event ${event.version}, ${event.type}`}
            details={(event) => <EventDetails event={event} />}
            order={undefined}
            onOrder={() => undefined}
          />
        ) : null}
        {hasMore ? (
          <Box textAlign="center">
            <Button onClick={more} loading={isFetchingMore}>
              Load older events
            </Button>
          </Box>
        ) : null}
      </SpaceBetween>
    </Container>
  );
}
