import type { Telemetry, Usage } from '../core/telemetry.ts';
import type { LogReader } from './log-queries.ts';
import type { TraceStore } from './trace-types.ts';

export type * from './trace-types.ts';

/** What makes a metric one metric: CloudWatch never mixes dimension sets. */
export interface MetricIdentity {
  namespace: string;
  name: string;
  dimensions: Record<string, string>;
}

/**
 * Some values of a metric at one time, already aggregated: one value (`minimum` = `maximum`, `count` times), or a
 * statistic set (`minimum` < `maximum`), of which no percentile can be told.
 */
export interface MetricSample extends MetricIdentity {
  unit: string;
  /** Epoch milliseconds. */
  time: number;
  count: number;
  sum: number;
  minimum: number;
  maximum: number;
  /** Seconds; 60 unless the metric was sent with high resolution. Times are stored in whole units of it. */
  storageResolution?: 1 | 60;
}

/** Points of one metric from `from` (inclusive) to `to` (exclusive), in periods counted from `from`. Milliseconds. */
export interface SeriesQuery extends MetricIdentity {
  unit?: string | undefined;
  from: number;
  to: number;
  period: number;
}

export interface PeriodStatistics {
  /** Start of the period, epoch milliseconds. */
  time: number;
  count: number;
  sum: number;
  minimum: number;
  maximum: number;
  unit: string;
}

export interface TimedValue {
  time: number;
  value: number;
}

export interface LogEvent {
  stream: string;
  time: number;
  message: string;
  ingestionTime: number;
  /** Grows with every line recorded in this data directory: unique, and the order among equal times. */
  sequence: number;
}

export interface LogQuery {
  group: string;
  streams?: string[] | undefined;
  streamPrefix?: string | undefined;
  from?: number | undefined;
  to?: number | undefined;
  /** Every one of these must occur in the message. */
  contains?: string[];
  /** When given, at least one of these must occur in the message. */
  containsAny?: string[];
  /** None of these may occur in the message. */
  lacks?: string[];
  backward?: boolean;
  limit: number;
  /** Skip everything up to and including this position in the direction of reading. */
  after?: LogPosition | undefined;
}

export interface LogPosition {
  time: number;
  sequence: number;
}

export interface LogStreamSummary {
  stream: string;
  firstEvent: number;
  lastEvent: number;
  lastIngestion: number;
}

/** Usage from `from` (inclusive) to `to` (exclusive), epoch milliseconds on whole hours. */
export interface UsageQuery {
  from: number;
  to: number;
  /** One sum for each hour or day (UTC), or for the whole time. */
  by: 'hour' | 'day' | 'whole';
  /** Without, the resources of a usage type are one sum, whose resource is empty. */
  byResource: boolean;
}

/** What was used in one period, which begins at `time`. */
export type UsageSum = Usage;

/** Where telemetry is kept. Every read sees what was recorded before it. */
export interface TelemetryStore extends Telemetry {
  /** Answers the sequence that the line has for good; nothing when its time is none. */
  logLine(line: Parameters<Telemetry['logLine']>[0]): number | undefined;
  sample(sample: MetricSample): void;
  /** A number that changes with every point of this metric since the store was opened. */
  revision(metric: MetricIdentity): number;
  /** Periods without points are absent. In order of time. */
  statistics(query: SeriesQuery): Promise<PeriodStatistics[]>;
  /** `fraction` from 0 to 1. Interpolates between neighbouring values; periods holding statistic sets are absent. */
  percentile(query: SeriesQuery, fraction: number): Promise<TimedValue[]>;
  /** Metrics that had points since `since`, in order of namespace, name and dimensions. */
  metrics(filter: { namespace?: string; name?: string; since: number }): Promise<MetricIdentity[]>;
  logEvents(query: LogQuery): Promise<LogEvent[]>;
  logStreams(group: string): Promise<LogStreamSummary[]>;
  /** A connection for statements over `log_lines`, which sees what was recorded before. Close it. */
  logReader(): Promise<LogReader>;
  /** Bytes stored by group, 26 more a line as CloudWatch counts them. */
  logSizes(): Promise<Map<string, number>>;
  removeLogs(group: string, which?: { stream?: string; before?: number }): Promise<void>;
  readonly traces: TraceStore;
  usageSums(query: UsageQuery): Promise<UsageSum[]>;
  /** Copies everything recorded before into another data directory. */
  copyTo(dataDirectory: string): Promise<void>;
  close(): Promise<void>;
}
