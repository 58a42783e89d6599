import { cloudWatchTime } from '../reason.ts';
import type { AlarmRecord, CompositeAlarmRecord } from '../record.ts';
import type { NewState } from '../register.ts';
import { alarmNameOf, alarmsOf, isFulfilled, parseRule } from './rule.ts';

export type AlarmNamed = (name: string) => AlarmRecord | undefined;

/** The alarms that a composite alarm asks about and that are there. */
export function childrenOf(alarm: CompositeAlarmRecord, named: AlarmNamed): AlarmRecord[] {
  return alarmsOf(parseRule(alarm.settings.AlarmRule)).flatMap((name) => named(name) ?? []);
}

/** Whether the composite alarm needs that alarm, be it to be silent. */
export function dependsOn({ settings }: CompositeAlarmRecord, name: string): boolean {
  const suppressor = settings.ActionsSuppressor;
  if (suppressor !== undefined && alarmNameOf(suppressor) === name) return true;
  return alarmsOf(parseRule(settings.AlarmRule)).includes(name);
}

/** Composite alarms with those that they ask about before them. Those in a cycle, and above one, are left out. */
export function inOrder(alarms: readonly CompositeAlarmRecord[]): CompositeAlarmRecord[] {
  const byName = new Map(alarms.map((alarm) => [alarm.settings.AlarmName, alarm]));
  const outcome = new Map<string, 'visiting' | 'sound' | 'cyclic'>();
  const ordered: CompositeAlarmRecord[] = [];

  function isSound(alarm: CompositeAlarmRecord): boolean {
    const name = alarm.settings.AlarmName;
    const known = outcome.get(name);
    if (known) return known === 'sound';
    outcome.set(name, 'visiting');
    const composites = alarmsOf(parseRule(alarm.settings.AlarmRule)).flatMap(
      (child) => byName.get(child) ?? [],
    );
    const sound = composites.map(isSound).every(Boolean);
    outcome.set(name, sound ? 'sound' : 'cyclic');
    if (sound) ordered.push(alarm);
    return sound;
  }
  for (const alarm of alarms) isSound(alarm);
  return ordered;
}

/** What its alarms looked like: a state set by hand stands until one of them changes. */
export function fingerprintOf(alarm: CompositeAlarmRecord, named: AlarmNamed): string {
  return childrenOf(alarm, named)
    .map(({ settings, state }) => `${settings.AlarmName}=${state.value}@${state.transitioned}`)
    .join(' ');
}

/** `Friday 22 July, 2022 15:57:45 UTC`. */
function longTime(milliseconds: number): string {
  const date = new Date(milliseconds);
  const part = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat('en-US', { ...options, timeZone: 'UTC' }).format(date);
  const day = `${part({ weekday: 'long' })} ${date.getUTCDate()} ${part({ month: 'long' })}`;
  return `${day}, ${date.getUTCFullYear()} ${date.toISOString().slice(11, 19)} UTC`;
}

/** The state that the rule gives; undefined when the alarm has it already. */
export function evaluateComposite(alarm: CompositeAlarmRecord, named: AlarmNamed): NewState | undefined {
  const { settings, state, configured, arn } = alarm;
  const fulfilled = isFulfilled(parseRule(settings.AlarmRule), (name) => named(name)?.state.value);
  const value = fulfilled ? 'ALARM' : 'OK';
  if (value === state.value) return undefined;
  const children = childrenOf(alarm, named).sort((a, b) => b.state.transitioned - a.state.transitioned);
  const [last] = children;
  const isOfChild = last !== undefined && last.state.transitioned > configured;
  const triggering = isOfChild ? [last] : children;
  const verb = state.value === 'INSUFFICIENT_DATA' ? 'created' : 'updated';
  return {
    value,
    reason: isOfChild
      ? `${last.arn} transitioned to ${last.state.value} at ${longTime(last.state.transitioned)}`
      : `${arn} was ${verb} and its alarm rule evaluates to ${value}`,
    reasonData: JSON.stringify({
      triggeringAlarms: triggering.map((child) => ({
        arn: child.arn,
        state: { value: child.state.value, timestamp: cloudWatchTime(child.state.transitioned) },
      })),
    }),
  };
}
