import type { AlarmStateRecord } from '../record.ts';

/** Why a composite alarm takes no actions now. */
export interface Suppression {
  by: 'WaitPeriod' | 'ExtensionPeriod' | 'Alarm';
  /** Epoch milliseconds at which a period ends. */
  until?: number;
  /** The state before the first change whose actions were not taken; absent when there was none. */
  before?: AlarmStateRecord;
}

export interface Moment {
  now: number;
  isSuppressorInAlarm: boolean;
  /** The state before, when the composite alarm changes at this moment. */
  before: AlarmStateRecord | undefined;
  /** Milliseconds. */
  waitPeriod: number;
  extensionPeriod: number;
}

export interface Suppressed {
  suppression?: Suppression;
  /** Actions are taken for the state that the alarm has now, which followed this one. */
  act?: AlarmStateRecord;
}

/**
 * What the suppressor makes of a moment. A change waits for the suppressor to go into ALARM; once that has left ALARM,
 * the composite alarm has the extension period to change as well. When a period is over, actions are taken for the state
 * that the alarm has then. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-suppression.html
 */
export function suppress(current: Suppression | undefined, moment: Moment): Suppressed {
  const { now, isSuppressorInAlarm, waitPeriod, extensionPeriod } = moment;
  const before = current?.before ?? moment.before;
  const pending = before ? { before } : {};
  if (isSuppressorInAlarm) return { suppression: { by: 'Alarm', ...pending } };
  if (current?.by === 'Alarm' && extensionPeriod > 0) {
    return { suppression: { by: 'ExtensionPeriod', until: now + extensionPeriod, ...pending } };
  }
  if (current?.until !== undefined && current.until > now) {
    return { suppression: { by: current.by, until: current.until, ...pending } };
  }
  if (!current && before && waitPeriod > 0) {
    return { suppression: { by: 'WaitPeriod', until: now + waitPeriod, ...pending } };
  }
  return before ? { act: before } : {};
}
