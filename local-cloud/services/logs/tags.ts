import { AwsError } from '../../core/errors.ts';
import type { Operation } from '../../core/service.ts';
import type { LogGroup, LogGroups } from './groups.ts';
import { groupNamed, groupOf, type Input, invalidParameter, requiredText, textList } from './input.ts';

const MOST_TAGS = 50;

/** The tags of an input, by key. Throws `InvalidParameterException` for what cannot be a tag on AWS. */
export function readTags(input: Input): Record<string, string> {
  const tags = input['tags'] ?? {};
  if (typeof tags !== 'object' || Array.isArray(tags)) throw invalidParameter('tags must be a map of texts.');
  for (const [key, value] of Object.entries(tags)) {
    if (!/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u.test(key)) throw invalidParameter(`"${key}" is no tag key.`);
    if (typeof value !== 'string' || !/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u.test(value)) {
      throw invalidParameter(`The value of the tag "${key}" is none that a tag can have.`);
    }
    if (/^aws:/iu.test(key)) throw invalidParameter('Tag keys that begin with "aws:" are reserved.');
  }
  return tags as Record<string, string>;
}

/** Tags of log groups, by ARN, and by name as it was done before. */
export function tagOperations(groups: LogGroups): Record<string, Operation> {
  const named = (input: Input) => groupNamed(groups, requiredText(input, 'resourceArn'));

  async function tag(group: LogGroup, added: Record<string, string>): Promise<undefined> {
    if (Object.keys(added).length === 0) throw invalidParameter('tags must hold at least one tag.');
    const tags = { ...group.tags, ...added };
    if (Object.keys(tags).length > MOST_TAGS) {
      throw new AwsError('TooManyTagsException', `A resource can have no more than ${MOST_TAGS} tags.`, 400, {
        resourceName: groups.arn(group.name),
      });
    }
    await groups.put({ ...group, tags });
    return undefined;
  }

  async function untag(group: LogGroup, keys: string[] | undefined, name: string): Promise<undefined> {
    if (!keys || keys.length === 0) throw invalidParameter(`${name} must hold at least one key.`);
    const kept = Object.entries(group.tags).filter(([key]) => !keys.includes(key));
    await groups.put({ ...group, tags: Object.fromEntries(kept) });
    return undefined;
  }

  return {
    TagResource: async (input) => tag(named(input), readTags(input)),
    UntagResource: async (input) => untag(named(input), textList(input, 'tagKeys'), 'tagKeys'),
    ListTagsForResource: async (input) => ({ tags: named(input).tags }),
    TagLogGroup: async (input) => tag(groupOf(groups, input), readTags(input)),
    UntagLogGroup: async (input) => untag(groupOf(groups, input), textList(input, 'tags'), 'tags'),
    ListTagsLogGroup: async (input) => ({ tags: groupOf(groups, input).tags }),
  };
}
