import { setTimeout as delay } from 'node:timers/promises';
import { block } from '../../core/blocks.ts';
import { AwsError } from '../../core/errors.ts';
import type { Attributes, ResourceHandler } from '../../core/service.ts';
import type { LocalClient } from './local-client.ts';
import type { Names } from './names.ts';
import { type Index, sameShape, type TableDefinition, tableDefinition } from './table-definition.ts';

type Description = Omit<Partial<TableDefinition>, 'GlobalSecondaryIndexes'> & {
  GlobalSecondaryIndexes?: (Index & { IndexStatus?: string })[];
  LatestStreamArn?: string;
  LatestStreamLabel?: string;
  TableStatus?: string;
};

const INDEX_MILLISECONDS = 120_000;

/** `aws_dynamodb_table`: makes the table, or brings the one that stands up to date without touching its items. */
export function tableResource(
  client: () => Promise<LocalClient>,
  names: Names,
  settings: { set(table: string, desired: Attributes): Promise<void>; remove(table: string): Promise<void> },
): ResourceHandler {
  return {
    async apply({ desired }) {
      const local = await client();
      const wanted = tableDefinition(desired);
      await insisting(() => createOrUpdate(local, wanted));
      await setTimeToLive(local, wanted.TableName, block(desired['ttl']));
      await settings.set(wanted.TableName, desired);
      return attributes(names, wanted, await describe(local, wanted.TableName));
    },
    async remove(_address, previous) {
      const local = await client();
      const table = String(previous['name']);
      const standing = await describe(local, table);
      if (standing?.DeletionProtectionEnabled) {
        throw new AwsError(
          'ValidationException',
          `The table ${table} is no longer in the Terraform but is protected from deletion; put it back, or turn its deletion protection off first.`,
        );
      }
      if (standing) await local.call('DeleteTable', { TableName: table });
      await settings.remove(table);
    },
  };
}

export async function tableExists(local: LocalClient, table: string): Promise<boolean> {
  return (await describe(local, table)) !== undefined;
}

async function describe(local: LocalClient, table: string): Promise<Description | undefined> {
  try {
    return (await local.call('DescribeTable', { TableName: table }))['Table'] as Description;
  } catch (error) {
    if (error instanceof AwsError && error.code === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}

async function createOrUpdate(local: LocalClient, wanted: TableDefinition): Promise<void> {
  const standing = await describe(local, wanted.TableName);
  if (standing) await update(local, standing, wanted);
  else await local.call('CreateTable', wanted);
}

const retries = 3;
/** Milliseconds. */
const retryDelay = 300;

/**
 * On a busy machine DynamoDB Local sometimes answers an internal failure, and has done the work or not; so the next try
 * looks again at what stands.
 */
async function insisting(work: () => Promise<void>): Promise<void> {
  for (let left = retries; ; left--) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof AwsError) || error.status < 500 || left === 0) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, retryDelay));
  }
}

async function update(local: LocalClient, standing: Description, wanted: TableDefinition): Promise<void> {
  refuseChangedKeys(standing, wanted);
  const call = (change: object) => local.call('UpdateTable', { TableName: wanted.TableName, ...change });
  const billing = (standing as { BillingModeSummary?: { BillingMode?: string } }).BillingModeSummary
    ?.BillingMode;
  if ((billing ?? 'PROVISIONED') !== wanted.BillingMode) {
    await call({ BillingMode: wanted.BillingMode, ProvisionedThroughput: wanted.ProvisionedThroughput });
  }
  if ((standing.DeletionProtectionEnabled ?? false) !== wanted.DeletionProtectionEnabled) {
    await call({ DeletionProtectionEnabled: wanted.DeletionProtectionEnabled });
  }
  await updateStream(call, standing, wanted);
  await updateIndexes(local, call, standing, wanted);
}

