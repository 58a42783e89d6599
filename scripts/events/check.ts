import { type JsonSchema, objections } from './compatibility.ts';
import type { PresentEvent, Released } from './released.ts';

/** How an event stands to what was released of it. */
export type Standing =
  | { readonly kind: 'released' }
  /** New, with another version, or wider: nothing that was recorded is lost, and `release` takes it. */
  | { readonly kind: 'to-release'; readonly why: string }
  /** What was recorded could not be read any more. */
  | { readonly kind: 'broken'; readonly why: string };

/** Whether the events that a domain defines can read all that was ever recorded, and whether all of them are released. */
export function standings(
  present: readonly PresentEvent[],
  released: Released,
): ReadonlyMap<string, Standing> {
  const standing = new Map<string, Standing>();
  for (const event of present) standing.set(event.name, standingOf(event, released[event.name] ?? {}));
  for (const name of Object.keys(released)) {
    if (standing.has(name)) continue;
    const why = 'it was released and is no longer defined, so streams that hold it cannot be read';
    standing.set(name, { kind: 'broken', why });
  }
  return standing;
}

function standingOf({ definition }: PresentEvent, versions: Readonly<Record<string, JsonSchema>>): Standing {
  const { schemaVersion, schema } = definition;
  const newest = Math.max(0, ...Object.keys(versions).map(Number));
  if (newest === 0) return { kind: 'to-release', why: 'it is new' };
  if (newest > schemaVersion)
    return { kind: 'broken', why: `version ${newest} was released, and the code knows ${schemaVersion}` };
  if (newest < schemaVersion) {
    const missing = schemaVersion - newest;
    if (missing > 1)
      return { kind: 'broken', why: `version ${newest + 1} was never released: add one upcast at a time` };
    return { kind: 'to-release', why: `version ${schemaVersion} is new` };
  }
  const before = versions[`${newest}`] ?? {};
  const now = JSON.parse(JSON.stringify(schema)) as JsonSchema;
  if (JSON.stringify(before) === JSON.stringify(now)) return { kind: 'released' };
  const found = objections(before, now);
  return found.length === 0
    ? { kind: 'to-release', why: 'it takes more than was released, and all that was recorded' }
    : {
        kind: 'broken',
        why: `${found.join('; ')}. Leave the schema, or add an upcast from version ${newest} to event()`,
      };
}
