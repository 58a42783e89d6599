/** What the API of observability says, field by field. Times are RFC 3339 UTC, periods are seconds. */

export interface Metric {
  namespace: string;
  metricName: string;
  dimensions: Readonly<Record<string, string>>;
}

/** `Sum`, `Average`, `Minimum`, `Maximum`, `SampleCount`, or a percentile such as `p99`. */
export type Statistic = string;

export type SeriesWish =
  | (Metric & { id: string; statistic: Statistic; label?: string })
  | { id: string; expression: string; label?: string };

export interface MetricDataWish {
  from: string;
  to: string;
  period: number;
  series: readonly SeriesWish[];
}

export interface MetricData {
  from: string;
  to: string;
  period: number;
  series: { id: string; label: string; timestamps: string[]; values: number[]; partial: boolean }[];
  messages: string[];
}

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

export interface Alarm {
  name: string;
  arn: string;
  description?: string;
  state: AlarmState;
  stateReason: string;
  stateChangedAt: string;
  actionsEnabled: boolean;
  namespace?: string;
  metricName?: string;
  dimensions: Readonly<Record<string, string>>;
  statistic?: Statistic;
  period?: number;
  threshold?: number;
  comparison?: string;
  evaluationPeriods: number;
  datapointsToAlarm?: number;
  missingData?: string;
  alertRuleId?: string;
}

export type Severity = 'critical' | 'warning' | 'info';

export type Comparison =
  | 'GreaterThanThreshold'
  | 'GreaterThanOrEqualToThreshold'
  | 'LessThanThreshold'
  | 'LessThanOrEqualToThreshold';

export type MissingData = 'missing' | 'ignore' | 'breaching' | 'notBreaching';

/** What a person says about a rule when they create or change it. */
export interface AlertRuleDefinition {
  name: string;
  description?: string;
  severity: Severity;
  metric: Metric;
  statistic: Statistic;
  period: number;
  comparison: Comparison;
  threshold: number;
  evaluationPeriods: number;
  datapointsToAlarm: number;
  missingData: MissingData;
}

export interface AlertRule extends AlertRuleDefinition {
  alertRuleId: string;
  enabled: boolean;
  version: number;
  definedAt: string;
  definedBy: Actor;
  changedAt: string;
}

export interface Actor {
  type: 'user' | 'service';
  id: string;
}

export type AlertStatus = 'open' | 'resolved';

/** One episode of an alert, from its raise to its resolve. */
export interface Alert {
  alertId: string;
  episode: number;
  status: AlertStatus;
  ruleName: string;
  severity: Severity;
  metric: Metric;
  statistic: Statistic;
  comparison: Comparison;
  threshold: number;
  reason: string;
  raisedAt: string;
  acknowledgedAt?: string;
  acknowledgedBy?: Actor;
  note?: string;
  resolvedAt?: string;
  resolution?: 'recovered' | 'rule-deleted';
  comments?: number;
  silence?: AlertSilence;
  /** How many messages about the episode have reached nobody, by why. */
  unsent?: Partial<Record<'due' | 'retrying' | 'withheld' | 'failed', number>>;
  version: number;
}

/** Until when, why and by whom notifications of an alert are withheld. */
export interface AlertSilence {
  alertId: string;
  until: string;
  reason: string;
  silencedAt: string;
  silencedBy: Actor;
}

/** One message about one moment of an episode to one channel. */
export interface AlertNotification {
  alertNotificationId: string;
  channelId: string;
  channelName: string;
  alertId: string;
  ruleName: string;
  episode: number;
  moment: Moment;
  at: string;
  status: 'due' | 'withheld' | 'retrying' | 'delivered' | 'failed' | 'dropped';
  attempts: number;
  changedAt: string;
  answer?: number;
  reason?: string;
  milliseconds?: number;
  nextAt?: string;
}

export type Moment = 'raised' | 'escalated' | 'acknowledged' | 'resolved';

export interface AlertHistoryEntry {
  alertId: string;
  /** Absent for a silence from before the first episode. */
  episode?: number;
  version: number;
  type:
    | 'AlertRaised'
    | 'AlertAcknowledged'
    | 'AlertResolved'
    | 'AlertCommented'
    | 'AlertSilenced'
    | 'AlertUnsilenced';
  time: string;
  actor: Actor;
  correlationId: string;
  data: Readonly<Record<string, unknown>>;
}
