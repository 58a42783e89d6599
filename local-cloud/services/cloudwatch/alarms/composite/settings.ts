import {
  type Input,
  invalidCombination,
  missing,
  optionalBoolean,
  optionalInteger,
  optionalText,
  requiredText,
  texts,
} from '../../input.ts';
import { parseRule } from './rule.ts';

/** What PutCompositeAlarm sets, in the API's own spelling. */
export interface CompositeSettings {
  AlarmName: string;
  AlarmDescription?: string;
  ActionsEnabled: boolean;
  OKActions: string[];
  AlarmActions: string[];
  InsufficientDataActions: string[];
  AlarmRule: string;
  /** Name or ARN of the alarm during whose ALARM no actions are taken. */
  ActionsSuppressor?: string;
  /** Seconds. */
  ActionsSuppressorWaitPeriod?: number;
  /** Seconds. */
  ActionsSuppressorExtensionPeriod?: number;
}

function readSuppressor(input: Input): Partial<CompositeSettings> {
  const suppressor = optionalText(input, 'ActionsSuppressor', 1_600);
  const wait = optionalInteger(input, 'ActionsSuppressorWaitPeriod', {
    from: 0,
    to: Number.MAX_SAFE_INTEGER,
  });
  const extension = optionalInteger(input, 'ActionsSuppressorExtensionPeriod', {
    from: 0,
    to: Number.MAX_SAFE_INTEGER,
  });
  if (suppressor === undefined) {
    if (wait === undefined && extension === undefined) return {};
    throw invalidCombination(
      'The periods of an actions suppressor can be given with ActionsSuppressor only.',
    );
  }
  if (wait === undefined) throw missing('ActionsSuppressorWaitPeriod');
  if (extension === undefined) throw missing('ActionsSuppressorExtensionPeriod');
  return {
    ActionsSuppressor: suppressor,
    ActionsSuppressorWaitPeriod: wait,
    ActionsSuppressorExtensionPeriod: extension,
  };
}

/** Checks a composite alarm as PutCompositeAlarm does, but for whether its alarms exist. */
export function readCompositeSettings(input: Input): CompositeSettings {
  const description = optionalText(input, 'AlarmDescription');
  const settings: CompositeSettings = {
    AlarmName: requiredText(input, 'AlarmName', 255),
    ...(description === undefined ? {} : { AlarmDescription: description }),
    ActionsEnabled: optionalBoolean(input, 'ActionsEnabled') ?? true,
    OKActions: texts(input, 'OKActions'),
    AlarmActions: texts(input, 'AlarmActions'),
    InsufficientDataActions: texts(input, 'InsufficientDataActions'),
    AlarmRule: requiredText(input, 'AlarmRule', 10_240),
    ...readSuppressor(input),
  };
  parseRule(settings.AlarmRule);
  return settings;
}
