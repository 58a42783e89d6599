/**
 * Metrics, logs and traces of what really ran. Recording never blocks and never throws; the store flushes in batches
 * (at most half a second behind), and every read sees what was recorded before it.
 */
export interface Telemetry {
  metric(point: MetricPoint): void;
  logLine(line: { group: string; stream: string; time: number; message: string }): void;
  /** One X-Ray segment or subsegment document, as the daemon receives it or as the local cloud writes it. */
  segment(document: SegmentDocument): void;
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
