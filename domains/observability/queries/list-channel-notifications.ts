import { query } from '#shared/definition/query.ts';
import { text } from '#shared/messages/schema.ts';
import { channelDeliveries } from '../read-models/channel-deliveries.ts';
import { readers } from '../roles.ts';
import { pageParameters } from './parameters.ts';

/** The messages to a channel, those that changed last first. */
export const listChannelNotifications = query({
  route: 'GET /notification-channels/{notificationChannelId}/notifications',
  roles: readers,
  input: { ...pageParameters, notificationChannelId: text(100) },
  readModels: { channelDeliveries },
  answer: ({ notificationChannelId, ...page }, { rows }) =>
    rows.channelDeliveries.list(notificationChannelId, page),
});
