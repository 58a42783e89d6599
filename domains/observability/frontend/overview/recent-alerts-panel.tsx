import { PageButton, PageLink } from '#shared/frontend/links.tsx';
import { listStateOf } from '#shared/frontend/list-state.ts';
import { Empty } from '#shared/frontend/page-states.tsx';
import { type Column, ResourceTable } from '#shared/frontend/resource-table.tsx';
import { formatLength } from '#shared/frontend/time.ts';
import { Timestamp } from '#shared/frontend/timestamp.tsx';
import { alertPolling, useAlertsInfiniteQuery } from '../api.ts';
import { SeverityBadge } from '../indicators.tsx';
import { paths } from '../paths.ts';
import type { Alert } from '../types.ts';

const most = 8;

const columns: Column<Alert>[] = [
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
  {
    id: 'resolved',
    header: 'Resolved',
    width: 200,
    cell: (alert) => (alert.resolvedAt ? <Timestamp value={alert.resolvedAt} /> : '–'),
  },
  { id: 'lasted', header: 'Was open for', width: 130, cell: lengthOf },
];

/** What was wrong lately. */
export default function RecentAlertsPanel() {
  const list = listStateOf(useAlertsInfiniteQuery('past', alertPolling));
  return (
    <ResourceTable
      id="overview-recent-alerts"
      title="Recently resolved alerts"
      one="alert"
      many="alerts"
      headingLevel="h2"
      plain
      columns={columns}
      list={{ ...list, items: list.items && latest(list.items), hasMore: false }}
      rowId={(alert) => `${alert.alertId}:${alert.episode}`}
      actions={<PageButton to={`${paths.alerts}?tab=past`}>View past alerts</PageButton>}
      empty={<Empty title="No past alerts">Alerts come here when their metric recovers.</Empty>}
    />
  );
}

/** The list comes in the order of raising; this panel tells what ended last. */
function latest(alerts: readonly Alert[]): Alert[] {
  return [...alerts]
    .sort((left, right) => (right.resolvedAt ?? '').localeCompare(left.resolvedAt ?? ''))
    .slice(0, most);
}

function lengthOf(alert: Alert): string {
  if (!alert.resolvedAt) return '–';
  return formatLength((Date.parse(alert.resolvedAt) - Date.parse(alert.raisedAt)) / 1000);
}
