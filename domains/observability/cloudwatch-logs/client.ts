import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { tracing } from '#shared/runtime/tracing.ts';

/** What we use of the SDK's client. */
export type LogsClient = Pick<CloudWatchLogsClient, 'send'>;

let client: Promise<CloudWatchLogsClient> | undefined;

/** The function's one CloudWatch Logs client, traced. */
export function cloudwatchLogs(): Promise<CloudWatchLogsClient> {
  client ??= tracing().then((trace) => trace.client(new CloudWatchLogsClient({})));
  return client;
}
