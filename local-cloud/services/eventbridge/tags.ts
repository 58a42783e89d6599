import { AwsError } from '../../core/errors.ts';
import type { Operation } from '../../core/service.ts';
import type { Kept } from './kept.ts';
import type { Bus, Registry, Rule } from './registry.ts';
import { requiredText } from './values.ts';

type Input = Record<string, unknown>;

/** Reads `Tags`, a list of `{ Key, Value }`. Throws `ValidationException`. */
export function readTags(input: Input): Record<string, string> {
  const tags = input['Tags'] ?? [];
  if (!Array.isArray(tags)) throw new AwsError('ValidationException', 'Parameter Tags must be a list.');
  return Object.fromEntries(
    tags.map((tag: Input): [string, string] => [requiredText(tag, 'Key'), String(tag['Value'] ?? '')]),
  );
}

/** The tags of rules and buses. */
export function createTagOperations(registry: Registry, kept: Kept): Record<string, Operation> {
  function ownerOf(input: Input): { tagged: Bus | Rule; keep(): Promise<void> } {
    const arn = requiredText(input, 'ResourceARN');
    for (const bus of registry.buses.values()) {
      if (bus.arn === arn) return { tagged: bus, keep: () => kept.keepBus(bus) };
      const rule = registry.rules(bus.name).find((each) => each.arn === arn);
      if (rule) return { tagged: rule, keep: () => kept.keepRule(rule) };
    }
    throw new AwsError('ResourceNotFoundException', `The resource ${arn} does not exist.`);
  }

  return {
    async ListTagsForResource(input) {
      const { tags = {} } = ownerOf(input).tagged;
      return { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
    },
    async TagResource(input) {
      const { tagged, keep } = ownerOf(input);
      tagged.tags = { ...tagged.tags, ...readTags(input) };
      await keep();
      return {};
    },
    async UntagResource(input) {
      const { tagged, keep } = ownerOf(input);
      const keys = Array.isArray(input['TagKeys']) ? input['TagKeys'] : [];
      tagged.tags = Object.fromEntries(
        Object.entries(tagged.tags ?? {}).filter(([key]) => !keys.includes(key)),
      );
      await keep();
      return {};
    },
  };
}
