import { scheduledReactor } from '#shared/definition/reactor.ts';
import { rebuilds, running } from '../read-models/rebuilds.ts';
import { rebuild, resume } from '../rebuild/rebuild.ts';

/** A step tells of itself well within this time; after it, whoever did it is thought dead. */
const silenceMilliseconds = 90_000;

/** Wakes rebuilds that nobody has heard of for a while: they go on from their checkpoints. */
export const resumeRebuilds = scheduledReactor({
  every: '1 minute',
  readModels: { rebuilds },
  react: async (_, context) => {
    const rows = await context.rows(rebuilds, context.installationTenant);
    const { items } = await rows.list(running, { limit: 100 });
    const silent = items.filter(({ lastAt }) => Date.now() - Date.parse(lastAt) > silenceMilliseconds);
    for (const { rebuildId } of silent)
      await context.execute(rebuild, context.installationTenant, rebuildId, resume, {});
  },
});
