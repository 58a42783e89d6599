import { AwsError } from '../../../core/errors.ts';
import type { Operation } from '../../../core/service.ts';
import { type Input, missing, optionalText, records, requiredText, texts, validation } from '../input.ts';
import { alarmNameOf } from './composite/rule.ts';
import type { AlarmRecord } from './record.ts';
import type { AlarmRegister } from './register.ts';

const MOST_TAGS = 50;

export function readTags(input: Input): Record<string, string> {
  return Object.fromEntries(
    records(input, 'Tags').map((tag) => [
      requiredText(tag, 'Key', 128),
      optionalText(tag, 'Value', 256) ?? '',
    ]),
  );
}

/** Tags of alarms, by their ARN. */
export function alarmTagOperations(register: AlarmRegister): Record<string, Operation> {
  function named(input: Input): AlarmRecord {
    const arn = requiredText(input, 'ResourceARN');
    const alarm = register.get(alarmNameOf(arn));
    if (alarm?.arn === arn) return alarm;
    throw new AwsError('ResourceNotFoundException', `The resource ${arn} does not exist.`, 404);
  }

  return {
    async TagResource(input) {
      const { settings, tags } = named(input);
      const added = readTags(input);
      if (Object.keys(added).length === 0) throw missing('Tags');
      const all = { ...tags, ...added };
      if (Object.keys(all).length > MOST_TAGS) {
        throw validation(`A resource has at most ${MOST_TAGS} tags.`);
      }
      await register.putTags(settings.AlarmName, all);
      return {};
    },
    async UntagResource(input) {
      const { settings, tags } = named(input);
      const keys = texts(input, 'TagKeys');
      if (keys.length === 0) throw missing('TagKeys');
      const kept = Object.entries(tags).filter(([key]) => !keys.includes(key));
      await register.putTags(settings.AlarmName, Object.fromEntries(kept));
      return {};
    },
    async ListTagsForResource(input) {
      const tags = Object.entries(named(input).tags);
      return { Tags: tags.map(([Key, Value]) => ({ Key, Value })) };
    },
  };
}
