import {
  dimensions,
  type Input,
  missing,
  oneOf,
  optionalInteger,
  optionalText,
  optionalTime,
  requiredText,
  texts,
  validation,
} from '../input.ts';
import { pageToken, readPageToken } from '../paging.ts';
import { SIMPLE_STATISTICS } from '../statistics.ts';
import { UNITS } from '../units.ts';
import { childrenOf, dependsOn } from './composite/evaluation.ts';
import { suppressionReason } from './event.ts';
import {
  type AlarmRecord,
  type CompositeAlarmRecord,
  isComposite,
  isMetricAlarm,
  type MetricAlarmRecord,
} from './record.ts';
import type { AlarmRegister } from './register.ts';

export const STATES = ['OK', 'ALARM', 'INSUFFICIENT_DATA'] as const;
const HISTORY_TYPES = ['ConfigurationUpdate', 'StateUpdate', 'Action'] as const;
/** CloudWatch itself forgets an alarm's history after 30 days. */
export const HISTORY_RETENTION = 30 * 24 * 3_600_000;

function described(alarm: AlarmRecord): object {
  const { settings, state } = alarm;
  return {
    ...settings,
    AlarmArn: alarm.arn,
    AlarmConfigurationUpdatedTimestamp: new Date(alarm.configured),
    StateValue: state.value,
    StateReason: state.reason,
    ...(state.reasonData === undefined ? {} : { StateReasonData: state.reasonData }),
    StateUpdatedTimestamp: new Date(state.updated),
    StateTransitionedTimestamp: new Date(state.transitioned),
  };
}

function compositeAlarm(alarm: CompositeAlarmRecord): object {
  const { suppression } = alarm;
  return {
    ...described(alarm),
    ...(suppression
      ? { ActionsSuppressedBy: suppression.by, ActionsSuppressedReason: suppressionReason(suppression) }
      : {}),
  };
}

function hasAction(alarm: AlarmRecord, prefix: string): boolean {
  const { OKActions, AlarmActions, InsufficientDataActions } = alarm.settings;
  return [...OKActions, ...AlarmActions, ...InsufficientDataActions].some((action) =>
    action.startsWith(prefix),
  );
}

function pageOf(found: AlarmRecord[], size: number): { page: AlarmRecord[]; next: { NextToken?: string } } {
  const page = found.slice(0, size);
  const last = page.at(-1);
  return { page, next: found.length > size && last ? { NextToken: pageToken(last.settings.AlarmName) } : {} };
}

/** The alarms that a composite alarm asks about, or the composite alarms that ask about an alarm: little of each. */
function describeRelatives(
  register: AlarmRegister,
  input: Input,
  children: string | undefined,
  parents: string | undefined,
): object {
  const allowed = [
    'MaxRecords',
    'NextToken',
    children === undefined ? 'ParentsOfAlarmName' : 'ChildrenOfAlarmName',
  ];
  const other = Object.keys(input).find((name) => input[name] !== undefined && !allowed.includes(name));
  const asked = allowed[2] ?? '';
  if (other !== undefined) throw validation(`${other} cannot be given together with ${asked}.`);
  const name = children ?? parents ?? '';
  const alarm = register.get(name);
  if (!alarm || (children !== undefined && !isComposite(alarm))) {
    throw validation(`There is no ${children === undefined ? '' : 'composite '}alarm ${name}.`);
  }
  const related =
    children !== undefined && isComposite(alarm)
      ? childrenOf(alarm, register.get)
      : register.all().filter((each) => isComposite(each) && dependsOn(each, name));
  const start = readPageToken(optionalText(input, 'NextToken', 4_096), '');
  const size = optionalInteger(input, 'MaxRecords', { from: 1, to: 100 }) ?? 50;
  const found = related
    .filter(({ settings }) => settings.AlarmName > start)
    .sort((a, b) => (a.settings.AlarmName < b.settings.AlarmName ? -1 : 1));
  const { page, next } = pageOf(found, size);
  const brief = ({ settings, arn, state }: AlarmRecord) => ({
    AlarmName: settings.AlarmName,
    AlarmArn: arn,
    ...(children === undefined
      ? {}
      : { StateValue: state.value, StateUpdatedTimestamp: new Date(state.updated) }),
  });
  return {
    CompositeAlarms: page.filter(isComposite).map(brief),
    MetricAlarms: page.filter(isMetricAlarm).map(brief),
    ...next,
  };
}

