import type { Cloud } from '../../core/cloud.ts';
import type { TelemetryStore, UsageQuery } from '../../telemetry/index.ts';
import { priced } from './pricing.ts';
import type { ResourceTags } from './resource-tags.ts';

/** One priced line of the bill: a usage type of one resource in one hour or day. */
export interface BillLine {
  /** Start of the period, epoch milliseconds. */
  time: number;
  service: string;
  usageType: string;
  operation: string;
  resource: string;
  region: string;
  account: string;
  tags: Record<string, string>;
  quantity: number;
  unit: string;
  cost: number;
}

export type ReadBill = (query: UsageQuery) => Promise<BillLine[]>;

/** Reads the lines of a time from what was metered, with prices and the tags of each resource. */
export function createBill(cloud: Cloud, store: TelemetryStore, tags: ResourceTags): ReadBill {
  return async ({ from, to, by }) => {
    const day = new Date(from);
    const monthStart = Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), 1);
    const sums = await store.usageSums({ from: monthStart, to, by });
    return priced(sums)
      .filter(({ time }) => time >= from)
      .map(({ price, ...line }) => ({
        ...line,
        region: price?.region ?? cloud.region,
        account: cloud.accountId,
        tags: tags.of(line.resource),
        unit: price?.unit ?? 'Units',
      }));
  };
}
