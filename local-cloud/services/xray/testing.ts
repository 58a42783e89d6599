import { randomBytes } from 'node:crypto';
import { XRayClient } from '@aws-sdk/client-xray';
import type { SegmentDocument } from '../../core/telemetry.ts';
import { createTestCloud } from '../../core/testing.ts';
import { listen } from '../../gateway/gateway.ts';
import { openTelemetry } from '../../telemetry/index.ts';
import { createXray } from './index.ts';

/** X-Ray on a real telemetry store in a temporary folder, behind the real gateway. */
export async function startXray() {
  const base = createTestCloud();
  const telemetry = await openTelemetry(base.dataDirectory, base.logger);
  const cloud = createTestCloud({ dataDirectory: base.dataDirectory, telemetry, state: base.state });
  const service = await createXray(cloud);
  const gateway = await listen(0, cloud.logger);
  gateway.open([service], cloud);
  const client = new XRayClient({
    endpoint: gateway.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  return {
    cloud,
    telemetry,
    gateway,
    client,
    async stop() {
      client.destroy();
      await gateway.close();
      await service.stop?.();
      await telemetry.close();
      base.remove();
    },
  };
}

export type TestXray = Awaited<ReturnType<typeof startXray>>;

export const newId = (): string => randomBytes(8).toString('hex');

export function newTrace(seconds = Date.now() / 1_000): string {
  return `1-${Math.floor(seconds).toString(16).padStart(8, '0')}-${randomBytes(12).toString('hex')}`;
}

/** A segment of one second's work a minute ago. */
export function segment(fields: Partial<SegmentDocument> & { trace_id: string }): SegmentDocument {
  const start = Math.floor(Date.now() / 1_000) - 60;
  return { id: newId(), name: 'shop', start_time: start, end_time: start + 1, ...fields };
}
