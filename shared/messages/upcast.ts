import type { AnyEventDefinition, DomainEvent } from './event.ts';

/** An event was recorded by newer code than runs here: this function must be deployed anew before it can read it. */
export class EventTooNew extends Error {
  override readonly name = 'EventTooNew';

  constructor(type: string, recorded: number, known: number) {
    super(
      `${type} was recorded with version ${recorded} of its schema; this function knows only up to ${known}.`,
    );
  }
}

/**
 * Brings events that were recorded with an older schema to the newest. Whatever reads events reads them through this,
 * so nobody but the event's own definition knows that it ever had another shape. Events of other types stay as they
 * are. Throws `EventTooNew`.
 */
export function upcasterOf(
  definitions: readonly AnyEventDefinition[],
): <Event extends DomainEvent & { readonly schemaVersion?: number }>(event: Event) => Event {
  const byType = new Map(definitions.map((definition) => [definition.type, definition]));
  return (event) => {
    const definition = byType.get(event.type);
    const { schemaVersion } = event;
    if (!definition || schemaVersion === undefined || schemaVersion === definition.schemaVersion)
      return event;
    if (schemaVersion > definition.schemaVersion)
      throw new EventTooNew(event.type, schemaVersion, definition.schemaVersion);
    // On the bus an event may come without its data, which is then read from the store.
    if (event.data === undefined) return event;
    const data = definition.upcasts
      .slice(schemaVersion - 1)
      .reduce((older, upcast) => upcast(older), event.data as Readonly<Record<string, unknown>>);
    return { ...event, data, schemaVersion: definition.schemaVersion };
  };
}
