import type { FollowedModel } from '#shared/definition/definitions.ts';
import { query } from '#shared/definition/query.ts';
import { integer, oneOf, optional, text } from '#shared/messages/schema.ts';
import { reachedBy } from '#shared/read-models/reached.ts';
import { documents } from '#shared/runtime/clients.ts';
import { setting } from '#shared/runtime/settings.ts';
import { targetKey } from '../failure/occurrence.ts';
import {
  done,
  type FailureStreamRow,
  failureStreams,
  placeOf,
  waiting,
} from '../read-models/failure-streams.ts';
import { readers } from '../roles.ts';

/** The streams that a failure concerns, those that wait unless others are asked for, as they stand at this moment. */
export const listFailureStreams = query({
  route: 'GET /failures/{failureId}/streams',
  roles: readers,
  installationOnly: true,
  input: {
    failureId: text(100),
    state: optional(oneOf(waiting, done)),
    limit: optional(integer({ minimum: 1, maximum: 100 })),
    cursor: optional(text(2048)),
  },
  readModels: { failureStreams },
  uses: ['read-models'],
  answer: async ({ failureId, state = waiting, ...page }, { rows }) => {
    const found = await rows.failureStreams.list(state, { ...page, prefix: placeOf(failureId) });
    return { ...found, items: await asTheyStand(found.items) };
  },
});

/** A read model tells nobody that it has passed what failed; its position does, before the next sweep records it. */
async function asTheyStand(rows: readonly FailureStreamRow[]) {
  const held = rows.filter(({ kind, state }) => kind === 'read-model' && state !== 'released');
  const models = JSON.parse(setting('READ_MODELS')) as FollowedModel[];
  const reached = await reachedBy(
    await documents(),
    models,
    held.map((row) => ({ model: row.component, stream: row })),
  );
  return rows.map((row) => {
    const position = reached[held.indexOf(row)];
    const stream = targetKey(row);
    if (position === undefined) return { ...row, stream };
    // A model that is gone has no position to show.
    const place = Number.isFinite(position) ? { position } : {};
    return { ...row, stream, ...place, ...(position >= row.version ? { state: 'released' as const } : {}) };
  });
}
