import { XRayClient } from '@aws-sdk/client-xray';
import { tracing } from '#shared/runtime/tracing.ts';

let client: Promise<XRayClient> | undefined;

/** The function's one X-Ray client, traced. */
export function xray(): Promise<XRayClient> {
  client ??= tracing().then((trace) => trace.client(new XRayClient({})));
  return client;
}
