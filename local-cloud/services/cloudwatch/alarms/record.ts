import type { CompositeSettings } from './composite/settings.ts';
import type { Suppression } from './composite/suppression.ts';
import type { AlarmState } from './evaluation.ts';
import type { AlarmSettings } from './settings.ts';

export interface AlarmStateRecord {
  value: AlarmState;
  reason: string;
  /** A JSON text. */
  reasonData?: string;
  /** Epoch milliseconds of the last change of value or reason. */
  updated: number;
  /** Epoch milliseconds of the last change of value. */
  transitioned: number;
}

interface StandingAlarm {
  arn: string;
  configured: number;
  state: AlarmStateRecord;
  tags: Record<string, string>;
  /** Names the metric in events of an alarm that watches just one. */
  metricId: string;
}

/** An alarm on metrics as it is kept. */
export interface MetricAlarmRecord extends StandingAlarm {
  settings: AlarmSettings;
  /** A state set by hand stands until then; the next evaluation may change it. */
  heldUntil?: number;
}

/** An alarm on other alarms as it is kept. */
export interface CompositeAlarmRecord extends StandingAlarm {
  settings: CompositeSettings;
  /** A state set by hand stands until its alarms look otherwise than this. */
  heldAgainst?: string;
  suppression?: Suppression;
}

export type AlarmRecord = MetricAlarmRecord | CompositeAlarmRecord;

export const isComposite = (alarm: AlarmRecord): alarm is CompositeAlarmRecord =>
  'AlarmRule' in alarm.settings;
export const isMetricAlarm = (alarm: AlarmRecord): alarm is MetricAlarmRecord => !isComposite(alarm);

export type HistoryType = 'ConfigurationUpdate' | 'StateUpdate' | 'Action';

export interface HistoryItem {
  alarmName: string;
  /** Absent of alarms on metrics. */
  isComposite?: true;
  time: number;
  type: HistoryType;
  summary: string;
  /** A JSON text. */
  data: string;
}
