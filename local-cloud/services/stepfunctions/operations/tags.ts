import { AwsError } from '../../../core/errors.ts';
import type { Operation } from '../../../core/service.ts';
import type { Parts } from '../operations.ts';
import { requiredText } from '../values.ts';

type Input = Record<string, unknown>;

/** AWS lets a resource bear so many. */
const most = 50;

/** Tags of state machines and activities. */
export function tagOperations({ registry }: Parts): Record<string, Operation> {
  const tagsIn = (input: Input): Record<string, string> => {
    const arn = requiredText(input, 'resourceArn');
    const found = registry.machines.get(arn) ?? registry.activities.get(arn);
    if (!found) throw new AwsError('ResourceNotFound', `Resource not found: '${arn}'`);
    return found.tags;
  };
  const keep = async (input: Input, tags: Record<string, string>) => {
    const arn = requiredText(input, 'resourceArn');
    if (Object.keys(tags).length > most) {
      throw new AwsError('TooManyTags', `Too many tags: '${arn}' can have at most ${most}`);
    }
    const machine = registry.machines.get(arn);
    const activity = registry.activities.get(arn);
    if (machine) await registry.keep('machine', { ...machine, tags });
    if (activity) await registry.keep('activity', { ...activity, tags });
    return {};
  };
  return {
    async TagResource(input) {
      return keep(input, { ...tagsIn(input), ...tagsOf(input['tags']) });
    },
    async UntagResource(input) {
      const gone = Array.isArray(input['tagKeys']) ? (input['tagKeys'] as unknown[]) : [];
      const left = Object.entries(tagsIn(input)).filter(([key]) => !gone.includes(key));
      return keep(input, Object.fromEntries(left));
    },
    async ListTagsForResource(input) {
      return { tags: Object.entries(tagsIn(input)).map(([key, value]) => ({ key, value })) };
    },
  };
}

/** `[{ key, value }]` by key. Throws `ValidationException` for anything else. */
export function tagsOf(given: unknown): Record<string, string> {
  if (given === undefined || given === null) return {};
  const pairs = Array.isArray(given) ? (given as unknown[]) : [undefined];
  return Object.fromEntries(
    pairs.map((pair) => {
      const { key, value = '' } = (pair ?? {}) as { key?: unknown; value?: unknown };
      if (typeof key === 'string' && key !== '' && typeof value === 'string') return [key, value];
      throw new AwsError('ValidationException', 'Each tag needs a key and a value that are texts.');
    }),
  );
}
