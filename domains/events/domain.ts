import { domain } from '#shared/definition/domain.ts';
import { ignoreFailure } from './commands/ignore-failure.ts';
import { redriveFailure } from './commands/redrive-failure.ts';
import { reopenFailure } from './commands/reopen-failure.ts';
import { resolveFailure } from './commands/resolve-failure.ts';
import { failure } from './failure/failure.ts';
import { countFailures } from './queries/count-failures.ts';
import { getFailure } from './queries/get-failure.ts';
import { getLineage } from './queries/get-lineage.ts';
import { getStream } from './queries/get-stream.ts';
import { getStreamState } from './queries/get-stream-state.ts';
import { listCategories } from './queries/list-categories.ts';
import { listEffects } from './queries/list-effects.ts';
import { listFailureOccurrences } from './queries/list-failure-occurrences.ts';
import { listFailureStreams } from './queries/list-failure-streams.ts';
import { listFailures } from './queries/list-failures.ts';
import { listStreamEvents } from './queries/list-stream-events.ts';
import { listStreams } from './queries/list-streams.ts';
import { recordFailures } from './reactors/record-failures.ts';
import { redriveStream } from './reactors/redrive-stream.ts';
import { releaseStreams } from './reactors/release-streams.ts';
import { failureOccurrences } from './read-models/failure-occurrences.ts';
import { failureStreams } from './read-models/failure-streams.ts';
import { failures } from './read-models/failures.ts';
import { recordedEvents } from './read-models/recorded-events.ts';
import { streams } from './read-models/streams.ts';
import { streamsById } from './read-models/streams-by-id.ts';

/** The events of every domain, looked at: which streams there are, and what happened in them. */
export default domain('events', {
  aggregates: { failure },
  commands: { ignoreFailure, resolveFailure, reopenFailure, redriveFailure },
  queries: {
    listCategories,
    listStreams,
    getStream,
    listStreamEvents,
    getStreamState,
    listEffects,
    getLineage,
    listFailures,
    countFailures,
    getFailure,
    listFailureOccurrences,
    listFailureStreams,
  },
  readModels: { streams, streamsById, recordedEvents, failures, failureOccurrences, failureStreams },
  reactors: { recordFailures, redriveStream, releaseStreams },
});
