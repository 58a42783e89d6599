import { AwsError } from '../../core/errors.ts';

/** An opaque token that remembers where the next page begins. */
export function pageToken(position: number | string): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/** What a token remembers; the kind must be the one its operation wrote. */
export function readPageToken<Position extends number | string>(
  token: string | undefined,
  start: Position,
): Position {
  if (token === undefined) return start;
  try {
    const position: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
    if (typeof position === typeof start) return position as Position;
  } catch {
    // Not one of our tokens: answered below like every other wrong one.
  }
  throw new AwsError('InvalidNextToken', 'The next token specified is invalid.', 400, {
    queryErrorCode: 'InvalidNextToken',
  });
}
