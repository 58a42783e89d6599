import type { Operation } from '../../../core/service.ts';
import {
  type Input,
  invalidFormat,
  missing,
  oneOf,
  optionalText,
  records,
  requiredText,
  resourceNotFound,
} from '../input.ts';
import {
  alarmNames,
  describeAlarmHistory,
  describeAlarms,
  describeAlarmsForMetric,
  STATES,
} from './describe.ts';
import type { AlarmRegister } from './register.ts';
import { alarmPeriod, readAlarmSettings } from './settings.ts';

const MINUTE = 60_000;

/** Evaluates one alarm and delivers what follows; not waited for by the operation that caused it. */
export type EvaluateSoon = (alarmName: string) => void;

function readTags(input: Input): Record<string, string> {
  return Object.fromEntries(
    records(input, 'Tags').map((tag) => [
      requiredText(tag, 'Key', 128),
      optionalText(tag, 'Value', 256) ?? '',
    ]),
  );
}

function checkReasonData(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  try {
    JSON.parse(text);
    return text;
  } catch {
    throw invalidFormat('StateReasonData is not valid JSON.');
  }
}

async function setAlarmState(register: AlarmRegister, input: Input): Promise<void> {
  const name = requiredText(input, 'AlarmName', 255);
  const value = oneOf(input, 'StateValue', STATES);
  if (value === undefined) throw missing('StateValue');
  const reason = requiredText(input, 'StateReason', 1_023);
  const reasonData = checkReasonData(optionalText(input, 'StateReasonData', 4_000));
  const alarm = register.get(name);
  if (!alarm) throw resourceNotFound(`Alarm ${name} does not exist.`);
  // A state set by hand stands until the evaluation that AWS would make next: on the minute, or ten seconds.
  const interval = alarmPeriod(alarm.settings) < 60 ? 10_000 : MINUTE;
  const heldUntil = (Math.floor(Date.now() / interval) + 1) * interval;
  await register.changeState(
    name,
    () => ({ value, reason, ...(reasonData === undefined ? {} : { reasonData }) }),
    heldUntil,
  );
}

async function setActionsEnabled(register: AlarmRegister, input: Input, enabled: boolean): Promise<void> {
  for (const name of alarmNames(input)) {
    const alarm = register.get(name);
    if (alarm) await register.put({ ...alarm.settings, ActionsEnabled: enabled });
  }
}

export function alarmOperations(
  register: AlarmRegister,
  evaluateSoon: EvaluateSoon,
): Record<string, Operation> {
  return {
    async PutMetricAlarm(input) {
      const settings = readAlarmSettings(input);
      await register.put(settings, readTags(input));
      evaluateSoon(settings.AlarmName);
      return undefined;
    },
    DescribeAlarms: async (input) => describeAlarms(register, input),
    DescribeAlarmsForMetric: async (input) => describeAlarmsForMetric(register, input),
    DescribeAlarmHistory: (input) => describeAlarmHistory(register, input),
    async DeleteAlarms(input) {
      for (const name of alarmNames(input)) await register.remove(name);
      return undefined;
    },
    async EnableAlarmActions(input) {
      await setActionsEnabled(register, input, true);
      return undefined;
    },
    async DisableAlarmActions(input) {
      await setActionsEnabled(register, input, false);
      return undefined;
    },
    async SetAlarmState(input) {
      await setAlarmState(register, input);
      evaluateSoon(requiredText(input, 'AlarmName'));
      return undefined;
    },
  };
}
