import Container from '@cloudscape-design/components/container';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import HelpPanel from '@cloudscape-design/components/help-panel';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { useParams } from 'react-router';
import { formatValue } from '#shared/frontend/format.ts';
import { useIdentity } from '#shared/frontend/identity.ts';
import { PageLink } from '#shared/frontend/links.tsx';
import { listStateOf } from '#shared/frontend/list-state.ts';
import { Empty, Failed, Loading } from '#shared/frontend/page-states.tsx';
import { type Column, ResourceTable } from '#shared/frontend/resource-table.tsx';
import { Timestamp } from '#shared/frontend/timestamp.tsx';
import { notificationColumns } from '../alerts/notification-columns.tsx';
import { alertPolling } from '../api.ts';
import { EnabledIndicator } from '../indicators.tsx';
import { paths } from '../paths.ts';
import type { AlertNotification, Moment } from '../types.ts';
import { actorText, momentWords, severities } from '../words.ts';
import { useChannelNotificationsInfiniteQuery, useChannelQuery } from './channel-api.ts';
import { ChannelButtons } from './channel-buttons.tsx';
import { defaultEscalateAfter } from './channel-draft.ts';
import { DeliveryState, TestState } from './channel-state.tsx';
import type { NotificationChannel } from './types.ts';

/** While a test is on its way, in milliseconds. */
const testPolling = 500;

/** One notification channel: what it is told, and how that went. */
export default function ChannelPage() {
  const { notificationChannelId: id = '' } = useParams();
  const [deleted, setDeleted] = useState(false);
  const [pollingInterval, setPollingInterval] = useState<number>(alertPolling.pollingInterval);
  const query = useChannelQuery(id, {
    ...alertPolling,
    pollingInterval,
    skip: deleted,
    refetchOnMountOrArgChange: true,
  });
  const channel = query.currentData;
  if (!channel) {
    return query.error ? (
      <Failed what="notification channels" error={query.error} onRetry={() => void query.refetch()} />
    ) : (
      <Loading what="the notification channel" />
    );
  }
  const testing = channel.lastTest !== undefined && !channel.lastTest.outcome;
  const wanted = testing ? testPolling : alertPolling.pollingInterval;
  if (wanted !== pollingInterval) setPollingInterval(wanted);
  return (
    <ContentLayout
      header={
        <Header
          variant="h1"
          description={channel.url}
          actions={<ChannelButtons channel={channel} onDeleted={() => setDeleted(true)} />}
        >
          {channel.name}
        </Header>
      }
    >
      <SpaceBetween size="l">
        {query.error ? (
          <Failed what="newer data of the channel" error={query.error} onRetry={() => void query.refetch()} />
        ) : null}
        <Container header={<Header variant="h2">Channel</Header>}>
          <Summary channel={channel} />
        </Container>
        {deleted ? null : <Deliveries id={id} />}
      </SpaceBetween>
    </ContentLayout>
  );
}

function Summary({ channel }: { channel: NotificationChannel }) {
  const { subject } = useIdentity();
  return (
    <KeyValuePairs
      columns={3}
      minColumnWidth={200}
      items={[
        { label: 'State', value: <EnabledIndicator enabled={channel.enabled} /> },
        { label: 'Severities', value: channel.severities.map((each) => severities[each]).join(', ') },
        { label: 'When', value: channel.moments.map((each) => momentText(each, channel)).join(', ') },
        { label: 'Deliveries', value: <DeliveryState channel={channel} /> },
        {
          label: 'Last delivered',
          value: channel.lastDeliveredAt ? <Timestamp value={channel.lastDeliveredAt} /> : 'Not yet',
        },
        { label: 'Last test', value: <TestState test={channel.lastTest} /> },
        { label: 'Links lead to', value: channel.consoleUrl ?? 'No links in messages' },
        { label: 'Secret made', value: <Timestamp value={channel.secretRotatedAt} /> },
        { label: 'Created by', value: actorText(channel.createdBy, subject) },
      ]}
    />
  );
}

/** An escalation says after how long. */
function momentText(moment: Moment, { escalateAfter = defaultEscalateAfter }: NotificationChannel): string {
  const words = momentWords[moment];
  return moment === 'escalated' ? `${words} after ${formatValue(escalateAfter * 60, 'seconds')}` : words;
}

const columns: Column<AlertNotification>[] = [
  {
    id: 'alert',
    header: 'Alert',
    width: 160,
    cell: (each) => <PageLink to={paths.alert(each.alertId, each.episode)}>{each.ruleName}</PageLink>,
  },
  ...notificationColumns,
];

function Deliveries({ id }: { id: string }) {
  const query = useChannelNotificationsInfiniteQuery(id, alertPolling);
  return (
    <ResourceTable
      id="channel-notifications"
      title="Messages"
      one="message"
      many="messages"
      headingLevel="h2"
      plain
      columns={columns}
      list={listStateOf({ ...query, data: query.currentData })}
      rowId={(each) => each.alertNotificationId}
      empty={
        <Empty title="No messages yet">
          The next alert of these severities is told here. Send a test to see whether it would arrive.
        </Empty>
      }
    />
  );
}

export function Help() {
  return (
    <HelpPanel header={<h2>Notification channel</h2>}>
      <p>
        <b>Send test</b> posts a message of type <code>channel.test</code> now, also when the channel is
        disabled, and shows what the receiver answered.
      </p>
      <p>
        <b>New signing secret</b> replaces the secret at once. It is shown once; nobody can look it up later.
      </p>
      <p>A disabled channel is told nothing, and what waits for it is not sent.</p>
    </HelpPanel>
  );
}
