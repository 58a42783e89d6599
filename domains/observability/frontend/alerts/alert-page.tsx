import Container from '@cloudscape-design/components/container';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import HelpPanel from '@cloudscape-design/components/help-panel';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useParams } from 'react-router';
import { useIdentity } from '#shared/frontend/identity.ts';
import { PageButton, PageLink } from '#shared/frontend/links.tsx';
import { Failed, Loading } from '#shared/frontend/page-states.tsx';
import { formatLength } from '#shared/frontend/time.ts';
import { Timestamp } from '#shared/frontend/timestamp.tsx';
import { useUrlState, wholeNumber } from '#shared/frontend/url-state.ts';
import { alertPolling, useAlertQuery } from '../api.ts';
import { AlertState, SeverityBadge } from '../indicators.tsx';
import { unitOf } from '../metric-unit.ts';
import { paths } from '../paths.ts';
import type { Alert } from '../types.ts';
import { actorText, conditionText, metricText } from '../words.ts';
import { AcknowledgeButton } from './acknowledge-button.tsx';
import { AlertChart } from './alert-chart.tsx';
import { AlertHistory } from './alert-history.tsx';
import { AlertNotifications } from './alert-notifications.tsx';
import { CommentBox } from './comment-box.tsx';
import { SilenceButton, UnsilenceButton } from './silence-controls.tsx';
import { SilenceMarker } from './silence-marker.tsx';

/** Which episode of the alert is shown, in the address; 0 is the latest. */
export const episodeKeys = { episode: wholeNumber(0) } as const;

/** One episode of an alert: what it is, the metric around it, and everything that happened. */
export default function AlertPage() {
  const { alertId = '' } = useParams();
  const [{ episode }] = useUrlState(episodeKeys);
  const query = useAlertQuery({ alertId, ...(episode > 0 ? { episode } : {}) }, alertPolling);
  const alert = query.currentData;
  if (!alert) {
    return query.error ? (
      <Failed what="the alert" error={query.error} onRetry={() => void query.refetch()} />
    ) : (
      <Loading what="the alert" />
    );
  }
  return (
    <ContentLayout
      header={
        <Header
          variant="h1"
          description={`Episode ${alert.episode}`}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              {alert.resolution === 'rule-deleted' ? null : (
                <PageButton to={paths.alertRule(alert.alertId)}>Open alert rule</PageButton>
              )}
              <UnsilenceButton alertId={alert.alertId} name={alert.ruleName} silence={alert.silence} />
              <SilenceButton alertId={alert.alertId} name={alert.ruleName} silence={alert.silence} />
              <AcknowledgeButton alert={alert} variant="primary" />
            </SpaceBetween>
          }
        >
          {alert.ruleName}
        </Header>
      }
    >
      <SpaceBetween size="l">
        {query.error ? (
          <Failed what="newer data of the alert" error={query.error} onRetry={() => void query.refetch()} />
        ) : null}
        <Container header={<Header variant="h2">Summary</Header>}>
          <Summary alert={alert} />
        </Container>
        <Container header={<Header variant="h2">Metric around this episode</Header>}>
          <AlertChart alert={alert} />
        </Container>
        <CommentBox key={alert.episode} alert={alert} />
        <AlertNotifications alertId={alert.alertId} />
        <AlertHistory alertId={alert.alertId} />
      </SpaceBetween>
    </ContentLayout>
  );
}

function Summary({ alert }: { alert: Alert }) {
  const { subject } = useIdentity();
  const seconds = alert.resolvedAt
    ? (Date.parse(alert.resolvedAt) - Date.parse(alert.raisedAt)) / 1000
    : undefined;
  return (
    <KeyValuePairs
      columns={3}
      minColumnWidth={200}
      items={[
        { label: 'State', value: <AlertState alert={alert} /> },
        { label: 'Severity', value: <SeverityBadge severity={alert.severity} /> },
        {
          label: 'Condition',
          value: conditionText({ ...alert, unit: unitOf(alert.metric, alert.statistic) }),
        },
        { label: 'Metric', value: metricText(alert.metric) },
        { label: 'Raised', value: <Timestamp value={alert.raisedAt} /> },
        {
          label: 'Resolved',
          value: alert.resolvedAt ? (
            <>
              <Timestamp value={alert.resolvedAt} /> (after {formatLength(seconds ?? 0)})
            </>
          ) : (
            'Not yet'
          ),
        },
        {
          label: 'Acknowledged',
          value: alert.acknowledgedAt ? (
            <>
              <Timestamp value={alert.acknowledgedAt} />
              {alert.acknowledgedBy ? `, by ${actorText(alert.acknowledgedBy, subject)}` : null}
            </>
          ) : (
            'By nobody'
          ),
        },
        { label: 'Note', value: alert.note ?? 'No note' },
        {
          label: 'Silence',
          value: alert.silence ? <SilenceMarker silence={alert.silence} /> : 'Not silenced',
        },
        { label: 'Comments', value: alert.comments ?? 0 },
        { label: 'Reason', value: alert.reason },
        ...(alert.episode > 1
          ? [
              {
                label: 'Earlier',
                value: (
                  <PageLink
                    to={paths.alert(alert.alertId, alert.episode - 1)}
                  >{`Episode ${alert.episode - 1}`}</PageLink>
                ),
              },
            ]
          : []),
      ]}
    />
  );
}

export function Help() {
  return (
    <HelpPanel header={<h2>Alert</h2>}>
      <p>
        The history lists the events of the alert, newest first, over all its episodes. Nothing in it can be
        changed or removed. The correlation id of an entry finds its request in logs and traces.
      </p>
      <p>
        <b>Silence</b> withholds notifications until a time you choose. The alert is still evaluated, raised,
        resolved and shown. If it is still open when the silence ends, its notification goes out then.
      </p>
      <p>
        <b>Notifications</b> tells what was sent to which channel. What failed is tried again with growing
        pauses, six times in all; then you can send it again yourself.
      </p>
    </HelpPanel>
  );
}
