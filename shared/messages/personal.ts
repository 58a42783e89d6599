import type { AnyEventDefinition } from './event.ts';
import type { Schema } from './schema.ts';

/** The keyword by which a schema says of whom a text tells: `actor`, or the field of the event that names the person. */
export const personalKeyword = 'x-personal';

/**
 * Marks a text of an event as telling of a person: of the event's actor, or of the one whom the field `person` names. It
 * is encrypted with a key of that person's before it is stored, and shows as `[forgotten]` once the key is deleted. Only
 * a field directly in an event's data can be personal, nothing unique may follow from it, no row may be ordered by it.
 *
 * @example event('AlertCommented', { episode, text: personal(text(2000)) })
 * @example event('UserInvited', { userId: text(64), email: personal(text(200), { person: 'userId' }) })
 */
export function personal(schema: Schema<string>, { person = 'actor' } = {}): Schema<string> {
  return { ...schema, [personalKeyword]: person };
}

/** The personal fields of an event, each with `actor` or the field that names its person. */
export function personalFieldsOf({ schema }: Pick<AnyEventDefinition, 'schema'>): [string, string][] {
  const properties = schema['properties'] as Readonly<Record<string, Schema<unknown>>>;
  return Object.entries(properties).flatMap(([name, field]): [string, string][] => {
    const person = field[personalKeyword];
    return typeof person === 'string' ? [[name, person]] : [];
  });
}

/** Whether anything that these aggregates record is personal. */
export function recordPersonal(
  aggregates: readonly { readonly events: readonly Pick<AnyEventDefinition, 'schema'>[] }[],
): boolean {
  return aggregates.some(({ events }) => events.some((event) => personalFieldsOf(event).length > 0));
}
