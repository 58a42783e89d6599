import { PageButton, PageLink } from '#shared/frontend/links.tsx';
import { listStateOf } from '#shared/frontend/list-state.ts';
import { Empty } from '#shared/frontend/page-states.tsx';
import { type Column, ResourceTable } from '#shared/frontend/resource-table.tsx';
import { Timestamp } from '#shared/frontend/timestamp.tsx';
import { AcknowledgeButton } from '../alerts/acknowledge-button.tsx';
import { StateAndSilence, shadedWhenSilenced } from '../alerts/silence-marker.tsx';
import { alertPolling, useAlertsInfiniteQuery } from '../api.ts';
import { SeverityBadge } from '../indicators.tsx';
import { paths } from '../paths.ts';
import type { Alert } from '../types.ts';

const columns: Column<Alert>[] = (
  [
    {
      id: 'rule',
      header: 'Alert',
      width: 170,
      cell: (alert) => <PageLink to={paths.alert(alert.alertId, alert.episode)}>{alert.ruleName}</PageLink>,
    },
    {
      id: 'severity',
      header: 'Severity',
      width: 100,
      cell: (alert) => <SeverityBadge severity={alert.severity} />,
    },
    { id: 'state', header: 'State', width: 160, cell: (alert) => <StateAndSilence alert={alert} /> },
    { id: 'raised', header: 'Raised', width: 200, cell: (alert) => <Timestamp value={alert.raisedAt} /> },
    {
      id: 'actions',
      header: 'Actions',
      width: 120,
      cell: (alert) =>
        alert.acknowledgedAt ? '–' : <AcknowledgeButton alert={alert} variant="inline-link" />,
    },
  ] satisfies Column<Alert>[]
).map((column) => (column.id === 'actions' ? column : shadedWhenSilenced(column)));

/** What is wrong now. */
export default function OpenAlertsPanel() {
  const query = useAlertsInfiniteQuery('open', alertPolling);
  return (
    <ResourceTable
      id="overview-open-alerts"
      title="Open alerts"
      one="alert"
      many="alerts"
      headingLevel="h2"
      plain
      columns={columns}
      list={listStateOf(query)}
      rowId={(alert) => `${alert.alertId}:${alert.episode}`}
      actions={<PageButton to={paths.alerts}>View alerts</PageButton>}
      empty={<Empty title="No open alerts">No metric is across the line of an alert rule.</Empty>}
    />
  );
}
