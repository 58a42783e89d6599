import type { BillLine } from './bill.ts';
import { invalid } from './input.ts';
import { priceList } from './price-list.ts';

/** Without discounts, reservations and an organization, every kind of cost is the same amount. */
export const metricNames = [
  'AmortizedCost',
  'BlendedCost',
  'NetAmortizedCost',
  'NetUnblendedCost',
  'NormalizedUsageAmount',
  'UnblendedCost',
  'UsageQuantity',
] as const;

export type MetricName = (typeof metricNames)[number];
export type Amounts = Record<string, { Amount: string; Unit: string }>;

/** Reads a metric in either of AWS's spellings, `UnblendedCost` or `UNBLENDED_COST`. */
export function readMetric(given: string): MetricName {
  const known = metricNames.find((name) => name === given || snake(name) === given);
  if (known) return known;
  throw invalid(`Metric ${given} is not valid. Valid metrics are: ${metricNames.map(snake).join(', ')}`);
}

function snake(name: string): string {
  return name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase();
}

/** A decimal string with ten places at most, as the bill has them; never in scientific notation. */
export function decimal(value: number): string {
  const text = value.toFixed(10).replace(/\.?0+$/, '');
  return text === '-0' ? '0' : text;
}

export function amountIn(metric: MetricName, line: BillLine): number {
  if (metric === 'UsageQuantity') return line.quantity;
  return metric === 'NormalizedUsageAmount' ? 0 : line.cost;
}

/** What lines come to in each metric. Quantities of different units add up to a number without one. */
export function amountsOf(lines: BillLine[], metrics: MetricName[]): Amounts {
  const units = new Set(lines.map(({ unit }) => unit));
  const [unit = 'N/A'] = units.size === 1 ? units : [];
  return Object.fromEntries(
    metrics.map((metric) => {
      const amount = exactSum(lines.map((line) => amountIn(metric, line)));
      const isCost = metric.endsWith('Cost');
      const named = metric === 'UsageQuantity' ? unit : 'N/A';
      return [metric, { Amount: decimal(amount), Unit: isCost ? priceList.currency : named }];
    }),
  );
}

/** Sums with the error of each addition carried along: many small amounts beside a large one are not lost. */
export function exactSum(values: number[]): number {
  let sum = 0;
  let lost = 0;
  for (const value of values) {
    const next = sum + value;
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  return sum + lost;
}
