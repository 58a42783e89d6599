import type { FollowedModel } from '#shared/definition/definitions.ts';
import { query } from '#shared/definition/query.ts';
import { isFollowed } from '#shared/definition/read-model.ts';
import { streamPath } from '#shared/messages/envelope.ts';
import type { Schema } from '#shared/messages/schema.ts';
import { createPositions } from '#shared/read-models/positions.ts';
import { documents, generations } from '#shared/runtime/clients.ts';
import { setting } from '#shared/runtime/settings.ts';
import { type RecordedEventRow, recordedEvents } from '../read-models/recorded-events.ts';
import { readers } from '../roles.ts';
import { pageParameters } from './parameters.ts';

const correlationId: Schema<string> = { type: 'string', pattern: '^[\\w.:-]{1,128}$' };

/** Everything that was recorded under a correlation id, oldest first, and how far each read model has come with it. */
export const getLineage = query({
  route: 'GET /lineage/{correlationId}',
  roles: readers,
  input: { correlationId, ...pageParameters },
  readModels: { recordedEvents },
  uses: ['read-models'],
  answer: async ({ correlationId, ...page }, { tenant, rows }) => {
    const { items, ...rest } = await rows.recordedEvents.list(correlationId, { ...page, ascending: true });
    return { items, streams: await progressOf(tenant, newestOfEachStream(items)), ...rest };
  },
});

function newestOfEachStream(events: readonly RecordedEventRow[]): RecordedEventRow[] {
  const newest = new Map<string, RecordedEventRow>();
  for (const event of events) {
    const path = streamPath(event.stream);
    if (event.version > (newest.get(path)?.version ?? 0)) newest.set(path, event);
  }
  return [...newest.values()];
}

async function progressOf(tenant: string, newest: readonly RecordedEventRow[]) {
  const positions = createPositions(await documents());
  const models = JSON.parse(setting('READ_MODELS')) as readonly FollowedModel[];
  const told = await Promise.all(
    models.map(async ({ name, follows, table }) => {
      const followed = newest.filter(({ stream }) => isFollowed({ follows }, stream.type));
      const reached = await positions(
        await generations.servingTable(table),
        followed.map(({ stream }) => ({ tenant, stream })),
      );
      return { model: name, reached: new Map(followed.map((event, index) => [event, reached[index] ?? 0])) };
    }),
  );
  return newest.map((event) => ({
    ...event.stream,
    version: event.version,
    models: told.flatMap(({ model, reached }) => {
      const at = reached.get(event);
      return at === undefined ? [] : [{ model, version: at }];
    }),
  }));
}
