import { api, type CommandAnswer, type ListAnswer, listPages } from '#shared/frontend/api.ts';
import type { AlertNotification } from '../types.ts';
import type { ChannelDefinition, NotificationChannel } from './types.ts';

const base = 'observability/notification-channels';
const pageSize = 100;
const list = { type: 'notification-channel', id: 'list' } as const;

const pathOf = (id: string, rest = '') => `${base}/${encodeURIComponent(id)}${rest && `/${rest}`}`;

/** A command that has made a signing secret answers it, this once. */
export type SecretAnswer = CommandAnswer & { secret: string };

/** The endpoints of notification channels. */
const channelApi = api
  .enhanceEndpoints({ addTagTypes: ['notification-channel', 'alert-notification'] })
  .injectEndpoints({
    endpoints: (build) => ({
      channels: build.infiniteQuery<ListAnswer<NotificationChannel>, void, string>({
        infiniteQueryOptions: listPages,
        query: ({ pageParam }) => ({
          path: base,
          query: { limit: pageSize, cursor: pageParam },
          follows: 'notification-channel',
        }),
        providesTags: [list],
      }),
      channel: build.query<NotificationChannel, string>({
        query: (id) => ({ path: pathOf(id), follows: 'notification-channel' }),
        providesTags: (_, __, id) => [{ type: 'notification-channel', id }],
      }),
      channelNotifications: build.infiniteQuery<ListAnswer<AlertNotification>, string, string>({
        infiniteQueryOptions: listPages,
        query: ({ queryArg, pageParam }) => ({
          path: pathOf(queryArg, 'notifications'),
          query: { limit: pageSize, cursor: pageParam },
          follows: 'alert-notification',
        }),
        providesTags: ['alert-notification'],
      }),
      createChannel: build.mutation<SecretAnswer, ChannelDefinition>({
        query: (body) => ({ path: base, method: 'POST', body }),
        invalidatesTags: (answer) => (answer ? [list] : []),
      }),
      changeChannel: build.mutation<
        CommandAnswer,
        { id: string; version: number; definition: ChannelDefinition }
      >({
        query: ({ id, version, definition }) => ({
          path: pathOf(id),
          method: 'PUT',
          body: definition,
          ifMatch: version,
        }),
        invalidatesTags: (answer) => (answer ? ['notification-channel'] : []),
      }),
      switchChannel: build.mutation<CommandAnswer, { id: string; enable: boolean }>({
        query: ({ id, enable }) => ({ path: pathOf(id, enable ? 'enable' : 'disable'), method: 'POST' }),
        invalidatesTags: (answer) => (answer ? ['notification-channel'] : []),
      }),
      rotateSecret: build.mutation<SecretAnswer, string>({
        query: (id) => ({ path: pathOf(id, 'secret'), method: 'POST' }),
        invalidatesTags: (answer) => (answer ? ['notification-channel'] : []),
      }),
      testChannel: build.mutation<CommandAnswer, string>({
        query: (id) => ({ path: pathOf(id, 'test'), method: 'POST' }),
        invalidatesTags: (answer) => (answer ? ['notification-channel'] : []),
      }),
      deleteChannel: build.mutation<CommandAnswer, string>({
        query: (id) => ({ path: pathOf(id), method: 'DELETE' }),
        // The channel itself is gone, so nobody asks for it again.
        invalidatesTags: (answer) => (answer ? [list] : []),
      }),
    }),
  });

export const {
  useChannelsInfiniteQuery,
  useChannelQuery,
  useChannelNotificationsInfiniteQuery,
  useCreateChannelMutation,
  useChangeChannelMutation,
  useSwitchChannelMutation,
  useRotateSecretMutation,
  useTestChannelMutation,
  useDeleteChannelMutation,
} = channelApi;
