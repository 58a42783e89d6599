import { type ApiOperation, json, pageOf } from './call.ts';
import { describeFunction } from './description.ts';

export const versionOperations: Record<string, ApiOperation> = {
  ListVersionsByFunction({ registry }, { request, target }) {
    const { deployed } = registry.get(target);
    const { page, NextMarker } = pageOf(request, [deployed, ...deployed.versions.all()]);
    return json({
      Versions: page.map(({ configuration }) => describeFunction(configuration, configuration.version)),
      NextMarker,
    });
  },
};
