import { api, type CommandAnswer, type ListAnswer, listPages } from '#shared/frontend/api.ts';
import type {
  Alarm,
  AlarmState,
  Alert,
  AlertHistoryEntry,
  AlertRule,
  AlertRuleDefinition,
  Metric,
  MetricData,
  MetricDataWish,
} from './types.ts';

const base = 'observability';
const pageSize = 100;

/** How often alerts are asked for while the tab is visible, in milliseconds. They are ours, so asking costs little. */
export const alertPolling = { pollingInterval: 5000, skipPollingIfUnfocused: true } as const;

const ruleList = { type: 'alert-rule', id: 'list' } as const;

/** The endpoints of observability. Commands invalidate what they change; lists then ask to be as new as the command. */
export const observability = api.enhanceEndpoints({ addTagTypes: ['alert-rule', 'alert'] }).injectEndpoints({
  endpoints: (build) => ({
    metrics: build.infiniteQuery<ListAnswer<Metric>, { namespace?: string; metricName?: string }, string>({
      infiniteQueryOptions: listPages,
      query: ({ queryArg, pageParam }) => ({
        path: `${base}/metrics`,
        query: { ...queryArg, limit: pageSize, cursor: pageParam },
      }),
      keepUnusedDataFor: 300,
    }),
    metricData: build.query<MetricData, MetricDataWish>({
      query: ({ series, ...rest }) => ({
        path: `${base}/metrics/data`,
        query: { ...rest, series: JSON.stringify(series) },
      }),
    }),
    alarms: build.infiniteQuery<ListAnswer<Alarm>, { state?: AlarmState; prefix?: string }, string>({
      infiniteQueryOptions: listPages,
      query: ({ queryArg, pageParam }) => ({
        path: `${base}/alarms`,
        query: { ...queryArg, limit: pageSize, cursor: pageParam },
      }),
    }),
    alertRules: build.infiniteQuery<ListAnswer<AlertRule>, void, string>({
      infiniteQueryOptions: listPages,
      query: ({ pageParam }) => ({
        path: `${base}/alert-rules`,
        query: { limit: pageSize, cursor: pageParam },
        follows: 'alert-rule',
      }),
      providesTags: [ruleList],
    }),
    alertRule: build.query<AlertRule, string>({
      query: (id) => ({ path: `${base}/alert-rules/${encodeURIComponent(id)}`, follows: 'alert-rule' }),
      providesTags: (_, __, id) => [{ type: 'alert-rule', id }],
    }),
    createAlertRule: build.mutation<CommandAnswer, AlertRuleDefinition>({
      query: (body) => ({ path: `${base}/alert-rules`, method: 'POST', body }),
      invalidatesTags: (answer) => (answer ? [ruleList] : []),
    }),
    changeAlertRule: build.mutation<
      CommandAnswer,
      { alertRuleId: string; version: number; definition: AlertRuleDefinition }
    >({
      query: ({ alertRuleId, version, definition }) => ({
        path: `${base}/alert-rules/${encodeURIComponent(alertRuleId)}`,
        method: 'PUT',
        body: definition,
        ifMatch: version,
      }),
      invalidatesTags: (answer) => (answer ? ['alert-rule'] : []),
    }),
    switchAlertRule: build.mutation<CommandAnswer, { alertRuleId: string; enable: boolean }>({
      query: ({ alertRuleId, enable }) => ({
        path: `${base}/alert-rules/${encodeURIComponent(alertRuleId)}/${enable ? 'enable' : 'disable'}`,
        method: 'POST',
      }),
      invalidatesTags: (answer) => (answer ? ['alert-rule'] : []),
    }),
    deleteAlertRule: build.mutation<CommandAnswer, string>({
      query: (id) => ({ path: `${base}/alert-rules/${encodeURIComponent(id)}`, method: 'DELETE' }),
      // A rule's open episode is resolved with it; the rule itself is gone, so nobody asks for it again.
      invalidatesTags: (answer) => (answer ? [ruleList, 'alert'] : []),
    }),
    alerts: build.infiniteQuery<ListAnswer<Alert>, 'open' | 'past', string>({
      infiniteQueryOptions: listPages,
      query: ({ queryArg, pageParam }) => ({
        path: `${base}/alerts`,
        query: { status: queryArg, limit: pageSize, cursor: pageParam },
        follows: 'alert',
      }),
      providesTags: ['alert'],
    }),
    alert: build.query<Alert, { alertId: string; episode?: number }>({
      query: ({ alertId, episode }) => ({
        path: `${base}/alerts/${encodeURIComponent(alertId)}`,
        query: { episode },
        follows: 'alert',
      }),
      providesTags: ['alert'],
    }),
    alertHistory: build.infiniteQuery<ListAnswer<AlertHistoryEntry>, string, string>({
      infiniteQueryOptions: listPages,
      query: ({ queryArg, pageParam }) => ({
        path: `${base}/alerts/${encodeURIComponent(queryArg)}/history`,
        query: { limit: pageSize, cursor: pageParam },
        follows: 'alert',
      }),
      providesTags: ['alert'],
    }),
    acknowledgeAlert: build.mutation<CommandAnswer, { alertId: string; episode: number; note?: string }>({
      query: ({ alertId, ...body }) => ({
        path: `${base}/alerts/${encodeURIComponent(alertId)}/acknowledgement`,
        method: 'POST',
        body,
      }),
      invalidatesTags: (answer) => (answer ? ['alert'] : []),
    }),
  }),
});

export const {
  useMetricsInfiniteQuery,
  useMetricDataQuery,
  useAlarmsInfiniteQuery,
  useAlertRulesInfiniteQuery,
  useAlertRuleQuery,
  useCreateAlertRuleMutation,
  useChangeAlertRuleMutation,
  useSwitchAlertRuleMutation,
  useDeleteAlertRuleMutation,
  useAlertsInfiniteQuery,
  useAlertQuery,
  useAlertHistoryInfiniteQuery,
  useAcknowledgeAlertMutation,
} = observability;
