/** The addresses of observability's pages. */
export const paths = {
  metrics: '/observability/metrics',
  alarms: '/observability/alarms',
  alerts: '/observability/alerts',
  alert: (alertId: string, episode: number) =>
    `/observability/alerts/${encodeURIComponent(alertId)}?episode=${episode}`,
  alertRules: '/observability/alert-rules',
  newAlertRule: '/observability/alert-rules/new',
  alertRule: (id: string) => `/observability/alert-rules/${encodeURIComponent(id)}`,
  editAlertRule: (id: string) => `/observability/alert-rules/${encodeURIComponent(id)}/edit`,
} as const;
