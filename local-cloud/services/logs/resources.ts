import { block } from '../../core/blocks.ts';
import type { ResourceHandler } from '../../core/service.ts';
import { checkRetention, type RemoveGroup } from './group-operations.ts';
import type { LogGroup, LogGroups } from './groups.ts';
import type { Retention } from './retention.ts';

/** `aws_cloudwatch_log_group`. Lines written before stay; a group that leaves the Terraform loses its lines. */
export function logGroupResource(
  groups: LogGroups,
  retention: Retention,
  removeGroup: RemoveGroup,
): ResourceHandler {
  return {
    async apply({ address, desired }, previous) {
      const prefix = desired['name_prefix'];
      const generated =
        typeof prefix === 'string' ? `${prefix}${Date.now()}` : (address.split('.').pop() ?? 'log-group');
      const name = String(desired['name'] ?? previous?.['name'] ?? generated);
      const days = Number(desired['retention_in_days'] ?? 0);
      const kmsKeyId = desired['kms_key_id'];
      const tags = (block(desired['tags']) ?? {}) as Record<string, string>;
      const wanted: LogGroup = {
        name,
        created: groups.get(name)?.created ?? Date.now(),
        logGroupClass: String(desired['log_group_class'] ?? 'STANDARD'),
        tags,
        // 0 means for ever in the provider's spelling.
        ...(days > 0 ? { retentionInDays: checkRetention(days) } : {}),
        ...(typeof kmsKeyId === 'string' ? { kmsKeyId } : {}),
      };
      if (JSON.stringify(groups.get(name)) !== JSON.stringify(wanted)) await groups.put(wanted);
      await retention.enforce(name);
      return { ...desired, id: name, name, arn: groups.arn(name), tags_all: tags };
    },
    async remove(_address, previous) {
      await removeGroup(String(previous['name']));
    },
  };
}
