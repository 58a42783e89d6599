import type { Actor, StreamName } from '../messages/envelope.ts';
import type { AnyEventDefinition, DomainEvent } from '../messages/event.ts';
import { personalFieldsOf } from '../messages/personal.ts';
import { streamKey } from './commit.ts';
import type { PersonalKeys } from './personal-keys.ts';
import {
  forgotten,
  openText,
  parseSealed,
  replaceSealed,
  sealedIn,
  sealText,
  unreadable,
} from './personal-text.ts';

/**
 * The events with their personal fields sealed, as they may be recorded. What a function of ours writes is of no person,
 * unless a field names one.
 */
export async function sealEvents(
  keys: PersonalKeys,
  definitions: readonly AnyEventDefinition[],
  events: readonly DomainEvent[],
  { stream, actor }: { stream: StreamName; actor: Actor },
): Promise<readonly DomainEvent[]> {
  const personal = new Map(definitions.map((each) => [each.type, personalFieldsOf(each)]));
  return Promise.all(
    events.map(async (event) => {
      const fields = personal.get(event.type) ?? [];
      if (fields.length === 0) return event;
      const data: Record<string, unknown> = { ...(event.data as object) };
      for (const [field, of] of fields) {
        const text = data[field];
        const person =
          of === 'actor' ? (actor.type === 'user' ? actor.id : undefined) : String(data[of] ?? '');
        // A sealed text that is recorded again stays as it is: it says where it is from.
        if (typeof text !== 'string' || person === undefined || sealedIn(text).length > 0) continue;
        if (person === '') throw new Error(`${event.type} does not say in "${of}" of whom "${field}" tells.`);
        const key = await keys.toSeal(stream.tenant, person);
        data[field] = sealText(text, { stream: streamKey(stream), type: event.type, field }, person, key);
      }
      return { type: event.type, data };
    }),
  );
}

/**
 * A value with every sealed text in it opened, for people and decisions to read: of somebody who was forgotten it shows
 * `[forgotten]`. Opens nothing of another tenant.
 */
export async function reveal<Value>(keys: PersonalKeys, tenant: string, value: Value): Promise<Value> {
  const found = new Set<string>();
  mapTexts(value, (text) => {
    for (const sealed of sealedIn(text)) found.add(sealed);
    return text;
  });
  if (found.size === 0) return value;
  const clear = new Map<string, string | undefined>();
  await Promise.all([...found].map(async (sealed) => clear.set(sealed, await opened(keys, tenant, sealed))));
  // Texts take the place of texts, so the value keeps its type.
  return mapTexts(value, (text) => replaceSealed(text, (sealed) => clear.get(sealed) ?? unreadable)) as Value;
}

/** The clear text; nothing when it is not what was sealed for this tenant in the place it names. */
async function opened(keys: PersonalKeys, tenant: string, sealed: string): Promise<string | undefined> {
  const parsed = parseSealed(sealed);
  if (!parsed?.place.stream.startsWith(`${tenant}#`)) return undefined;
  const key = await keys.toReveal(tenant, parsed.person, parsed.keyId);
  return key ? openText(parsed, key) : forgotten;
}

function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((each) => mapTexts(each, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, mapTexts(each, change)]));
}
