import { block } from '../../../../core/blocks.ts';
import type { Attributes, ResourceHandler } from '../../../../core/service.ts';
import type { Input } from '../../input.ts';
import type { EvaluateSoon } from '../operations.ts';
import type { AlarmRegister } from '../register.ts';
import { commonRequest } from '../resource.ts';
import { checkReferences } from './operations.ts';
import { readCompositeSettings } from './settings.ts';

/** The PutCompositeAlarm request that the AWS provider would send for `aws_cloudwatch_composite_alarm`. */
function compositeRequest(desired: Attributes): Input {
  const suppressor = block(desired['actions_suppressor']);
  return {
    ...commonRequest(desired),
    AlarmRule: desired['alarm_rule'],
    ...(suppressor
      ? {
          ActionsSuppressor: suppressor['alarm'],
          ActionsSuppressorWaitPeriod: suppressor['wait_period'],
          ActionsSuppressorExtensionPeriod: suppressor['extension_period'],
        }
      : {}),
  };
}

/** `aws_cloudwatch_composite_alarm`. An unchanged alarm keeps its state and its history. */
export function compositeAlarmResource(register: AlarmRegister, evaluateSoon: EvaluateSoon): ResourceHandler {
  return {
    async apply({ desired }, previous) {
      const settings = readCompositeSettings(compositeRequest(desired));
      checkReferences(register, settings);
      const tags = (block(desired['tags']) ?? {}) as Record<string, string>;
      const alarm = await register.put(settings, tags);
      await register.putTags(settings.AlarmName, tags);
      const before = previous?.['alarm_name'];
      if (typeof before === 'string' && before !== settings.AlarmName) await register.remove(before);
      evaluateSoon(settings.AlarmName);
      const { AlarmName: name } = settings;
      return { ...desired, id: name, alarm_name: name, arn: alarm.arn, tags_all: tags };
    },
    async remove(_address, previous) {
      await register.remove(String(previous['alarm_name'] ?? previous['id']));
    },
  };
}
