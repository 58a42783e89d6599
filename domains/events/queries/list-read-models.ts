import type { FollowedModel } from '#shared/definition/definitions.ts';
import type { Rows } from '#shared/definition/query.ts';
import { query } from '#shared/definition/query.ts';
import { price } from '#shared/read-models/rebuild/estimate.ts';
import { setting } from '#shared/runtime/settings.ts';
import { type RebuildRow, rebuilds, running } from '../read-models/rebuilds.ts';
import { lagsOf } from '../rebuild/lags.ts';
import { measure, sizeOfStore } from '../rebuild/model-tables.ts';
import { readers } from '../roles.ts';

/** Every read model: how large it is, how far behind, what a rebuild would take, and how the last one went. */
export const listReadModels = query({
  route: 'GET /read-models',
  roles: readers,
  input: {},
  installationOnly: true,
  readModels: { rebuilds },
  uses: ['read-models', 'projections', 'event-store'],
  answer: async (_, { rows, definitions }) => {
    const models = JSON.parse(setting('READ_MODELS')) as readonly FollowedModel[];
    const [store, lags, active] = await Promise.all([
      sizeOfStore(),
      lagsOf(models.map(({ name }) => name)),
      rows.rebuilds.list(running, { limit: 100 }),
    ]);
    const items = models.map(async (model) => {
      const last =
        active.items.find((row) => row.model === model.name) ?? (await lastOf(rows.rebuilds, model.name));
      const projection = definitions.projections[model.name];
      const speed = last?.status === 'switched' ? last.progress?.rowsPerSecond : undefined;
      const { serving, estimate } = await measure(model, projection, store, speed || undefined);
      return {
        model: model.name,
        follows: model.follows,
        rows: serving.items,
        bytes: serving.bytes,
        lagSeconds: lags.get(model.name),
        estimate,
        rebuild: last && { ...last, ...(last.progress ? aheadOf(last) : {}) },
      };
    });
    return { items: await Promise.all(items), price };
  },
});

async function lastOf(rows: Rows<RebuildRow>, model: string): Promise<RebuildRow | undefined> {
  const { items } = await rows.list(model, { limit: 1 });
  return items[0];
}

/** How much of the store was read, and how long the rest will take at the speed so far. */
function aheadOf({ status, progress, estimate, copyingSince, lastAt }: RebuildRow) {
  const whole = Math.max(estimate?.items ?? 0, 1);
  const share = status === 'copying' ? Math.min((progress?.items ?? 0) / whole, 0.99) : 1;
  const spent = copyingSince ? (Date.parse(lastAt) - Date.parse(copyingSince)) / 1_000 : 0;
  const isCopying = status === 'copying' && share > 0;
  return { share, ...(isCopying ? { secondsLeft: Math.ceil((spent * (1 - share)) / share) } : {}) };
}
