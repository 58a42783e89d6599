import type { Rows } from '#shared/definition/query.ts';
import type { ChannelRow } from '../read-models/channels.ts';
import type { NotificationRow } from '../read-models/notification-row.ts';

/** Of the messages to a channel that changed last: the last delivered, the last that failed, and how many of them failed. */
export type ChannelView = ChannelRow & {
  readonly lastDeliveredAt?: string;
  readonly lastFailure?: { readonly at: string; readonly reason: string };
  readonly recentlyFailed: number;
};

const recent = 25;

export async function channelView(row: ChannelRow, deliveries: Rows<NotificationRow>): Promise<ChannelView> {
  const { items } = await deliveries.list(row.notificationChannelId, { limit: recent });
  const delivered = items.find(({ status }) => status === 'delivered');
  const failed = items.filter(({ status }) => status === 'failed' || status === 'retrying');
  return {
    ...row,
    ...(delivered ? { lastDeliveredAt: delivered.changedAt } : {}),
    ...(failed[0] ? { lastFailure: { at: failed[0].changedAt, reason: failed[0].reason ?? '' } } : {}),
    recentlyFailed: failed.length,
  };
}
