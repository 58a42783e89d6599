import type { Telemetry } from '../../core/telemetry.ts';
import { type Input, texts } from './input.ts';
import { parseSegment, SegmentError } from './segments.ts';

/** PutTraceSegments: takes what is sound, on disk when this resolves, and names the rest. */
export async function putTraceSegments(telemetry: Telemetry, input: Input): Promise<object> {
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
  await telemetry.saved();
  return { UnprocessedTraceSegments: refused };
}
