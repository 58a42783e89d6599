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

/** An alarm as it is kept. */
export interface AlarmRecord {
  settings: AlarmSettings;
  arn: string;
  /** Names the metric in events of an alarm that watches just one. */
  metricId: string;
  configured: number;
  state: AlarmStateRecord;
  /** A state set by hand stands until then; the next evaluation may change it. */
  heldUntil?: number;
  tags: Record<string, string>;
}

export type HistoryType = 'ConfigurationUpdate' | 'StateUpdate' | 'Action';

export interface HistoryItem {
  alarmName: string;
  time: number;
  type: HistoryType;
  summary: string;
  /** A JSON text. */
  data: string;
}
