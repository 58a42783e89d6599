import { query } from '#shared/definition/query.ts';
import { notFound } from '#shared/messages/problem.ts';
import { eventStore } from '#shared/runtime/clients.ts';
import { readers } from '../roles.ts';
import { streamParameters } from './parameters.ts';

/** A stream as the store itself has it: its ends and its snapshot, by three small reads however long it is. */
export const getStream = query({
  route: 'GET /streams/{type}/{id}',
  roles: readers,
  input: streamParameters,
  uses: ['event-store'],
  answer: async ({ type, id }, { tenant }) => {
    const store = await eventStore();
    const stream = { tenant, type, id };
    const [[newest], [oldest], snapshot] = await Promise.all([
      store.loadPage(stream, { limit: 1, backward: true }),
      store.loadPage(stream, { limit: 1 }),
      store.loadSnapshot(stream),
    ]);
    const last = newest?.events.at(-1);
    if (!newest || !last) throw notFound(`There is no ${type} ${id}.`);
    return {
      domain: last.source.replace(/^skafu\./, ''),
      type,
      id,
      version: newest.head.version,
      commits: newest.head.commit,
      firstAt: oldest?.events[0]?.time ?? last.time,
      lastAt: last.time,
      lastType: last.type,
      lastActor: last.actor,
      ...(snapshot ? { snapshot: { version: snapshot.head.version } } : {}),
    };
  },
});
