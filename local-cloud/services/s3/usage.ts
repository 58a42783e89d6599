import type { Cloud } from '../../core/cloud.ts';
import type { Holding } from '../../core/service.ts';
import type { ObjectStore } from './object-store.ts';

const SERVICE = 'Amazon Simple Storage Service';
const GIGABYTE = 2 ** 30;

/** Writing and listing are of the first tier of prices, reading of the second; deleting is free. */
const tierOfMethod: Record<string, { usageType: string; operation: string }> = {
  PUT: { usageType: 'Requests-Tier1', operation: 'PutObject' },
  POST: { usageType: 'Requests-Tier1', operation: 'PostObject' },
  GET: { usageType: 'Requests-Tier2', operation: 'GetObject' },
  HEAD: { usageType: 'Requests-Tier2', operation: 'HeadObject' },
};

/** Counts one request for the bill; a GET without a key lists. */
export function recordRequest(cloud: Cloud, bucket: string, key: string, method: string): void {
  const tier = tierOfMethod[method];
  if (!tier) return;
  const lists = method === 'GET' && key === '';
  cloud.telemetry.usage({
    service: SERVICE,
    ...tier,
    ...(lists && { usageType: 'Requests-Tier1', operation: 'ListBucket' }),
    resource: bucket === '' ? '' : `arn:aws:s3:::${bucket}`,
    quantity: 1,
    time: Date.now(),
  });
}

/** The gigabytes that each bucket stores. */
export function storedObjects(store: ObjectStore): Holding[] {
  return store.listBuckets().map(({ name }) => ({
    service: SERVICE,
    usageType: 'TimedStorage-ByteHrs',
    operation: 'StandardStorage',
    resource: `arn:aws:s3:::${name}`,
    amount: store.bytes(name) / GIGABYTE,
  }));
}
