/** What our pages show of a segment or subsegment. Times are milliseconds; absent fields were not told. */
export interface Span {
  readonly id: string;
  /** Of the span above it; absent at the top, and where the one it names is not in the trace. */
  readonly parentId?: string;
  readonly depth: number;
  readonly name: string;
  readonly kind: 'segment' | 'subsegment' | 'inferred';
  /** Which service did the work: the name of the segment that holds it. */
  readonly service: string;
  /** The AWS resource type, such as `AWS::Lambda::Function`. */
  readonly origin?: string;
  /** `aws` for calls of AWS, `remote` for others. */
  readonly namespace?: string;
  /** Since the start of the trace. */
  readonly start: number;
  /** Absent while it is in progress. */
  readonly duration?: number;
  readonly fault?: true;
  readonly error?: true;
  readonly throttle?: true;
  /** On the way that decided when the request was answered. */
  readonly critical?: true;
  /** It names a parent that is not in the trace, or that stands beneath itself. */
  readonly detached?: true;
  readonly http?: SpanHttp;
  readonly aws?: SpanAws;
  readonly annotations?: Readonly<Record<string, string | number | boolean>>;
  readonly metadata?: unknown;
  readonly metadataCut?: true;
  readonly exceptions?: readonly SpanException[];
}

export interface SpanHttp {
  readonly method?: string;
  readonly url?: string;
  readonly userAgent?: string;
  readonly clientIp?: string;
  readonly status?: number;
}

export interface SpanAws {
  readonly operation?: string;
  readonly resource?: string;
  readonly region?: string;
  readonly requestId?: string;
  readonly retries?: number;
}

export interface SpanException {
  readonly type?: string;
  readonly message?: string;
  /** It came from a service that was called. */
  readonly remote?: true;
  /** One line a frame, innermost first. */
  readonly stack?: readonly string[];
}
