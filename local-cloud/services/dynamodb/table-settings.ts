import { block, blocks } from '../../core/blocks.ts';
import { AwsError } from '../../core/errors.ts';
import type { Attributes } from '../../core/service.ts';
import type { StateNamespace } from '../../core/state.ts';
import type { Names } from './names.ts';
import type { OwnOperation } from './proxy.ts';

interface Settings {
  pointInTimeRecovery: boolean;
  tags: Record<string, string>;
}

/** What a table has on AWS but DynamoDB Local does not know: point-in-time recovery (kept, without effect) and tags. */
export function createTableSettings(
  state: StateNamespace,
  names: Names,
  exists: (table: string) => Promise<boolean>,
) {
  const read = async (table: string): Promise<Settings> => {
    const found = await state.get<Settings>(table);
    if (found) return found;
    if (await exists(table)) return { pointInTimeRecovery: false, tags: {} };
    throw new AwsError(
      'ResourceNotFoundException',
      `Requested resource not found: Table: ${table} not found`,
    );
  };
  const tableOf = (arn: unknown): string => {
    const prefix = `${names.arnPrefix}table/`;
    if (typeof arn === 'string' && arn.startsWith(prefix)) return arn.slice(prefix.length);
    throw new AwsError('ValidationException', `Invalid TableArn: ${arn}`);
  };
  const backups = ({ pointInTimeRecovery }: Settings) => ({
    ContinuousBackupsDescription: {
      ContinuousBackupsStatus: 'ENABLED',
      PointInTimeRecoveryDescription: {
        PointInTimeRecoveryStatus: pointInTimeRecovery ? 'ENABLED' : 'DISABLED',
      },
    },
  });

  const operations: Record<string, OwnOperation> = {
    DescribeContinuousBackups: async ({ TableName }) => backups(await read(String(TableName))),
    async UpdateContinuousBackups({ TableName, PointInTimeRecoverySpecification: wanted }) {
      const settings = await read(String(TableName));
      const enabled = (wanted as { PointInTimeRecoveryEnabled?: unknown } | undefined)
        ?.PointInTimeRecoveryEnabled;
      const changed = { ...settings, pointInTimeRecovery: enabled === true };
      await state.put(String(TableName), changed);
      return backups(changed);
    },
    async ListTagsOfResource({ ResourceArn }) {
      const { tags } = await read(tableOf(ResourceArn));
      return { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
    },
    async TagResource({ ResourceArn, Tags }) {
      const table = tableOf(ResourceArn);
      const settings = await read(table);
      const added = blocks(Tags).map(({ Key, Value }) => [String(Key), String(Value)] as const);
      await state.put(table, { ...settings, tags: { ...settings.tags, ...Object.fromEntries(added) } });
      return {};
    },
    async UntagResource({ ResourceArn, TagKeys }) {
      const table = tableOf(ResourceArn);
      const settings = await read(table);
      const gone = new Set(Array.isArray(TagKeys) ? TagKeys : []);
      const tags = Object.fromEntries(Object.entries(settings.tags).filter(([key]) => !gone.has(key)));
      await state.put(table, { ...settings, tags });
      return {};
    },
  };

  return {
    operations,
    /** Sets what the Terraform wants. */
    async set(table: string, desired: Attributes): Promise<void> {
      const settings: Settings = {
        pointInTimeRecovery: block(desired['point_in_time_recovery'])?.['enabled'] === true,
        tags: (desired['tags'] ?? {}) as Record<string, string>,
      };
      const kept = await state.get<Settings>(table);
      if (JSON.stringify(kept) !== JSON.stringify(settings)) await state.put(table, settings);
    },
    remove: (table: string) => state.delete(table),
  };
}
