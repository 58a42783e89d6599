import { CloudWatchClient, type Dimension } from '@aws-sdk/client-cloudwatch';
import { tracing } from '#shared/runtime/tracing.ts';

let client: Promise<CloudWatchClient> | undefined;

/** The function's one CloudWatch client, traced. */
export function cloudwatch(): Promise<CloudWatchClient> {
  client ??= tracing().then((trace) => trace.client(new CloudWatchClient({})));
  return client;
}

/** Dimensions as an object, which is how everybody outside CloudWatch writes them. */
export function dimensionsOf(dimensions: readonly Dimension[] | undefined): Record<string, string> {
  return Object.fromEntries((dimensions ?? []).map(({ Name = '', Value = '' }) => [Name, Value]));
}

export function toDimensions(dimensions: Readonly<Record<string, string>>): Dimension[] {
  return Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
}
