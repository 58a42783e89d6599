import { requestPaths } from '#shared/frontend/request-paths.ts';

/** The addresses of observability's pages. */
export const paths = {
  metrics: '/observability/metrics',
  alarms: '/observability/alarms',
  alerts: '/observability/alerts',
  alert: (alertId: string, episode: number) =>
    `/observability/alerts/${encodeURIComponent(alertId)}?episode=${episode}`,
  notificationChannels: '/observability/notification-channels',
  newNotificationChannel: '/observability/notification-channels/new',
  notificationChannel: (id: string) => `/observability/notification-channels/${encodeURIComponent(id)}`,
  editNotificationChannel: (id: string) =>
    `/observability/notification-channels/${encodeURIComponent(id)}/edit`,
  alertRules: '/observability/alert-rules',
  newAlertRule: '/observability/alert-rules/new',
  alertRule: (id: string) => `/observability/alert-rules/${encodeURIComponent(id)}`,
  editAlertRule: (id: string) => `/observability/alert-rules/${encodeURIComponent(id)}/edit`,
  logs: '/observability/logs',
  logsOfRequest: requestPaths.logs,
  traces: '/observability/traces',
  tracesOfRequest: requestPaths.traces,
  trace: requestPaths.trace,
  users: '/observability/users',
  user: (username: string) => `/observability/users/${encodeURIComponent(username)}`,
  /** The log lines of the last day that name this person, such as those of their requests. */
  logsOfPerson: (subject: string) =>
    `/observability/logs?${new URLSearchParams({ search: 'on', text: subject, range: '1d' })}`,
  cost: '/observability/finance/cost',
  forecast: '/observability/finance/forecast',
} as const;
