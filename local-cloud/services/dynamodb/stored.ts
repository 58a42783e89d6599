import type { Holding } from '../../core/service.ts';
import type { LocalClient } from './local-client.ts';

const GIGABYTE = 2 ** 30;
/** DynamoDB adds so much to each item for its index. */
const BYTES_BESIDE_ITEM = 100;

/** The gigabytes that each table stores, for the bill. */
export async function storedTables(local: LocalClient, arnPrefix: string): Promise<Holding[]> {
  const names: string[] = [];
  let last: unknown;
  do {
    const page = await local.call('ListTables', last === undefined ? {} : { ExclusiveStartTableName: last });
    names.push(...(page['TableNames'] as string[]));
    last = page['LastEvaluatedTableName'];
  } while (last !== undefined);

  const holdings: Holding[] = [];
  for (const name of names) {
    const { Table: table } = await local.call('DescribeTable', { TableName: name });
    const { TableSizeBytes: bytes = 0, ItemCount: items = 0 } = table as Record<string, number>;
    holdings.push({
      service: 'Amazon DynamoDB',
      usageType: 'TimedStorage-ByteHrs',
      operation: 'StandardStorage',
      resource: `${arnPrefix}table/${name}`,
      amount: (bytes + items * BYTES_BESIDE_ITEM) / GIGABYTE,
    });
  }
  return holdings;
}
