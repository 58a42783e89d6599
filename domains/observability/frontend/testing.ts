import type { FakeAnswer, FakeRequest } from '#shared/frontend/testing/fake-api.ts';
import type { NotificationChannel } from './notification-channels/types.ts';
import type { Alarm, Alert, AlertNotification, AlertRule } from './types.ts';

export const rule: AlertRule = {
  alertRuleId: 'r1',
  name: 'Functions fail',
  severity: 'critical',
  metric: { namespace: 'AWS/Lambda', metricName: 'Errors', dimensions: { FunctionName: 'relay' } },
  statistic: 'Sum',
  period: 60,
  comparison: 'GreaterThanThreshold',
  threshold: 5,
  evaluationPeriods: 3,
  datapointsToAlarm: 2,
  missingData: 'notBreaching',
  enabled: true,
  version: 7,
  definedAt: '2026-11-21T08:00:00.000Z',
  definedBy: { type: 'user', id: 'me' },
  changedAt: '2026-11-21T08:00:00.000Z',
};

export const alert: Alert = {
  alertId: 'r1',
  episode: 2,
  status: 'open',
  ruleName: rule.name,
  severity: rule.severity,
  metric: rule.metric,
  statistic: rule.statistic,
  comparison: rule.comparison,
  threshold: rule.threshold,
  reason: 'Threshold crossed: 2 datapoints were greater than the threshold (5.0).',
  raisedAt: '2026-11-21T08:10:00.000Z',
  version: 3,
};

export const alarm: Alarm = {
  ...rule.metric,
  name: 'skafu-local-alert-main-r1',
  arn: 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:skafu-local-alert-main-r1',
  state: 'ALARM',
  stateReason: 'Threshold crossed.',
  stateChangedAt: '2026-11-21T08:10:00.000Z',
  actionsEnabled: true,
  statistic: 'Sum',
  period: 60,
  threshold: 5,
  comparison: 'GreaterThanThreshold',
  evaluationPeriods: 3,
  datapointsToAlarm: 2,
  alertRuleId: 'r1',
};

export const channel: NotificationChannel = {
  notificationChannelId: 'c1',
  name: 'On call',
  kind: 'webhook',
  url: 'https://hooks.example.com/alerts',
  severities: ['critical'],
  moments: ['raised', 'resolved'],
  enabled: true,
  version: 4,
  createdAt: rule.definedAt,
  createdBy: rule.definedBy,
  changedAt: rule.changedAt,
  secretRotatedAt: rule.definedAt,
  recentlyFailed: 1,
};

export const notification: AlertNotification = {
  alertNotificationId: 'n1',
  channelId: 'c1',
  channelName: channel.name,
  alertId: 'r1',
  ruleName: rule.name,
  episode: 2,
  moment: 'raised',
  at: alert.raisedAt,
  status: 'failed',
  attempts: 6,
  changedAt: '2026-11-21T10:10:00.000Z',
  answer: 503,
  reason: 'The receiver answered 503.',
};

/** Answers every query of observability with one of each thing. */
export function oneOfEach(request: FakeRequest): FakeAnswer {
  const path = request.path.replace('observability/', '');
  if (path === 'metrics') return { body: { items: [rule.metric] } };
  if (path === 'metrics/data') return { body: metricData(request) };
  if (path === 'alarms') return { body: { items: [alarm] } };
  if (path === 'alert-rules') return { body: { items: [rule] } };
  if (path === 'alert-rules/r1') return { body: rule };
  if (path === 'alerts') return { body: { items: request.query.get('status') === 'open' ? [alert] : [] } };
  if (path === 'alerts/r1') return { body: alert };
  if (path === 'alerts/r1/silence') return { body: {} };
  if (path === 'alerts/r1/notifications') return { body: { items: [notification] } };
  if (path === 'notification-channels') return { body: { items: [channel] } };
  if (path === 'notification-channels/c1') return { body: channel };
  if (path === 'notification-channels/c1/notifications') return { body: { items: [notification] } };
  if (path === 'alerts/r1/history') return { body: { items: [historyEntry] } };
  return { status: 404, body: { title: 'Not found', status: 404 } };
}

const historyEntry = {
  alertId: 'r1',
  episode: 2,
  version: 3,
  type: 'AlertRaised',
  time: alert.raisedAt,
  actor: { type: 'service', id: 'raise-alert' },
  correlationId: 'c-9',
  data: { reason: alert.reason },
};

function metricData({ query }: FakeRequest) {
  const series = JSON.parse(query.get('series') ?? '[]') as { id: string; label?: string }[];
  const from = query.get('from') ?? '';
  return {
    from,
    to: query.get('to'),
    period: Number(query.get('period')),
    messages: [],
    series: series.map(({ id, label }) => ({ id, label, timestamps: [from], values: [3], partial: false })),
  };
}

/** Answers every list with nothing in it. */
export function nothing(): FakeAnswer {
  return { body: { items: [] } };
}
