import { allow, allowOn, domain } from '#shared/definition/domain.ts';
import { cancelRebuild } from './commands/cancel-rebuild.ts';
import { ignoreFailure } from './commands/ignore-failure.ts';
import { redriveFailure } from './commands/redrive-failure.ts';
import { reopenFailure } from './commands/reopen-failure.ts';
import { resolveFailure } from './commands/resolve-failure.ts';
import { startRebuild } from './commands/start-rebuild.ts';
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
import { listProcesses } from './queries/list-processes.ts';
import { listReadModels } from './queries/list-read-models.ts';
import { listStreamEvents } from './queries/list-stream-events.ts';
import { listStreams } from './queries/list-streams.ts';
import { recordFailures } from './reactors/record-failures.ts';
import { redriveStream } from './reactors/redrive-stream.ts';
import { releaseStreams } from './reactors/release-streams.ts';
import { resumeRebuilds } from './reactors/resume-rebuilds.ts';
import { runRebuild } from './reactors/run-rebuild.ts';
import { wakeProcesses } from './reactors/wake-processes.ts';
import { failureOccurrences } from './read-models/failure-occurrences.ts';
import { failureStreams } from './read-models/failure-streams.ts';
import { failures } from './read-models/failures.ts';
import { processTimers } from './read-models/process-timers.ts';
import { processes } from './read-models/processes.ts';
import { rebuilds } from './read-models/rebuilds.ts';
import { recordedEvents } from './read-models/recorded-events.ts';
import { streams } from './read-models/streams.ts';
import { streamsById } from './read-models/streams-by-id.ts';
import { rebuild } from './rebuild/rebuild.ts';

/** The events of every domain, looked at: which streams there are, and what happened in them. */
export default domain('events', {
  aggregates: { failure, rebuild },
  commands: { ignoreFailure, resolveFailure, reopenFailure, redriveFailure, startRebuild, cancelRebuild },
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
    listReadModels,
    listProcesses,
  },
  readModels: {
    streams,
    streamsById,
    recordedEvents,
    failures,
    failureOccurrences,
    failureStreams,
    rebuilds,
    processes,
    processTimers,
  },
  reactors: { recordFailures, redriveStream, releaseStreams, runRebuild, resumeRebuilds, wakeProcesses },
  permissions: {
    listReadModels: [
      allow('cloudwatch:GetMetricData'),
      allowOn(['arn:aws:dynamodb:{region}:{account}:table/skafu-{environment}-*'], 'dynamodb:DescribeTable'),
    ],
  },
});
