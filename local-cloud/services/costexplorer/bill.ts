import type { Cloud } from '../../core/cloud.ts';
import type { TelemetryStore } from '../../telemetry/index.ts';
import { startOfMonth } from './periods.ts';
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

export interface BillQuery {
  from: number;
  to: number;
  by: 'hour' | 'day';
  /** Without, lines know neither their resource nor its tags, and are far fewer. */
  byResource: boolean;
}

export type ReadBill = (query: BillQuery) => Promise<BillLine[]>;

/** Reads the lines of a time from what was metered, with prices and the tags of each resource. */
export function createBill(cloud: Cloud, store: TelemetryStore, tags: ResourceTags): ReadBill {
  return async (query) => {
    const monthStart = startOfMonth(query.from);
    const earlier = await store.usageSums({
      from: monthStart,
      to: query.from,
      by: 'whole',
      byResource: false,
    });
    const sums = await store.usageSums(query);
    return priced(sums, earlier).map(({ price, ...line }) => ({
      ...line,
      region: price?.region ?? cloud.region,
      account: cloud.accountId,
      tags: tags.of(line.resource),
      unit: price?.unit ?? 'Units',
    }));
  };
}
