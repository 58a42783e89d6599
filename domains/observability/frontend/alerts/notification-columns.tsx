import type { Column } from '#shared/frontend/resource-table.tsx';
import { Timestamp } from '#shared/frontend/timestamp.tsx';
import type { AlertNotification } from '../types.ts';
import { momentWords } from '../words.ts';
import { NotificationDetail, NotificationState } from './notification-state.tsx';

/** What is told of a message wherever it stands: beside its channel, or beside its alert. */
export const notificationColumns: readonly Column<AlertNotification>[] = [
  {
    id: 'about',
    header: 'About',
    width: 180,
    cell: (each) => `${momentWords[each.moment]}, episode ${each.episode}`,
  },
  {
    id: 'state',
    header: 'State',
    width: 170,
    cell: (each) => <NotificationState notification={each} />,
  },
  { id: 'changed', header: 'Since', width: 210, cell: (each) => <Timestamp value={each.changedAt} /> },
  { id: 'attempts', header: 'Attempts', width: 100, cell: (each) => each.attempts },
  {
    id: 'detail',
    header: 'Detail',
    width: 260,
    cell: (each) => <NotificationDetail notification={each} />,
  },
];
