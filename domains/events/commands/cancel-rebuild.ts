import { command } from '#shared/definition/command.ts';
import { text } from '#shared/messages/schema.ts';
import { cancel, rebuild } from '../rebuild/rebuild.ts';
import { responders } from '../roles.ts';

export const cancelRebuild = command({
  route: 'POST /rebuilds/{rebuildId}/cancellation',
  roles: responders,
  installationOnly: true,
  input: { reason: text(500) },
  aggregate: rebuild,
  decide: cancel,
});
