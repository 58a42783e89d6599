import type { Domain } from '#shared/definition/domain.ts';
import { standings } from './check.ts';
import type { JsonSchema } from './compatibility.ts';
import { eventsOf, type ReleasedEvents } from './released.ts';
import { samplesOf } from './sample.ts';

/** What is to be told of one event, and whether it stands in the way. */
export interface Told {
  readonly line: string;
  readonly isFault: boolean;
}

/** Says of each event that is not as it was released how it is not. */
export function checkEvents(domains: readonly Domain[], released: ReleasedEvents): Told[] {
  return domains.flatMap((domain) =>
    [...standings(eventsOf(domain), released.of(domain.name))].flatMap(([name, standing]): Told[] => {
      if (standing.kind === 'released') return [];
      const what =
        standing.kind === 'broken' ? 'is not compatible' : 'is to be released (npm run events -- release)';
      return [{ line: `${domain.name}/${name} ${what}: ${standing.why}.`, isFault: true }];
    }),
  );
}

/**
 * Releases what may be: keeps the schema of every event that is new, has a new version or became wider, and a recording
 * of each version that has none. Events that are not compatible are told and left.
 */
export function releaseEvents(domains: readonly Domain[], released: ReleasedEvents): Told[] {
  const told: Told[] = [];
  for (const domain of domains) {
    const kept = released.of(domain.name);
    const present = eventsOf(domain);
    const found = standings(present, kept);
    for (const [name, standing] of found) {
      if (standing.kind === 'broken')
        told.push({ line: `${domain.name}/${name} is not compatible: ${standing.why}.`, isFault: true });
    }
    for (const { name, definition } of present) {
      if (found.get(name)?.kind === 'broken') continue;
      const { schemaVersion, schema, type } = definition;
      if (found.get(name)?.kind === 'to-release') {
        kept[name] = {
          ...kept[name],
          [`${schemaVersion}`]: JSON.parse(JSON.stringify(schema)) as JsonSchema,
        };
        told.push({ line: `${domain.name}/${name} version ${schemaVersion} is released.`, isFault: false });
      }
      if (released.recording(domain.name, name, schemaVersion)) continue;
      try {
        released.keepRecording(domain.name, name, { type, schemaVersion, data: samplesOf(schema) });
      } catch (error) {
        const path = released.recordingPath(domain.name, name, schemaVersion);
        const why = error instanceof Error ? error.message : String(error);
        told.push({
          line: `Write ${path} by hand, { type, schemaVersion, data: […] }: ${why}.`,
          isFault: true,
        });
      }
    }
    if (present.length > 0) released.keep(domain.name, kept);
  }
  return told;
}
