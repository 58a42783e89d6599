import type { AwsResponse } from '../../core/service.ts';
import type { SummaryPage, TraceCondition, TraceStore } from '../../telemetry/index.ts';
import { type FindGroup, traceCondition } from './filter-sql.ts';
import {
  flag,
  type Input,
  invalid,
  isObject,
  number,
  positionOf,
  text,
  timeRange,
  tokenOf,
} from './input.ts';

const PAGE = 500;

/** What the time range of a request is held against. */
const RANGES: Readonly<Record<string, string>> = {
  TraceId: 't.start_time >= ? AND t.start_time <= ?',
  Event: 't.event_time >= ? AND t.event_time <= ?',
  Service: 't.end_time >= ? AND t.start_time <= ?',
};

/** The traces in a time range, for the map as for the list. */
export function rangeCondition(from: number, to: number, type = 'TraceId'): TraceCondition {
  const range = Object.hasOwn(RANGES, type) ? RANGES[type] : undefined;
  if (range === undefined) throw invalid(`TimeRangeType must be one of ${Object.keys(RANGES).join(', ')}.`);
  return { text: range, values: [from, to] };
}

/** GetTraceSummaries: newest first, a page at a time. */
export async function getTraceSummaries(
  store: TraceStore,
  findGroup: FindGroup,
  input: Input,
): Promise<AwsResponse> {
  const { from, to } = timeRange(input);
  const type = text(input, 'TimeRangeType') ?? 'TraceId';
  const expression = text(input, 'FilterExpression')?.trim() ?? '';
  const page = await store.summaries({
    range: sampled(rangeCondition(from, to, type), input),
    filter: expression === '' ? undefined : traceCondition(expression, findGroup),
    after: after(input),
    limit: PAGE + 1,
  });
  return { status: 200, headers: { 'content-type': 'application/json' }, body: pageText(page, type, to) };
}

/** The summaries are JSON texts already, and joined as such. */
function pageText({ rows, processed }: SummaryPage, type: string, to: number): string {
  const shown = rows.slice(0, PAGE);
  const summaries = shown.map(({ summary, eventTime }) =>
    type === 'Event' ? `${summary.slice(0, -1)},"MatchedEventTime":${eventTime}}` : summary,
  );
  const last = rows.length > PAGE ? shown.at(-1) : undefined;
  const rest = JSON.stringify({
    ApproximateTime: shown[0]?.startTime ?? to,
    TracesProcessedCount: processed,
    ...(last ? { NextToken: tokenOf([last.startTime, last.traceId]) } : {}),
  });
  return `{"TraceSummaries":[${summaries.join(',')}],${rest.slice(1)}`;
}

function after(input: Input): { startTime: number; traceId: string } | undefined {
  const position = positionOf(input);
  if (!position) return undefined;
  const [startTime, traceId] = position;
  if (typeof startTime === 'number' && typeof traceId === 'string') return { startTime, traceId };
  throw invalid('The NextToken is not valid.');
}

/** `Sampling` with a strategy takes that share of the traces, the same ones each time. */
function sampled(range: TraceCondition, input: Input): TraceCondition {
  const strategy = input['SamplingStrategy'];
  if (!flag(input, 'Sampling') || !isObject(strategy)) return range;
  const share = number(strategy, 'Value') ?? 1;
  const text = `${range.text} AND (hash(t.trace_id) % 1000000)::DOUBLE < ?`;
  return { text, values: [...range.values, share * 1_000_000] };
}
