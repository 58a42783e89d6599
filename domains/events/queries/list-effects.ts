import type { FollowedModel } from '#shared/definition/definitions.ts';
import { query } from '#shared/definition/query.ts';
import { isFollowed, type ReadModel } from '#shared/definition/read-model.ts';
import { createPositions } from '#shared/read-models/positions.ts';
import { createRows } from '#shared/read-models/rows.ts';
import { documents, eventStore, generations } from '#shared/runtime/clients.ts';
import { setting } from '#shared/runtime/settings.ts';
import { effectOn } from '../history/effect-on.ts';
import { eventsUpTo } from '../history/stream-pages.ts';
import { readers } from '../roles.ts';
import { streamParameters, version } from './parameters.ts';

/** What one event did to every read model that is told of it: the row before, after, and as it stands now. */
export const listEffects = query({
  route: 'GET /streams/{type}/{id}/events/{version}/effects',
  roles: readers,
  input: { ...streamParameters, version },
  uses: ['event-store', 'read-models', 'projections'],
  answer: async ({ type, id, version: wished }, { tenant, definitions }) => {
    const stream = { tenant, type, id };
    const { events, event } = await eventsUpTo(await eventStore(), stream, wished);
    const client = await documents();
    const positions = createPositions(client);
    const models = JSON.parse(setting('READ_MODELS')) as readonly FollowedModel[];
    const told = models.flatMap(({ name, table }) => {
      const projection = definitions.projections[name];
      return projection && isFollowed(projection, type) ? [{ name, table, projection }] : [];
    });
    const items = told.map(async ({ name, table: first, projection }) => {
      const table = await generations.servingTable(first);
      const effect = effectOn(projection, events, event);
      const [[reached = 0], now] = await Promise.all([
        positions(table, [event]),
        createRows(client, table, tenant).get(effect.key),
      ]);
      return { model: name, version: reached, joined: isJoined(projection), ...effect, now };
    });
    return { items: await Promise.all(items) };
  },
});

/** Where a model says the keys of its rows itself, other streams may belong to the same row. */
function isJoined(model: ReadModel): boolean {
  return model.key !== undefined;
}
