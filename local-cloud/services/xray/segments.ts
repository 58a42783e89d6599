import type { SegmentDocument } from '../../core/telemetry.ts';

const MOST_CHARACTERS = 64 * 1_024;

/** Why a document is refused, in the words of PutTraceSegments. */
export class SegmentError extends Error {
  readonly code: string;
  readonly id: string | undefined;

  constructor(code: string, message: string, id?: string) {
    super(message);
    this.code = code;
    this.id = id;
  }
}

function parse(text: string): Record<string, unknown> {
  if (text.length > MOST_CHARACTERS) {
    throw new SegmentError(
      'DocumentTooLarge',
      `A segment document must not exceed ${MOST_CHARACTERS} characters.`,
    );
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch (error) {
    throw new SegmentError('ParseError', `Invalid segment. ErrorCode: ParseError. ${String(error)}`);
  }
  throw new SegmentError('ParseError', 'Invalid segment. ErrorCode: ParseError. It must be a JSON object.');
}

/** Reads one segment or subsegment document. Throws `SegmentError` for what X-Ray would not take. */
export function parseSegment(text: string): SegmentDocument {
  const document = parse(text);
  const { id, trace_id: traceId, name, start_time: start } = document;
  if (typeof id !== 'string' || !/^[0-9a-f]{16}$/i.test(id)) {
    throw new SegmentError(
      'MissingId',
      'Invalid segment. ErrorCode: MissingId',
      typeof id === 'string' ? id : undefined,
    );
  }
  if (typeof traceId !== 'string' || !/^1-[0-9a-f]{8}-[0-9a-f]{24}$/i.test(traceId)) {
    throw new SegmentError('InvalidTraceId', 'Invalid segment. ErrorCode: InvalidTraceId', id);
  }
  if (typeof name !== 'string' || name === '') {
    throw new SegmentError('MissingName', 'Invalid segment. ErrorCode: MissingName', id);
  }
  if (typeof start !== 'number' || !Number.isFinite(start)) {
    throw new SegmentError('MissingStartTime', 'Invalid segment. ErrorCode: MissingStartTime', id);
  }
  return document as SegmentDocument;
}