function refuseChangedKeys(standing: Description, wanted: TableDefinition): void {
  const types = (definition: Partial<TableDefinition>) => {
    const keys = new Set(definition.KeySchema?.map(({ AttributeName }) => AttributeName));
    return definition.AttributeDefinitions?.filter(({ AttributeName }) => keys.has(AttributeName));
  };
  const local = (definition: Partial<TableDefinition>) =>
    definition.LocalSecondaryIndexes?.map(({ IndexName, KeySchema, Projection }) => [
      IndexName,
      KeySchema,
      Projection,
    ]);
  const same =
    sameShape(standing.KeySchema, wanted.KeySchema) &&
    sameShape(types(standing), types(wanted)) &&
    sameShape(local(standing) ?? [], local(wanted) ?? []);
  if (same) return;
  throw new AwsError(
    'ValidationException',
    `The key or the local indexes of the table ${wanted.TableName} changed; a table that holds data keeps them. Give the new table another name, or start with an empty data folder.`,
  );
}

async function updateStream(
  call: (change: object) => Promise<unknown>,
  standing: Description,
  wanted: TableDefinition,
): Promise<void> {
  const current = standing.StreamSpecification ?? { StreamEnabled: false };
  if (sameShape(current, wanted.StreamSpecification)) return;
  if (current.StreamEnabled) await call({ StreamSpecification: { StreamEnabled: false } });
  if (wanted.StreamSpecification.StreamEnabled)
    await call({ StreamSpecification: wanted.StreamSpecification });
}

async function updateIndexes(
  local: LocalClient,
  call: (change: object) => Promise<unknown>,
  standing: Description,
  wanted: TableDefinition,
): Promise<void> {
  const shape = ({ IndexName, KeySchema, Projection }: Index) => [IndexName, KeySchema, Projection];
  const has = (indexes: Index[] | undefined, one: Index) =>
    indexes?.some((other) => sameShape(shape(one), shape(other))) ?? false;
  const gone =
    standing.GlobalSecondaryIndexes?.filter((one) => !has(wanted.GlobalSecondaryIndexes, one)) ?? [];
  const added =
    wanted.GlobalSecondaryIndexes?.filter((one) => !has(standing.GlobalSecondaryIndexes, one)) ?? [];
  for (const { IndexName } of gone) {
    await call({ GlobalSecondaryIndexUpdates: [{ Delete: { IndexName } }] });
    await untilIndexesStand(local, wanted.TableName);
  }
  for (const index of added) {
    await call({
      AttributeDefinitions: wanted.AttributeDefinitions,
      GlobalSecondaryIndexUpdates: [{ Create: index }],
    });
    await untilIndexesStand(local, wanted.TableName);
  }
}

/** DynamoDB Local refuses writes while an index is being built. */
async function untilIndexesStand(local: LocalClient, table: string): Promise<void> {
  const deadline = Date.now() + INDEX_MILLISECONDS;
  while (Date.now() < deadline) {
    const indexes = (await describe(local, table))?.GlobalSecondaryIndexes ?? [];
    if (indexes.every(({ IndexStatus }) => IndexStatus === 'ACTIVE')) return;
    await delay(20);
  }
  throw new Error(
    `An index of the table ${table} was not built within ${INDEX_MILLISECONDS / 1000} seconds.`,
  );
}

async function setTimeToLive(
  local: LocalClient,
  table: string,
  wanted: Attributes | undefined,
): Promise<void> {
  const { TimeToLiveDescription: current } = (await local.call('DescribeTimeToLive', {
    TableName: table,
  })) as {
    TimeToLiveDescription?: { TimeToLiveStatus?: string; AttributeName?: string };
  };
  const enabled = current?.TimeToLiveStatus === 'ENABLED' ? current.AttributeName : undefined;
  const attribute = wanted && wanted['enabled'] !== false ? String(wanted['attribute_name']) : undefined;
  if (enabled === attribute) return;
  const change = (Enabled: boolean, AttributeName: string) =>
    local.call('UpdateTimeToLive', { TableName: table, TimeToLiveSpecification: { Enabled, AttributeName } });
  if (enabled !== undefined) await change(false, enabled);
  if (attribute !== undefined) await change(true, attribute);
}

function attributes(names: Names, wanted: TableDefinition, standing: Description | undefined): Attributes {
  return {
    id: wanted.TableName,
    name: wanted.TableName,
    arn: `${names.arnPrefix}table/${wanted.TableName}`,
    stream_arn: names.fromLocal(standing?.LatestStreamArn ?? ''),
    stream_label: standing?.LatestStreamLabel ?? '',
    hash_key: wanted.KeySchema[0]?.AttributeName,
  };
}
