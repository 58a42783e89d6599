import HelpPanel from '@cloudscape-design/components/help-panel';
import { useMay } from '#shared/frontend/identity.ts';
import { PageButton, PageLink } from '#shared/frontend/links.tsx';
import { listStateOf } from '#shared/frontend/list-state.ts';
import { Empty } from '#shared/frontend/page-states.tsx';
import { type Column, ResourceTable } from '#shared/frontend/resource-table.tsx';
import { operators } from '#shared/frontend/roles.ts';
import { Timestamp } from '#shared/frontend/timestamp.tsx';
import { EnabledIndicator } from '../indicators.tsx';
import { paths } from '../paths.ts';
import { momentWords, severities } from '../words.ts';
import { useChannelsInfiniteQuery } from './channel-api.ts';
import { DeliveryState } from './channel-state.tsx';
import type { NotificationChannel } from './types.ts';

export const onlyOperators = 'Only operators and administrators change notification channels.';

const columns: Column<NotificationChannel>[] = [
  {
    id: 'name',
    header: 'Name',
    width: 150,
    sort: (channel) => channel.name,
    cell: (channel) => (
      <PageLink to={paths.notificationChannel(channel.notificationChannelId)}>{channel.name}</PageLink>
    ),
  },
  {
    id: 'enabled',
    header: 'State',
    width: 130,
    sort: (channel) => (channel.enabled ? 0 : 1),
    cell: (channel) => <EnabledIndicator enabled={channel.enabled} />,
  },
  { id: 'url', header: 'Address', width: 240, cell: (channel) => channel.url },
  {
    id: 'severities',
    header: 'Severities',
    width: 150,
    cell: (channel) => channel.severities.map((each) => severities[each]).join(', '),
  },
  {
    id: 'moments',
    header: 'When',
    width: 150,
    cell: (channel) => channel.moments.map((each) => momentWords[each]).join(', '),
  },
  {
    id: 'deliveries',
    header: 'Deliveries',
    width: 170,
    sort: (channel) => channel.recentlyFailed,
    cell: (channel) => <DeliveryState channel={channel} />,
  },
  {
    id: 'delivered',
    header: 'Last delivered',
    width: 170,
    sort: (channel) => channel.lastDeliveredAt ?? '',
    cell: (channel) => (channel.lastDeliveredAt ? <Timestamp value={channel.lastDeliveredAt} /> : 'Not yet'),
  },
];

/** The notification channels of this tenant. */
export default function ChannelsPage() {
  const may = useMay(operators);
  const list = listStateOf(useChannelsInfiniteQuery(undefined, { refetchOnMountOrArgChange: true }));
  const create = (
    <PageButton
      to={paths.newNotificationChannel}
      variant="primary"
      disabled={!may}
      disabledReason={onlyOperators}
    >
      Create notification channel
    </PageButton>
  );
  return (
    <ResourceTable
      id="notification-channels"
      title="Notification channels"
      one="notification channel"
      many="notification channels"
      description="Each channel posts signed messages about alerts to one address."
      columns={columns}
      list={list}
      rowId={(channel) => channel.notificationChannelId}
      actions={create}
      empty={
        <Empty title="No notification channels" action={may ? create : null}>
          {may ? 'Create the first one to be told of alerts away from this console.' : onlyOperators}
        </Empty>
      }
    />
  );
}

export function Help() {
  return (
    <HelpPanel header={<h2>Notification channels</h2>}>
      <p>
        A channel is told of alerts of the severities and moments it wants, by a signed webhook. Messages of
        silenced alerts are withheld until the silence ends.
      </p>
      <p>
        <b>Deliveries</b> counts the messages that failed among the 25 that changed last. Open a channel to
        see each one, and to send a test.
      </p>
    </HelpPanel>
  );
}
