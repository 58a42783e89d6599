import HelpPanel from '@cloudscape-design/components/help-panel';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Tabs from '@cloudscape-design/components/tabs';
import { useIdentity } from '#shared/frontend/identity.ts';
import { PageButton, PageLink } from '#shared/frontend/links.tsx';
import { listStateOf } from '#shared/frontend/list-state.ts';
import { Empty, NoMatch } from '#shared/frontend/page-states.tsx';
import { type Column, ResourceTable } from '#shared/frontend/resource-table.tsx';
import { Timestamp } from '#shared/frontend/timestamp.tsx';
import { oneOf, useUrlState } from '#shared/frontend/url-state.ts';
import { alertPolling, useAlertsInfiniteQuery } from '../api.ts';
import { SeverityBadge } from '../indicators.tsx';
import { unitOf } from '../metric-unit.ts';
import { paths } from '../paths.ts';
import type { Actor, Alert } from '../types.ts';
import { actorText, conditionText, metricText, severityOrder } from '../words.ts';
import { AcknowledgeButton } from './acknowledge-button.tsx';
import { UnsentState } from './notification-state.tsx';
import { StateAndSilence, shadedWhenSilenced } from './silence-marker.tsx';

/** Which alerts are shown, in the address. */
export const alertTabKeys = {
  tab: oneOf(['open', 'past'], 'open'),
  silenced: oneOf(['all', 'no', 'yes'], 'all'),
} as const;

const commonColumns: Column<Alert>[] = [
  {
    id: 'rule',
    header: 'Alert',
    width: 160,
    sort: (alert) => alert.ruleName,
    cell: (alert) => <PageLink to={paths.alert(alert.alertId, alert.episode)}>{alert.ruleName}</PageLink>,
  },
  {
    id: 'severity',
    header: 'Severity',
    width: 110,
    sort: (alert) => severityOrder[alert.severity],
    cell: (alert) => <SeverityBadge severity={alert.severity} />,
  },
  { id: 'state', header: 'State', width: 190, cell: (alert) => <StateAndSilence alert={alert} /> },
  {
    id: 'raised',
    header: 'Raised',
    width: 160,
    sort: (alert) => alert.raisedAt,
    cell: (alert) => <Timestamp value={alert.raisedAt} />,
  },
  {
    id: 'condition',
    header: 'Condition',
    width: 120,
    cell: (alert) => conditionText({ ...alert, unit: unitOf(alert.metric, alert.statistic) }),
  },
  {
    id: 'metric',
    header: 'Metric',
    width: 240,
    hiddenAtFirst: true,
    cell: (alert) => metricText(alert.metric),
  },
];

const acknowledgedColumn: Column<Alert> = {
  id: 'acknowledged',
  header: 'Acknowledged by',
  width: 130,
  cell: (alert) => (alert.acknowledgedBy ? <ActorName actor={alert.acknowledgedBy} /> : 'Nobody'),
};

const reasonColumn: Column<Alert> = {
  id: 'reason',
  header: 'Reason',
  hiddenAtFirst: true,
  width: 180,
  cell: (alert) => alert.reason,
};

const commentsColumn: Column<Alert> = {
  id: 'comments',
  header: 'Comments',
  width: 110,
  sort: (alert) => alert.comments ?? 0,
  cell: (alert) => alert.comments ?? 0,
};

const openColumns: Column<Alert>[] = [
  ...commonColumns.map(shadedWhenSilenced),
  shadedWhenSilenced(acknowledgedColumn),
  {
    id: 'actions',
    header: 'Actions',
    width: 160,
    cell: (alert) => (alert.acknowledgedAt ? '–' : <AcknowledgeButton alert={alert} variant="inline-link" />),
  },
  {
    id: 'notifications',
    header: 'Notifications',
    width: 150,
    cell: (alert) => <UnsentState unsent={alert.unsent} />,
  },
  commentsColumn,
  reasonColumn,
];

const pastColumns: Column<Alert>[] = [
  ...commonColumns,
  {
    id: 'resolved',
    header: 'Resolved',
    width: 150,
    sort: (alert) => alert.resolvedAt ?? '',
    cell: (alert) => (alert.resolvedAt ? <Timestamp value={alert.resolvedAt} /> : '–'),
  },
  acknowledgedColumn,
  commentsColumn,
  reasonColumn,
];

/** The alerts of this tenant: what is wrong now, and what was. New ones appear by themselves. */
export default function AlertsPage() {
  const [{ tab }, change] = useUrlState(alertTabKeys);
  return (
    <Tabs
      ariaLabel="Alerts"
      activeTabId={tab}
      onChange={({ detail }) => change({ tab: alertTabKeys.tab.read(detail.activeTabId) ?? 'open' })}
      tabs={[
        { id: 'open', label: 'Open', content: tab === 'open' ? <OpenAlerts /> : null },
        { id: 'past', label: 'Past', content: tab === 'past' ? <PastAlerts /> : null },
      ]}
    />
  );
}

const silenceFilters = [
  { id: 'all', text: 'All' },
  { id: 'no', text: 'Not silenced' },
  { id: 'yes', text: 'Silenced' },
];

function OpenAlerts() {
  const list = listStateOf(useAlertsInfiniteQuery('open', alertPolling));
  const [{ silenced }, change] = useUrlState(alertTabKeys);
  const found = list.items?.filter(
    (alert) => silenced === 'all' || (alert.silence !== undefined) === (silenced === 'yes'),
  );
  return (
    <ResourceTable
      id="open-alerts"
      title="Open alerts"
      one="alert"
      many="alerts"
      description="Asked for again every 5 seconds while this tab is visible."
      columns={openColumns}
      list={{ ...list, items: found }}
      rowId={episodeId}
      filter={
        <SegmentedControl
          label="Silenced or not"
          selectedId={silenced}
          options={silenceFilters}
          onChange={({ detail }) =>
            change({ silenced: alertTabKeys.silenced.read(detail.selectedId) ?? 'all' })
          }
        />
      }
      empty={
        silenced !== 'all' && list.items && list.items.length > 0 ? (
          <NoMatch what="alerts" onClear={() => change({ silenced: 'all' })} />
        ) : (
          <Empty
            title="No open alerts"
            action={<PageButton to={paths.alertRules}>See alert rules</PageButton>}
          >
            No metric is across the line of an alert rule.
          </Empty>
        )
      }
    />
  );
}

function PastAlerts() {
  const query = useAlertsInfiniteQuery('past', alertPolling);
  return (
    <ResourceTable
      id="past-alerts"
      title="Past alerts"
      one="alert"
      many="alerts"
      columns={pastColumns}
      list={listStateOf(query)}
      rowId={episodeId}
      empty={
        <Empty title="No past alerts">
          Alerts come here when their metric recovers or their rule is deleted.
        </Empty>
      }
    />
  );
}

function episodeId(alert: Alert): string {
  return `${alert.alertId}:${alert.episode}`;
}

function ActorName({ actor }: { actor: Actor }) {
  return actorText(actor, useIdentity().subject);
}

export function Help() {
  return (
    <HelpPanel header={<h2>Alerts</h2>}>
      <SpaceBetween size="s">
        <p>
          An alert is raised when the metric of an alert rule crosses its line, and resolves by itself when
          the metric recovers. Each raise-to-resolve is an episode of its own.
        </p>
        <p>
          <b>Acknowledge</b> tells your colleagues that you are on it. It does not silence or close the alert.
        </p>
        <p>
          A <b>silenced</b> alert is shown shaded, with until when, by whom and why. Only its notifications
          are withheld.
        </p>
      </SpaceBetween>
    </HelpPanel>
  );
}
