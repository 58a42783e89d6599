import { query } from '#shared/definition/query.ts';
import { notFound } from '#shared/messages/problem.ts';
import { optional } from '#shared/messages/schema.ts';
import { eventStore } from '#shared/runtime/clients.ts';
import { stateAt } from '../history/state-at.ts';
import { eventsUpTo } from '../history/stream-pages.ts';
import { readers } from '../roles.ts';
import { streamParameters, version } from './parameters.ts';

/** What decisions saw of a stream after one of its events, folded by the code of today, and what they saw before it. */
export const getStreamState = query({
  route: 'GET /streams/{type}/{id}/state',
  roles: readers,
  input: { ...streamParameters, version: optional(version) },
  uses: ['event-store', 'aggregates'],
  answer: async ({ type, id, version: wished }, { tenant, definitions }) => {
    const aggregate = definitions.aggregates.find((each) => each.type === type);
    if (!aggregate) throw notFound(`No domain of this installation has streams of type ${type}.`);
    const { events, event } = await eventsUpTo(await eventStore(), { tenant, type, id }, wished);
    return { version: event.version, event, ...stateAt(aggregate, events) };
  },
});
