import type { FollowedModel } from '#shared/definition/definitions.ts';
import type { Rows } from '#shared/definition/query.ts';
import { scheduledReactor } from '#shared/definition/reactor.ts';
import { reachedBy } from '#shared/read-models/reached.ts';
import { documents } from '#shared/runtime/clients.ts';
import { recordMetric } from '#shared/runtime/metrics.ts';
import { setting } from '#shared/runtime/settings.ts';
import { failure, release } from '../failure/failure.ts';
import type { Target } from '../failure/occurrence.ts';
import { type FailureStreamRow, failureStreams, waiting } from '../read-models/failure-streams.ts';

/** So many streams are looked at in one run; those beyond have their turn when these are released. */
const maximumPages = 20;

/** Tells of streams that their read model has followed past what failed, and measures how many still wait. */
export const releaseStreams = scheduledReactor({
  every: '1 minute',
  readModels: { failureStreams },
  uses: ['read-models'],
  react: async (_, context) => {
    const rows = await waitingRows(await context.rows(failureStreams, context.installationTenant));
    const held = rows.filter(({ kind }) => kind === 'read-model');
    const models = JSON.parse(setting('READ_MODELS')) as FollowedModel[];
    const reached = await reachedBy(
      await documents(),
      models,
      held.map((row) => ({ model: row.component, stream: row })),
    );
    const isReleased = ({ version }: FailureStreamRow, index: number) => (reached[index] ?? 0) >= version;
    measure(held.filter((row, index) => !isReleased(row, index)));
    const released = held.filter(isReleased);
    for (const id of new Set(released.map(({ failureId }) => failureId))) {
      const targets = released.filter(({ failureId }) => failureId === id).map(targetOf);
      await context.execute(failure, context.installationTenant, id, release, { targets });
    }
  },
});

const targetOf = ({ kind, tenant, type, id, version }: Target): Target => ({
  kind,
  tenant,
  type,
  id,
  version,
});

async function waitingRows(rows: Rows<FailureStreamRow>): Promise<FailureStreamRow[]> {
  const found: FailureStreamRow[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < maximumPages; page++) {
    const { items, nextCursor } = await rows.list(waiting, { limit: 100, cursor });
    found.push(...items);
    if (!nextCursor) break;
    cursor = nextCursor;
  }
  return found;
}

/** All of them, for the alarm; and those of each read model that has any. */
function measure(held: readonly FailureStreamRow[]): void {
  recordMetric('HeldStreams', held.length, 'Count', {});
  const models = new Set(held.map(({ component }) => component));
  for (const model of models) {
    const count = held.filter(({ component }) => component === model).length;
    recordMetric('HeldStreams', count, 'Count', { ReadModel: model });
  }
}
