import Button from '@cloudscape-design/components/button';
import { useDispatch } from 'react-redux';
import { useMay } from '#shared/frontend/identity.ts';
import { PageLink } from '#shared/frontend/links.tsx';
import { listStateOf } from '#shared/frontend/list-state.ts';
import { notified } from '#shared/frontend/notifications.ts';
import { Empty } from '#shared/frontend/page-states.tsx';
import { describe, isProblem } from '#shared/frontend/problem.ts';
import { type Column, ResourceTable } from '#shared/frontend/resource-table.tsx';
import { operators } from '#shared/frontend/roles.ts';
import { alertPolling } from '../api.ts';
import { paths } from '../paths.ts';
import type { AlertNotification } from '../types.ts';
import { notificationColumns } from './notification-columns.tsx';
import { useAlertNotificationsInfiniteQuery, useSendNotificationAgainMutation } from './response-api.ts';

const columns: Column<AlertNotification>[] = [
  {
    id: 'channel',
    header: 'Channel',
    width: 150,
    cell: (each) => <PageLink to={paths.notificationChannel(each.channelId)}>{each.channelName}</PageLink>,
  },
  ...notificationColumns,
  { id: 'actions', header: 'Actions', width: 120, cell: (each) => <SendAgain notification={each} /> },
];

/** What was sent about an alert, to which channel, and how that went; newest first. */
export function AlertNotifications({ alertId }: { alertId: string }) {
  const query = useAlertNotificationsInfiniteQuery(alertId, alertPolling);
  return (
    <ResourceTable
      id="alert-notifications"
      title="Notifications"
      one="notification"
      many="notifications"
      headingLevel="h2"
      plain
      columns={columns}
      list={listStateOf({ ...query, data: query.currentData })}
      rowId={(each) => each.alertNotificationId}
      empty={
        <Empty title="No notifications">
          No notification channel wanted to be told of this alert when it was raised.
        </Empty>
      }
    />
  );
}

function SendAgain({ notification }: { notification: AlertNotification }) {
  const may = useMay(operators);
  const [send, { isLoading }] = useSendNotificationAgainMutation();
  const dispatch = useDispatch();
  const { status, alertNotificationId, channelName } = notification;
  if (status !== 'failed' && status !== 'retrying') return '–';
  const act = async (): Promise<void> => {
    const { error } = await send(alertNotificationId);
    if (!error) return;
    dispatch(
      notified({
        id: `sent-again-${alertNotificationId}`,
        type: 'error',
        header: `Could not send again to ${channelName}`,
        content: isProblem(error) ? describe(error) : 'The console failed. Try again.',
      }),
    );
  };
  return (
    <Button
      variant="inline-link"
      disabled={!may}
      disabledReason="Only operators and administrators send notifications again."
      loading={isLoading}
      ariaLabel={`Send again to ${channelName}`}
      onClick={() => void act()}
    >
      Send again
    </Button>
  );
}
