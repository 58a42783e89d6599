import type { DuckDBValue } from '@duckdb/node-api';
import type { Span } from './segment-spans.ts';

/** What makes a service one node of the map. The type is empty for a service that told no origin. */
export interface ServiceId {
  name: string;
  type: string;
  account: string;
}

/** A span whose document has been read, and the segment that it is part of. */
export interface ReadSpan extends Span {
  fields: Record<string, unknown>;
  segment: ReadSpan | undefined;
}

/** How a request ended and what it was, of a segment or of a call that only the caller reported. */
export interface Outcome {
  ok: boolean;
  error: boolean;
  fault: boolean;
  throttle: boolean;
  http: HttpFacts;
}

export interface HttpFacts {
  status: number | undefined;
  url: string | undefined;
  method: string | undefined;
  userAgent: string | undefined;
  clientIp: string | undefined;
}

/** One request that one service took, seen from itself or, when it is inferred, from its caller. */
export interface Call extends Outcome {
  span: ReadSpan;
  service: ServiceId;
  /** Undefined at the entry of the trace. */
  caller: ServiceId | undefined;
  /** The call that this one was made in. */
  within: Call | undefined;
  inferred: boolean;
  remote: boolean;
  partial: boolean;
  startTime: number;
  /** Of what is in progress: its start. */
  endTime: number;
  depth: number;
  last: boolean;
}

/** A condition on `trace_summaries t`, its values bound in order of the `?` in it. */
export interface TraceCondition {
  text: string;
  values: DuckDBValue[];
}

export interface SummaryPage {
  /** JSON texts of trace summaries, newest first, with what is needed to go on after them. */
  rows: { traceId: string; startTime: number; eventTime: number; summary: string }[];
  /** Traces in the time range, whether they met the filter or not. */
  processed: number;
}

export interface SummaryQuery {
  range: TraceCondition;
  filter?: TraceCondition | undefined;
  after?: { startTime: number; traceId: string } | undefined;
  limit: number;
}

/** Requests between two services, of one response time. */
export interface CallCount {
  name: string;
  type: string;
  account: string;
  /** Null at the entry. */
  callerName: string | null;
  callerType: string | null;
  /** Seconds, in whole milliseconds. */
  responseTime: number;
  startTime: number;
  endTime: number;
  root: boolean;
  inferred: boolean;
  count: number;
  ok: number;
  error: number;
  throttle: number;
  fault: number;
  totalResponseTime: number;
}

/** Traces as they are asked for. Every read sees what was recorded before it. */
export interface TraceStore {
  /** The newest of every span of a trace, in order of start. */
  spans(traceId: string): Promise<Span[]>;
  summaries(query: SummaryQuery): Promise<SummaryPage>;
  calls(condition: TraceCondition): Promise<CallCount[]>;
}
