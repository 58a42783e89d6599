import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useIdentity } from '#shared/frontend/identity.ts';
import { listStateOf } from '#shared/frontend/list-state.ts';
import { Empty } from '#shared/frontend/page-states.tsx';
import { type Column, ResourceTable } from '#shared/frontend/resource-table.tsx';
import { Timestamp } from '#shared/frontend/timestamp.tsx';
import { alertPolling, useAlertHistoryInfiniteQuery } from '../api.ts';
import type { AlertHistoryEntry } from '../types.ts';
import { actorText } from '../words.ts';

const happenings: Record<AlertHistoryEntry['type'], { words: string; type: 'error' | 'info' | 'success' }> = {
  AlertRaised: { words: 'Raised', type: 'error' },
  AlertAcknowledged: { words: 'Acknowledged', type: 'info' },
  AlertResolved: { words: 'Resolved', type: 'success' },
};

const columns: Column<AlertHistoryEntry>[] = [
  { id: 'time', header: 'Time', width: 210, cell: (entry) => <Timestamp value={entry.time} /> },
  { id: 'event', header: 'Event', width: 180, cell: (entry) => <Happening entry={entry} /> },
  { id: 'episode', header: 'Episode', width: 90, cell: (entry) => entry.episode },
  { id: 'by', header: 'By', width: 200, cell: (entry) => <By entry={entry} /> },
  { id: 'detail', header: 'Detail', width: 300, cell: detailOf },
  { id: 'version', header: 'Version', width: 90, hiddenAtFirst: true, cell: (entry) => entry.version },
  { id: 'correlation', header: 'Correlation id', width: 320, cell: (entry) => entry.correlationId },
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
      rowId={(entry) => `${entry.episode}:${entry.version}`}
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

/** What the event says in words of its own: the note, the reason or the resolution. */
function detailOf(entry: AlertHistoryEntry): string {
  for (const field of ['note', 'reason', 'resolution']) {
    const value = entry.data[field];
    if (typeof value === 'string' && value !== '') return value;
  }
  return '–';
}
