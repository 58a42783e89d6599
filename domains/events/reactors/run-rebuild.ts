import { reactor } from '#shared/definition/reactor.ts';
import { rebuild } from '../rebuild/rebuild.ts';
import { workAtRebuild } from '../rebuild/work.ts';

/** Does the next step of a rebuild. What it records wakes it again, until the rebuild is over. */
export const runRebuild = reactor({
  follows: rebuild,
  uses: ['rebuilds', 'projections'],
  react: async ({ id, version, event }, context) => {
    // Each step is done on its own notification; one that is late finds that others have gone on.
    if (event.version === version) await workAtRebuild(id, version, event.id, context);
  },
});
