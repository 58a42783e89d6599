import { formatValue } from '#shared/frontend/format.ts';

/** What AWS asks for looking through logs: its list price in us-east-1, and when we read it. */
const price = { dollarsPerGigabyte: 0.005, region: 'us-east-1', asOf: '1 November 2025' };

/** What scanning so many bytes costs, as an estimate that says where its price is from. */
export function scanCost(bytes: number): { amount: string; explanation: string } {
  const dollars = (bytes / 1e9) * price.dollarsPerGigabyte;
  const amount = dollars > 0 && dollars < 0.0001 ? 'under $0.0001' : `$${dollars.toFixed(4)}`;
  return {
    amount,
    explanation: `Estimate: ${formatValue(bytes, 'bytes')} scanned at $${price.dollarsPerGigabyte} per GB, the list price in ${price.region} of ${price.asOf}.`,
  };
}
