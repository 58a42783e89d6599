import type { Usage } from '../../core/telemetry.ts';
import { groupBy } from './group-by.ts';
import { type Price, prices, type Tier } from './price-list.ts';

const byUsage = new Map(prices.map((price) => [`${price.service}\n${price.usageType}`, price]));

/** The price of a usage type, or undefined for what the list does not hold. */
export function priceOf({ service, usageType }: Pick<Usage, 'service' | 'usageType'>): Price | undefined {
  return byUsage.get(`${service}\n${usageType}`);
}

/** What a month's first `quantity` units cost together. */
export function costOfMonth(tiers: Tier[], quantity: number): number {
  let cost = 0;
  let from = 0;
  for (const { upTo, price } of tiers) {
    if (quantity <= from) break;
    cost += (Math.min(quantity, upTo) - from) * price;
    from = upTo;
  }
  return cost;
}

const monthOf = ({ time, service, usageType }: Usage) =>
  `${new Date(time).toISOString().slice(0, 7)}\n${service}\n${usageType}`;

/**
 * Puts a price on sums of usage, which come in order of time. Tiers count the whole account's quantity of a calendar
 * month (UTC) from its first day: `earlier` is what the first month had already used before the sums begin. What one
 * period costs is shared among its sums by their quantity.
 */
export function priced<Sum extends Usage>(
  sums: Sum[],
  earlier: Usage[] = [],
): (Sum & { cost: number; price: Price | undefined })[] {
  const costs = new Map<Sum, number>();
  const soFar = new Map<string, number>();
  for (const use of earlier) soFar.set(monthOf(use), (soFar.get(monthOf(use)) ?? 0) + use.quantity);
  for (const group of groupBy(sums, (sum) => `${sum.time}\n${sum.service}\n${sum.usageType}`).values()) {
    const [first] = group;
    const price = first && priceOf(first);
    if (!first || !price) continue;
    const month = monthOf(first);
    const before = soFar.get(month) ?? 0;
    const total = group.reduce((sum, { quantity }) => sum + quantity, 0);
    soFar.set(month, before + total);
    const rate = rateBetween(price.tiers, before, before + total);
    for (const sum of group) costs.set(sum, sum.quantity * rate);
  }
  return sums.map((sum) => ({ ...sum, cost: costs.get(sum) ?? 0, price: priceOf(sum) }));
}

/** What one unit costs on average; within a tier its very price, so that nothing is lost to rounding. */
function rateBetween(tiers: Tier[], from: number, to: number): number {
  const tier = tiers.find(({ upTo }) => from < upTo);
  if (!tier || to <= tier.upTo || to === from) return tier?.price ?? 0;
  return (costOfMonth(tiers, to) - costOfMonth(tiers, from)) / (to - from);
}
