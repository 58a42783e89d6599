import { CostExplorerClient, type DateInterval } from '@aws-sdk/client-cost-explorer';
import { tracing } from '#shared/runtime/tracing.ts';

let client: Promise<CostExplorerClient> | undefined;

/** The function's one Cost Explorer client, traced. The service has one endpoint for all regions. */
export function costExplorer(): Promise<CostExplorerClient> {
  client ??= tracing().then((trace) => trace.client(new CostExplorerClient({ region: 'us-east-1' })));
  return client;
}

/** What AWS takes for each request, pages included, in US dollars. */
export const pricePerRequest = 0.01;

/** How long answers are kept: AWS itself brings them up to date about three times a day. */
export const keptFor = 6 * 3600;

/** A period of Cost Explorer in our words; its last day is not counted itself. */
export function periodOf(interval: DateInterval | undefined): { from: string; to: string } {
  return { from: interval?.Start ?? '', to: interval?.End ?? '' };
}

/** An amount of Cost Explorer, which writes numbers as texts. */
export function amountOf(metric: { Amount?: string | undefined } | undefined): number {
  const amount = Number(metric?.Amount ?? 0);
  return Number.isFinite(amount) ? amount : 0;
}
