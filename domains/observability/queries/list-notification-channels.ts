import { query } from '#shared/definition/query.ts';
import { channelDeliveries } from '../read-models/channel-deliveries.ts';
import { channels } from '../read-models/channels.ts';
import { readers } from '../roles.ts';
import { channelView } from './channel-view.ts';
import { pageParameters } from './parameters.ts';

export const listNotificationChannels = query({
  route: 'GET /notification-channels',
  roles: readers,
  input: pageParameters,
  readModels: { channels, channelDeliveries },
  answer: async (page, { rows }) => {
    const found = await rows.channels.list('all', { ...page, ascending: true });
    const items = await Promise.all(found.items.map((row) => channelView(row, rows.channelDeliveries)));
    return { ...found, items };
  },
});
