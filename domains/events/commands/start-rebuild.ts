import { command } from '#shared/definition/command.ts';
import { modelName } from '../rebuild/model-name.ts';
import { rebuild, startRebuildOf } from '../rebuild/rebuild.ts';
import { responders } from '../roles.ts';

export const startRebuild = command({
  route: 'POST /rebuilds',
  roles: responders,
  installationOnly: true,
  input: { model: modelName },
  aggregate: rebuild,
  decide: startRebuildOf,
});
