/**
 * Metrics, logs and traces of what really ran. Recording never blocks and never throws; the store flushes in batches
 * (at most half a second behind), and every read sees what was recorded before it.
 */
export interface Telemetry {
  metric(point: MetricPoint): void;
  logLine(line: { group: string; stream: string; time: number; message: string }): void;
  /** One X-Ray segment or subsegment document, as the daemon receives it or as the local cloud writes it. */
  segment(document: SegmentDocument): void;
  /** What is paid for: kept by the hour for as long as bills are asked for. At most some seconds behind the disk. */
  usage(use: Usage): void;
  /**
   * Metrics, logs and traces recorded before are on disk when this resolves: for a client that is told that they are
   * taken. Rejects when they could not be stored.
   */
  saved(): Promise<void>;
}

/** A billable quantity of what really ran: a line of the bill before prices. */
export interface Usage {
  /** As the bill names the service: `AWS Lambda`, `Amazon DynamoDB`, … */
  service: string;
  /** As the bill names what is counted, for example `Lambda-GB-Second-ARM`. */
  usageType: string;
  operation: string;
  /** ARN of the resource, or an empty text where the account pays as a whole. */
  resource: string;
  /** In the unit of the price: requests, gigabyte-seconds, gigabyte-months, … */
  quantity: number;
  /** Epoch milliseconds. */
  time: number;
}

export interface MetricPoint {
  namespace: string;
  name: string;
  dimensions: Record<string, string>;
  /** A CloudWatch unit: `Count`, `Milliseconds`, `Bytes`, `Percent`, `None`, … */
  unit: string;
  value: number;
  /** Epoch milliseconds. */
  time: number;
}

export interface SegmentDocument {
  id: string;
  trace_id: string;
  name: string;
  start_time: number;
  end_time?: number;
  parent_id?: string;
  [field: string]: unknown;
}
