import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useIdentity } from '#shared/frontend/identity.ts';
import { LineageLink } from '#shared/frontend/lineage-link.tsx';
import { listStateOf } from '#shared/frontend/list-state.ts';
import { Empty } from '#shared/frontend/page-states.tsx';
import { type Column, ResourceTable } from '#shared/frontend/resource-table.tsx';
import { Timestamp } from '#shared/frontend/timestamp.tsx';
import { alertPolling, useAlertHistoryInfiniteQuery } from '../api.ts';
import type { AlertHistoryEntry } from '../types.ts';
import { actorText } from '../words.ts';
import { LinkedText } from './linked-text.tsx';

const happenings: Record<
  AlertHistoryEntry['type'],
  { words: string; type: 'error' | 'info' | 'success' | 'stopped' }
> = {
  AlertRaised: { words: 'Raised', type: 'error' },
  AlertAcknowledged: { words: 'Acknowledged', type: 'info' },
  AlertResolved: { words: 'Resolved', type: 'success' },
  AlertCommented: { words: 'Comment', type: 'info' },
  AlertSilenced: { words: 'Silenced', type: 'stopped' },
  AlertUnsilenced: { words: 'Silence ended', type: 'info' },
};

const columns: Column<AlertHistoryEntry>[] = [
  { id: 'time', header: 'Time', width: 210, cell: (entry) => <Timestamp value={entry.time} /> },
  { id: 'event', header: 'Event', width: 180, cell: (entry) => <Happening entry={entry} /> },
  { id: 'episode', header: 'Episode', width: 90, cell: (entry) => entry.episode ?? '–' },
  { id: 'by', header: 'By', width: 200, cell: (entry) => <By entry={entry} /> },
  { id: 'detail', header: 'Detail', width: 300, cell: (entry) => <Detail entry={entry} /> },
  { id: 'version', header: 'Version', width: 90, hiddenAtFirst: true, cell: (entry) => entry.version },
  {
    id: 'correlation',
    header: 'Correlation id',
    width: 320,
    cell: (entry) => <LineageLink correlationId={entry.correlationId} />,
  },
];

/** Everything that happened to an alert, newest first: the events themselves. */
export function AlertHistory({ alertId }: { alertId: string }) {
  const query = useAlertHistoryInfiniteQuery(alertId, alertPolling);
  return (
    <ResourceTable
      id="alert-history"
      title="History"
      one="event"
      many="events"
      headingLevel="h2"
      plain
      columns={columns}
      list={listStateOf({ ...query, data: query.currentData })}
      rowId={(entry) => `${entry.version}`}
      empty={<Empty title="No events yet">The history follows its events within moments.</Empty>}
    />
  );
}

function Happening({ entry }: { entry: AlertHistoryEntry }) {
  const { words, type } = happenings[entry.type] ?? { words: entry.type, type: 'info' };
  return <StatusIndicator type={type}>{words}</StatusIndicator>;
}

function By({ entry }: { entry: AlertHistoryEntry }) {
  return actorText(entry.actor, useIdentity().subject);
}

/** What the event says in words of its own: the comment, the note, the reason or the resolution. */
function Detail({ entry }: { entry: AlertHistoryEntry }) {
  const { until } = entry.data;
  const said = ['text', 'note', 'reason', 'resolution']
    .map((field) => entry.data[field])
    .find((value): value is string => typeof value === 'string' && value !== '');
  return (
    <>
      {typeof until === 'string' ? (
        <>
          Until <Timestamp value={until} />:{' '}
        </>
      ) : null}
      {/* People write comments with line breaks. */}
      <span style={{ whiteSpace: 'pre-line', overflowWrap: 'anywhere' }}>
        {said ? <LinkedText text={said} /> : '–'}
      </span>
    </>
  );
}
