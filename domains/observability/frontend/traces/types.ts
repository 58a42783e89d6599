import type { ListAnswer } from '#shared/frontend/api.ts';

/** What the API says of traces, field by field. Times are RFC 3339 UTC, durations are milliseconds. */

export type AnnotationValue = string | number | boolean;

export interface TraceItem {
  id: string;
  start: string;
  duration?: number;
  responseTime?: number;
  fault: boolean;
  error: boolean;
  throttle: boolean;
  incomplete: boolean;
  entryPoint?: string;
  route?: string;
  correlationId?: string;
  method?: string;
  url?: string;
  status?: number;
  annotations: Readonly<Record<string, readonly AnnotationValue[]>>;
  services: readonly { name: string; type?: string }[];
  users: readonly string[];
}

export interface TraceSearchAnswer extends ListAnswer<TraceItem> {
  /** The search stopped before the page was full. */
  partial: boolean;
  searchedBackTo: string;
}

export interface TraceWish {
  from: string;
  to: string;
  filter?: string;
}

export interface TraceSpan {
  id: string;
  parentId?: string;
  depth: number;
  name: string;
  kind: 'segment' | 'subsegment' | 'inferred';
  service: string;
  origin?: string;
  namespace?: string;
  /** Since the start of the trace. */
  start: number;
  /** Absent while it is in progress. */
  duration?: number;
  fault?: true;
  error?: true;
  throttle?: true;
  critical?: true;
  detached?: true;
  http?: { method?: string; url?: string; userAgent?: string; clientIp?: string; status?: number };
  aws?: { operation?: string; resource?: string; region?: string; requestId?: string; retries?: number };
  annotations?: Readonly<Record<string, AnnotationValue>>;
  metadata?: unknown;
  metadataCut?: true;
  exceptions?: readonly { type?: string; message?: string; remote?: true; stack?: readonly string[] }[];
}

/** One page of a trace; all but `items` is said of the whole. */
export interface TraceAnswer extends ListAnswer<TraceSpan> {
  traceId: string;
  start: string;
  duration: number;
  fault: boolean;
  error: boolean;
  throttle: boolean;
  inProgress: boolean;
  http?: { method?: string; url?: string; status?: number };
  spans: number;
  services: readonly { name: string; spans: number }[];
  correlationIds: readonly string[];
  cut: boolean;
  limitExceeded: boolean;
}
