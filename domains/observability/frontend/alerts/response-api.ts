import { api, type CommandAnswer, type ListAnswer, listPages } from '#shared/frontend/api.ts';
import type { AlertNotification, AlertSilence } from '../types.ts';

const base = 'observability/alerts';
const pageSize = 100;

const pathOf = (alertId: string, rest: string) => `${base}/${encodeURIComponent(alertId)}/${rest}`;

/** What people do about an alert besides acknowledging it, and what was sent about it. */
const responses = api.enhanceEndpoints({ addTagTypes: ['alert', 'alert-notification'] }).injectEndpoints({
  endpoints: (build) => ({
    alertSilence: build.query<{ silence?: AlertSilence }, string>({
      query: (alertId) => ({ path: pathOf(alertId, 'silence'), follows: 'alert' }),
      providesTags: ['alert'],
    }),
    silenceAlert: build.mutation<CommandAnswer, { alertId: string; until: string; reason: string }>({
      query: ({ alertId, ...body }) => ({ path: pathOf(alertId, 'silence'), method: 'POST', body }),
      invalidatesTags: (answer) => (answer ? ['alert', 'alert-notification'] : []),
    }),
    unsilenceAlert: build.mutation<CommandAnswer, { alertId: string; reason?: string }>({
      query: ({ alertId, ...body }) => ({ path: pathOf(alertId, 'silence'), method: 'DELETE', body }),
      invalidatesTags: (answer) => (answer ? ['alert', 'alert-notification'] : []),
    }),
    commentOnAlert: build.mutation<CommandAnswer, { alertId: string; episode: number; text: string }>({
      query: ({ alertId, ...body }) => ({ path: pathOf(alertId, 'comments'), method: 'POST', body }),
      invalidatesTags: (answer) => (answer ? ['alert'] : []),
    }),
    alertNotifications: build.infiniteQuery<ListAnswer<AlertNotification>, string, string>({
      infiniteQueryOptions: listPages,
      query: ({ queryArg, pageParam }) => ({
        path: pathOf(queryArg, 'notifications'),
        query: { limit: pageSize, cursor: pageParam },
        follows: 'alert-notification',
      }),
      providesTags: ['alert-notification'],
    }),
    sendNotificationAgain: build.mutation<CommandAnswer, string>({
      query: (id) => ({
        path: `observability/alert-notifications/${encodeURIComponent(id)}/send-again`,
        method: 'POST',
      }),
      invalidatesTags: (answer) => (answer ? ['alert', 'alert-notification'] : []),
    }),
  }),
});

export const {
  useAlertSilenceQuery,
  useSilenceAlertMutation,
  useUnsilenceAlertMutation,
  useCommentOnAlertMutation,
  useAlertNotificationsInfiniteQuery,
  useSendNotificationAgainMutation,
} = responses;
