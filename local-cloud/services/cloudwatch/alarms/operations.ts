import type { Operation } from '../../../core/service.ts';
import {
  type Input,
  invalidFormat,
  missing,
  oneOf,
  optionalText,
  requiredText,
  resourceNotFound,
} from '../input.ts';
import { fingerprintOf } from './composite/evaluation.ts';
import { checkDeletion, putCompositeAlarm } from './composite/operations.ts';
import {
  alarmNames,
  describeAlarmHistory,
  describeAlarms,
  describeAlarmsForMetric,
  STATES,
} from './describe.ts';
import { type AlarmRecord, isComposite } from './record.ts';
import type { AlarmRegister, Hold } from './register.ts';
import { alarmPeriod, readAlarmSettings } from './settings.ts';
import { alarmTagOperations, readTags } from './tags.ts';

const MINUTE = 60_000;

/** Evaluates one alarm and delivers what follows; not waited for by the operation that caused it. */
export type EvaluateSoon = (alarmName: string) => void;

function checkReasonData(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  try {
    JSON.parse(text);
    return text;
  } catch {
    throw invalidFormat('StateReasonData is not valid JSON.');
  }
}

/**
 * A state set by hand stands until the evaluation that AWS would make next: on the minute, or ten seconds; that of a
 * composite alarm until one of its alarms changes.
 */
function holdOf(register: AlarmRegister, alarm: AlarmRecord): Hold {
  if (isComposite(alarm)) return { heldAgainst: fingerprintOf(alarm, register.get) };
  const interval = alarmPeriod(alarm.settings) < 60 ? 10_000 : MINUTE;
  return { heldUntil: (Math.floor(Date.now() / interval) + 1) * interval };
}

async function setAlarmState(register: AlarmRegister, input: Input): Promise<void> {
  const name = requiredText(input, 'AlarmName', 255);
  const value = oneOf(input, 'StateValue', STATES);
  if (value === undefined) throw missing('StateValue');
  const reason = requiredText(input, 'StateReason', 1_023);
  const reasonData = checkReasonData(optionalText(input, 'StateReasonData', 4_000));
  const alarm = register.get(name);
  if (!alarm) throw resourceNotFound(`Alarm ${name} does not exist.`);
  await register.changeState(
    name,
    () => ({ value, reason, ...(reasonData === undefined ? {} : { reasonData }) }),
    holdOf(register, alarm),
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
    async PutCompositeAlarm(input) {
      evaluateSoon(await putCompositeAlarm(register, input, readTags(input)));
      return undefined;
    },
    DescribeAlarms: async (input) => describeAlarms(register, input),
    DescribeAlarmsForMetric: async (input) => describeAlarmsForMetric(register, input),
    DescribeAlarmHistory: (input) => describeAlarmHistory(register, input),
    async DeleteAlarms(input) {
      const names = alarmNames(input);
      checkDeletion(register, names);
      for (const name of names) {
        await register.remove(name);
        evaluateSoon(name);
      }
      return undefined;
    },
    ...alarmTagOperations(register),
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
