import { flag, integer, oneOf, tagList, text } from '../../core/input.ts';
import { inOrder, pageOf } from '../../core/pages.ts';
import type { Operation } from '../../core/service.ts';
import { matcherOf } from './filters.ts';
import { invalidToken, secretId } from './secret-input.ts';
import type { Secret, Secrets, Version } from './secrets.ts';

const dateOf = (time: number | undefined) => (time === undefined ? undefined : new Date(time));
const padded = (time: number) => String(time).padStart(16, '0');

/** What tells of secrets without their values. */
export function listingOperations(
  secrets: Secrets,
  nextRotation: (secret: Secret) => number | undefined,
): Record<string, Operation> {
  const describe = (secret: Secret) => ({
    ...{ ARN: secret.arn, Name: secret.name, Description: secret.description, KmsKeyId: secret.kmsKeyId },
    RotationEnabled: secret.rotation?.enabled,
    RotationLambdaARN: secret.rotation?.functionArn,
    RotationRules: secret.rotation?.rules,
    LastRotatedDate: dateOf(secret.rotation?.lastAt),
    NextRotationDate: dateOf(nextRotation(secret)),
    LastChangedDate: dateOf(secret.changedAt),
    LastAccessedDate: dateOf(secret.accessedAt),
    DeletedDate: dateOf(secret.deletedAt),
    CreatedDate: dateOf(secret.createdAt),
    Tags: tagList(secret.tags),
  });

  return {
    async DescribeSecret(input) {
      const secret = secrets.existing(secretId(input));
      return { ...describe(secret), VersionIdsToStages: stagesById(secret.versions) };
    },
    async ListSecrets(input) {
      const matches = matcherOf(input);
      const planned = flag(input, 'IncludePlannedDeletion') ?? false;
      const descending = oneOf(input, 'SortOrder', ['asc', 'desc']) !== 'asc';
      const keyOf = ({ createdAt, arn }: Secret) =>
        `${padded(descending ? Number.MAX_SAFE_INTEGER - createdAt : createdAt)} ${arn}`;
      const found = inOrder(
        secrets.all().filter((each) => (planned || each.deletionAt === undefined) && matches(each)),
        keyOf,
      );
      const size = integer(input, 'MaxResults', 1, 100) ?? 100;
      const { items, next } = pageOf(found, keyOf, size, text(input, 'NextToken'), invalidToken);
      return {
        SecretList: items.map((secret) => ({
          ...describe(secret),
          SecretVersionsToStages: stagesById(secret.versions),
        })),
        NextToken: next,
      };
    },
    async ListSecretVersionIds(input) {
      const secret = secrets.existing(secretId(input));
      const all = flag(input, 'IncludeDeprecated') ?? false;
      const keyOf = ({ createdAt, versionId }: Version) => `${padded(createdAt)} ${versionId}`;
      const found = inOrder(
        secret.versions.filter(({ stages }) => all || stages.length > 0),
        keyOf,
      );
      const size = integer(input, 'MaxResults', 1, 100) ?? 100;
      const { items, next } = pageOf(found, keyOf, size, text(input, 'NextToken'), invalidToken);
      return {
        ...{ ARN: secret.arn, Name: secret.name, NextToken: next },
        Versions: items.map(({ versionId, stages, createdAt, accessedAt }) => ({
          ...{ VersionId: versionId, VersionStages: stages.length > 0 ? stages : undefined },
          ...{ CreatedDate: dateOf(createdAt), LastAccessedDate: dateOf(accessedAt) },
          KmsKeyIds: ['DefaultEncryptionKey'],
        })),
      };
    },
  };
}

function stagesById(versions: readonly Version[]): Record<string, readonly string[]> {
  const staged = versions.filter(({ stages }) => stages.length > 0);
  return Object.fromEntries(staged.map(({ versionId, stages }) => [versionId, stages]));
}
