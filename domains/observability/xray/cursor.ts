import { invalid } from '#shared/messages/problem.ts';

/** Writes where a list stopped as an opaque text. */
export function writeCursor(position: object): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/** Reads what `writeCursor` wrote. Throws a 400 problem for a text that is not ours. */
export function readCursor<Position>(
  text: string,
  isPosition: (value: unknown) => value is Position,
): Position {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    // Told below, like every other text that is not a cursor of ours.
  }
  if (isPosition(value)) return value;
  throw invalid('Mend #/cursor and send it again.', [
    { pointer: '#/cursor', detail: 'must be the nextCursor of the page before' },
  ]);
}

/** The fields of a value that may be anything. */
export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};
}
