import { query } from '#shared/definition/query.ts';
import { notFound } from '#shared/messages/problem.ts';
import { text } from '#shared/messages/schema.ts';
import { channelDeliveries } from '../read-models/channel-deliveries.ts';
import { channels } from '../read-models/channels.ts';
import { readers } from '../roles.ts';
import { channelView } from './channel-view.ts';

export const getNotificationChannel = query({
  route: 'GET /notification-channels/{notificationChannelId}',
  roles: readers,
  input: { notificationChannelId: text(100) },
  readModels: { channels, channelDeliveries },
  answer: async ({ notificationChannelId }, { rows }) => {
    const row = await rows.channels.get(notificationChannelId);
    if (row) return channelView(row, rows.channelDeliveries);
    throw notFound(`There is no notification channel ${notificationChannelId}.`);
  },
});
