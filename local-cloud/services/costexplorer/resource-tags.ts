import type { Standing } from '../../core/service.ts';
import type { StateNamespace } from '../../core/state.ts';

/** Tags by the ARN of a resource; those of a resource that is gone stay, since its bill does. */
export interface ResourceTags {
  of(resource: string): Record<string, string>;
  /** Takes up what the Terraform says now. On disk when it returns. */
  keep(standing: Standing): Promise<void>;
}

const PREFIX = 'tags/';

export async function createResourceTags(state: StateNamespace): Promise<ResourceTags> {
  const kept = await state.list<Record<string, string>>(PREFIX);
  const byResource = new Map(kept.map(({ key, value }) => [key.slice(PREFIX.length), value]));
  const none = {};
  return {
    of: (resource) => byResource.get(resource) ?? none,
    async keep({ resources }) {
      const changed = resources.flatMap(({ attributes: { arn }, tags }) => {
        if (typeof arn !== 'string' || arn === '' || Object.keys(tags).length === 0) return [];
        // A log group's ARN is written with `:*` by some and without by others.
        const resource = arn.replace(/:\*$/, '');
        if (JSON.stringify(byResource.get(resource)) === JSON.stringify(tags)) return [];
        byResource.set(resource, tags);
        return [{ put: PREFIX + resource, value: tags }];
      });
      await state.batch(changed);
    },
  };
}