export function describeAlarms(register: AlarmRegister, input: Input): object {
  const children = optionalText(input, 'ChildrenOfAlarmName', 255);
  const parents = optionalText(input, 'ParentsOfAlarmName', 255);
  if (children !== undefined || parents !== undefined)
    return describeRelatives(register, input, children, parents);
  const names = texts(input, 'AlarmNames');
  const prefix = optionalText(input, 'AlarmNamePrefix', 255);
  if (names.length > 100)
    throw validation('The collection AlarmNames must not have a size greater than 100.');
  if (names.length > 0 && prefix !== undefined) {
    throw validation('AlarmNames and AlarmNamePrefix are mutually exclusive.');
  }
  const state = oneOf(input, 'StateValue', STATES);
  const action = optionalText(input, 'ActionPrefix');
  const types = texts(input, 'AlarmTypes');
  const unknown = types.find((type) => type !== 'MetricAlarm' && type !== 'CompositeAlarm');
  if (unknown) throw validation(`The value ${unknown} for parameter AlarmTypes is not supported.`);
  const size = optionalInteger(input, 'MaxRecords', { from: 1, to: 100 }) ?? 50;
  const start = readPageToken(optionalText(input, 'NextToken', 4_096), '');
  const wanted = new Set(names);
  const found = register.all().filter((alarm) => {
    const name = alarm.settings.AlarmName;
    return (
      name > start &&
      (wanted.size === 0 || wanted.has(name)) &&
      (prefix === undefined || name.startsWith(prefix)) &&
      (state === undefined || alarm.state.value === state) &&
      (action === undefined || hasAction(alarm, action)) &&
      (isComposite(alarm)
        ? types.includes('CompositeAlarm')
        : types.length === 0 || types.includes('MetricAlarm'))
    );
  });
  const { page, next } = pageOf(found, size);
  return {
    CompositeAlarms: page.filter(isComposite).map(compositeAlarm),
    MetricAlarms: page.filter(isMetricAlarm).map(described),
    ...next,
  };
}

function sameDimensions(alarm: MetricAlarmRecord, wanted: Record<string, string>): boolean {
  const own = alarm.settings.Dimensions;
  return own.length === Object.keys(wanted).length && own.every(({ Name, Value }) => wanted[Name] === Value);
}

/** The alarms on exactly one metric; statistic, period and unit narrow further when given. */
export function describeAlarmsForMetric(register: AlarmRegister, input: Input): object {
  const name = requiredText(input, 'MetricName', 255);
  const namespace = requiredText(input, 'Namespace', 255);
  const wanted = dimensions(input);
  const narrow = {
    Statistic: oneOf(input, 'Statistic', SIMPLE_STATISTICS),
    ExtendedStatistic: optionalText(input, 'ExtendedStatistic'),
    Period: optionalInteger(input, 'Period'),
    Unit: oneOf(input, 'Unit', UNITS),
  };
  const found = register
    .all()
    .filter(isMetricAlarm)
    .filter(({ settings }) => {
      const narrowed = (['Statistic', 'ExtendedStatistic', 'Period', 'Unit'] as const).every(
        (field) => narrow[field] === undefined || narrow[field] === settings[field],
      );
      return settings.MetricName === name && settings.Namespace === namespace && narrowed;
    });
  return { MetricAlarms: found.filter((alarm) => sameDimensions(alarm, wanted)).map(described) };
}

export async function describeAlarmHistory(register: AlarmRegister, input: Input): Promise<object> {
  const name = optionalText(input, 'AlarmName', 255);
  const type = oneOf(input, 'HistoryItemType', HISTORY_TYPES);
  const from = optionalTime(input, 'StartDate') ?? 0;
  const to = optionalTime(input, 'EndDate') ?? Number.POSITIVE_INFINITY;
  const ascending =
    oneOf(input, 'ScanBy', ['TimestampDescending', 'TimestampAscending']) === 'TimestampAscending';
  const size = optionalInteger(input, 'MaxRecords', { from: 1, to: 100 }) ?? 100;
  const start = readPageToken(optionalText(input, 'NextToken', 4_096), 0);
  const types = texts(input, 'AlarmTypes');
  const isOfType = (isOfComposite: boolean) =>
    types.includes(isOfComposite ? 'CompositeAlarm' : 'MetricAlarm') ||
    (types.length === 0 && !isOfComposite);
  const items = (await register.history(name)).filter(
    (item) =>
      item.time >= from &&
      item.time <= to &&
      (type === undefined || item.type === type) &&
      isOfType(item.isComposite === true),
  );
  if (!ascending) items.reverse();
  return {
    AlarmHistoryItems: items.slice(start, start + size).map((item) => ({
      AlarmName: item.alarmName,
      AlarmType: item.isComposite ? 'CompositeAlarm' : 'MetricAlarm',
      Timestamp: new Date(item.time),
      HistoryItemType: item.type,
      HistorySummary: item.summary,
      HistoryData: item.data,
    })),
    ...(items.length > start + size ? { NextToken: pageToken(start + size) } : {}),
  };
}

/** Names of an operation that takes at most a hundred of them. */
export function alarmNames(input: Input): string[] {
  const names = texts(input, 'AlarmNames');
  if (names.length === 0) throw missing('AlarmNames');
  if (names.length > 100)
    throw validation('The collection AlarmNames must not have a size greater than 100.');
  return names;
}
