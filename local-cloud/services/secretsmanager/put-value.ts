import { AwsError } from '../../core/errors.ts';
import { isSame, type Secret, type Secrets, type SecretValue, type Version } from './secrets.ts';
import { current, moveStages, withStage } from './staging.ts';

/**
 * Puts a value as the version with the id, with its labels. Sent twice it makes one version. Throws
 * `ResourceExistsException` where the version has another value.
 */
export async function putValue(
  secrets: Secrets,
  secret: Secret,
  versionId: string,
  value: SecretValue,
  stages: readonly string[],
): Promise<Secret> {
  const standing = secret.versions.find((each) => each.versionId === versionId);
  if (standing?.hasValue) {
    if (isSame(await secrets.valueOf(secret, versionId), value)) return secret;
    throw new AwsError(
      'ResourceExistsException',
      `You can't use ClientRequestToken ${versionId} because that value is already in use for a version of secret ${secret.arn}.`,
    );
  }
  // What came in while the disk was asked must not be lost.
  const now = secrets.existing(secret.arn);
  const at = Date.now();
  const added: Version = { versionId, stages: [], createdAt: at, hasValue: true };
  const versions = standing
    ? now.versions.map((each) => (each.versionId === versionId ? { ...each, hasValue: true } : each))
    : [...now.versions, added];
  // The first value is the current one, whatever else it is called.
  const moved = withStage(now.versions, current) ? stages : [...new Set([...stages, current])];
  const valueAt = moved.includes(current) ? at : now.valueAt;
  return secrets.keep(
    { ...now, versions: moveStages(versions, versionId, moved), changedAt: at, valueAt },
    { versionId, value },
  );
}
