import type { BillLine } from './bill.ts';

/** What a line says of each dimension. Nothing here runs on instances, so the dimensions of those are always absent. */
const dimensions: Record<string, (line: BillLine) => string | undefined> = {
  AZ: () => undefined,
  BILLING_ENTITY: () => 'AWS',
  CACHE_ENGINE: () => undefined,
  DATABASE_ENGINE: () => undefined,
  DEPLOYMENT_OPTION: () => undefined,
  INSTANCE_TYPE: () => undefined,
  INSTANCE_TYPE_FAMILY: () => undefined,
  INVOICING_ENTITY: () => 'Amazon Web Services, Inc.',
  LEGAL_ENTITY_NAME: () => 'Amazon Web Services, Inc.',
  LINKED_ACCOUNT: ({ account }) => account,
  LINKED_ACCOUNT_NAME: ({ account }) => account,
  OPERATING_SYSTEM: () => undefined,
  OPERATION: ({ operation }) => operation,
  PLATFORM: () => undefined,
  PURCHASE_TYPE: () => 'On Demand Instances',
  RECORD_TYPE: () => 'Usage',
  REGION: ({ region }) => region,
  RESERVATION_ID: () => undefined,
  RESOURCE_ID: ({ resource }) => resource || undefined,
  SAVINGS_PLANS_TYPE: () => undefined,
  SAVINGS_PLAN_ARN: () => undefined,
  SERVICE: ({ service }) => service,
  SUBSCRIPTION_ID: () => undefined,
  TENANCY: () => undefined,
  USAGE_TYPE: ({ usageType }) => usageType,
  USAGE_TYPE_GROUP: () => undefined,
};

const absentNames: Record<string, string> = {
  AZ: 'NoAZ',
  INSTANCE_TYPE: 'NoInstanceType',
  INSTANCE_TYPE_FAMILY: 'NoInstanceTypeFamily',
  RESOURCE_ID: 'NoResourceId',
};

export const dimensionNames = Object.keys(dimensions);

/** Undefined where the dimension does not apply to the line. The name must be one of `dimensionNames`. */
export function dimensionOf(name: string, line: BillLine): string | undefined {
  return dimensions[name]?.(line);
}

/** The key under which lines without a value are grouped, as `NoInstanceType`. */
export function absentName(dimension: string): string {
  const words = dimension.toLowerCase().split('_');
  const title = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
  return absentNames[dimension] ?? `No${title}`;
}
