import { domain } from '#shared/definition/domain.ts';
import { getLineage } from './queries/get-lineage.ts';
import { getStream } from './queries/get-stream.ts';
import { getStreamState } from './queries/get-stream-state.ts';
import { listCategories } from './queries/list-categories.ts';
import { listEffects } from './queries/list-effects.ts';
import { listStreamEvents } from './queries/list-stream-events.ts';
import { listStreams } from './queries/list-streams.ts';
import { recordedEvents } from './read-models/recorded-events.ts';
import { streams } from './read-models/streams.ts';
import { streamsById } from './read-models/streams-by-id.ts';

/** The events of every domain, looked at: which streams there are, and what happened in them. */
export default domain('events', {
  aggregates: {},
  commands: {},
  queries: {
    listCategories,
    listStreams,
    getStream,
    listStreamEvents,
    getStreamState,
    listEffects,
    getLineage,
  },
  readModels: { streams, streamsById, recordedEvents },
  reactors: {},
});
