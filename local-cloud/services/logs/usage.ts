import type { Cloud } from '../../core/cloud.ts';
import type { Holding } from '../../core/service.ts';
import type { TelemetryStore } from '../../telemetry/index.ts';
import type { LogGroups } from './groups.ts';

const SERVICE = 'AmazonCloudWatch';
const GIGABYTE = 2 ** 30;
/** CloudWatch Logs counts so much for each event besides its message. */
const EVENT_BYTES = 26;
/** Stored logs are billed compressed; AWS's price page reckons with this share. */
const STORED_SHARE = 0.15;

/** Counts the gigabytes of written events for the bill. */
export function recordIngestion(cloud: Cloud, groupArn: string, entries: { message: string }[]): void {
  const bytes = entries.reduce((sum, { message }) => sum + Buffer.byteLength(message) + EVENT_BYTES, 0);
  cloud.telemetry.usage({
    service: SERVICE,
    usageType: 'DataProcessing-Bytes',
    operation: 'PutLogEvents',
    resource: groupArn,
    quantity: bytes / GIGABYTE,
    time: Date.now(),
  });
}

/** Counts the gigabytes that a query of Logs Insights scanned. */
export function recordScan(cloud: Cloud, groupArn: string, bytes: number): void {
  cloud.telemetry.usage({
    service: SERVICE,
    usageType: 'DataScanned-Bytes',
    operation: 'StartQuery',
    resource: groupArn,
    quantity: bytes / GIGABYTE,
    time: Date.now(),
  });
}

/** The gigabytes that each group stores. */
export async function storedLogs(store: TelemetryStore, groups: LogGroups): Promise<Holding[]> {
  const sizes = await store.logSizes();
  return [...sizes].map(([group, bytes]) => ({
    service: SERVICE,
    usageType: 'TimedStorage-ByteHrs',
    operation: 'HourlyStorageMetering',
    resource: groups.arn(group),
    amount: (bytes * STORED_SHARE) / GIGABYTE,
  }));
}
