import type { Telemetry } from '../../core/telemetry.ts';
import { type Input, texts } from './input.ts';
import { parseSegment, SegmentError } from './segments.ts';

/** PutTraceSegments: takes what is sound and names the rest. */
export function putTraceSegments(telemetry: Telemetry, input: Input): object {
  const refused: object[] = [];
  for (const document of texts(input, 'TraceSegmentDocuments')) {
    try {
      telemetry.segment(parseSegment(document));
    } catch (error) {
      if (!(error instanceof SegmentError)) throw error;
      refused.push({
        ...(error.id === undefined ? {} : { Id: error.id }),
        ErrorCode: error.code,
        Message: error.message,
      });
    }
  }
  return { UnprocessedTraceSegments: refused };
}
