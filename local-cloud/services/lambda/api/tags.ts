import { type ApiOperation, json, nothing, objectOf } from './call.ts';

export const tagOperations: Record<string, ApiOperation> = {
  ListTags({ registry, tags }, { target }) {
    return json({ Tags: tags.of(registry.get(target).deployed.configuration.name) });
  },

  async TagResource({ registry, tags }, { target, input }) {
    await tags.add(registry.get(target).deployed.configuration.name, objectOf(input['Tags']));
    return nothing;
  },

  async UntagResource({ registry, tags }, { request, target }) {
    const { name } = registry.get(target).deployed.configuration;
    await tags.remove(name, request.query.getAll('tagKeys'));
    return nothing;
  },
};
