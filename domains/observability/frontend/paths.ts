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
  /** The log lines, of every group, that hold this trace id or correlation id; `at` is any instant of the request. */
  logsOfRequest: (id: string, at: string) => `/observability/logs?${aroundRequest(id, at)}`,
  traces: '/observability/traces',
  /** The traces annotated with this correlation id. */
  tracesOfRequest: (correlationId: string, at: string) =>
    `/observability/traces?${aroundRequest(correlationId, at)}`,
  trace: (traceId: string) => `/observability/traces/${encodeURIComponent(traceId)}`,
  users: '/observability/users',
  user: (username: string) => `/observability/users/${encodeURIComponent(username)}`,
  /** The log lines of the last day that name this person, such as those of their requests. */
  logsOfPerson: (subject: string) =>
    `/observability/logs?${new URLSearchParams({ search: 'on', text: subject, range: '1d' })}`,
  cost: '/observability/finance/cost',
  forecast: '/observability/finance/forecast',
} as const;

/** What follows a request (relay, projections, retries) may come minutes later; clocks differ by seconds. */
const before = 5 * 60_000;
const after = 30 * 60_000;

function aroundRequest(request: string, at: string): string {
  const time = Date.parse(at);
  const from = new Date(time - before).toISOString();
  const to = new Date(time + after).toISOString();
  return new URLSearchParams({ request, from, to }).toString();
}
