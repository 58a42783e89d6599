import { AwsError } from '../../../core/errors.ts';

/** A part of the query text, by offsets of its characters. */
export interface Span {
  start: number;
  end: number;
}

/** The error of AWS for a query that cannot be understood; the location is where the reader has to look. */
export function malformed(message: string, { start, end }: Span): AwsError {
  return new AwsError('MalformedQueryException', message, 400, {
    queryCompileError: { location: { startCharOffset: start, endCharOffset: end }, message },
  });
}
