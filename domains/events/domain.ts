import { domain } from '#shared/definition/domain.ts';
import { listStreams } from './queries/list-streams.ts';
import { streams } from './read-models/streams.ts';

/** The events of every domain, looked at: which streams there are, and what happened in them. */
export default domain('events', {
  aggregates: {},
  commands: {},
  queries: { listStreams },
  readModels: { streams },
  reactors: {},
});
