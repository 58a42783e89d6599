import { AwsError } from '../../core/errors.ts';
import type { Operation } from '../../core/service.ts';
import type { Archive, Archives } from './archives.ts';
import { optionalText, page, requiredText } from './values.ts';

/** Archives as they stand. They are made by the Terraform. */
export function archiveOperations(archives: Archives): Record<string, Operation> {
  const summaryOf = async (archive: Archive) => {
    const { count, bytes } = await archives.sizeOf(archive.name);
    return {
      ...{ ArchiveName: archive.name, EventSourceArn: archive.busArn, State: 'ENABLED' },
      ...{ RetentionDays: archive.retentionDays, EventCount: count, SizeBytes: bytes },
      CreationTime: new Date(archive.createdAt),
    };
  };
  return {
    async DescribeArchive(input) {
      const name = requiredText(input, 'ArchiveName');
      const archive = archives.get(name);
      if (!archive) throw new AwsError('ResourceNotFoundException', `Archive ${name} does not exist.`);
      const { arn: ArchiveArn, description: Description, eventPattern: EventPattern } = archive;
      return { ArchiveArn, Description, EventPattern, ...(await summaryOf(archive)) };
    },
    async ListArchives(input) {
      const prefix = optionalText(input, 'NamePrefix') ?? '';
      const source = optionalText(input, 'EventSourceArn');
      const all = archives
        .all()
        .filter(({ name, busArn }) => name.startsWith(prefix) && (source === undefined || busArn === source));
      const { items, next } = page(all, input);
      return { Archives: await Promise.all(items.map(summaryOf)), ...next };
    },
  };
}
