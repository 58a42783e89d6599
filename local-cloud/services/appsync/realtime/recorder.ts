import type { Cloud } from '../../../core/cloud.ts';
import type { GraphqlApi } from '../model.ts';
import { recordMetric, recordUse } from '../recording.ts';

/** Real-time updates are billed by 5 KB. */
const billedBytes = 5 * 1024;

/**
 * Metrics and billable use of the connections of one API.
 * https://docs.aws.amazon.com/appsync/latest/devguide/monitoring.html
 */
export class RealtimeRecorder {
  private readonly cloud: Cloud;
  private readonly api: GraphqlApi;

  constructor(cloud: Cloud, api: GraphqlApi) {
    this.cloud = cloud;
    this.api = api;
  }

  /** `status` as HTTP would tell it. */
  connected(status: number): void {
    this.count(status < 400 ? 'ConnectSuccess' : status < 500 ? 'ConnectClientError' : 'ConnectServerError');
  }

  disconnected(code: number, milliseconds: number): void {
    this.count(code === 1006 ? 'DisconnectClientError' : 'DisconnectSuccess');
    recordMetric(this.cloud, this.api, 'ConnectionDuration', 'Milliseconds', milliseconds);
  }

  subscribed(isBegun: boolean): void {
    this.count(isBegun ? 'SubscribeSuccess' : 'SubscribeClientError');
  }

  unsubscribed(): void {
    this.count('UnsubscribeSuccess');
  }

  published(bytes: number, isWhole: boolean): void {
    this.count(isWhole ? 'PublishDataMessageSuccess' : 'PublishDataMessageClientError');
    recordMetric(this.cloud, this.api, 'PublishDataMessageSize', 'Bytes', bytes);
    recordUse(this.cloud, this.api, 'RealTimeUpdates', Math.max(1, Math.ceil(bytes / billedBytes)));
  }

  minutes(count: number): void {
    if (count > 0) recordUse(this.cloud, this.api, 'ConnectionMinutes', count);
  }

  /** How many connections and subscriptions there are now. */
  active(connections: number, subscriptions: number): void {
    recordMetric(this.cloud, this.api, 'ActiveConnections', 'Count', connections);
    recordMetric(this.cloud, this.api, 'ActiveSubscriptions', 'Count', subscriptions);
  }

  private count(name: string): void {
    recordMetric(this.cloud, this.api, name, 'Count', 1);
  }
}
