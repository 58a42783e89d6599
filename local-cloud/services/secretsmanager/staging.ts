import { AwsError } from '../../core/errors.ts';

/** A version with the labels that name it; a label stands at one version. */
export interface Staged {
  readonly versionId: string;
  readonly stages: readonly string[];
}

export const current = 'AWSCURRENT';
export const previous = 'AWSPREVIOUS';
export const pending = 'AWSPENDING';

export const withStage = <Version extends Staged>(versions: readonly Version[], stage: string) =>
  versions.find(({ stages }) => stages.includes(stage));

/**
 * Moves labels to a version, from wherever they are. Where AWSCURRENT moves, AWSPREVIOUS goes to the version that had it.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html
 */
export function moveStages<Version extends Staged>(
  versions: readonly Version[],
  versionId: string,
  moved: readonly string[],
): Version[] {
  const before = moved.includes(current) ? withStage(versions, current) : undefined;
  const isReplaced = before !== undefined && before.versionId !== versionId;
  return versions.map((version) => {
    const left = version.stages.filter(
      (stage) => !moved.includes(stage) && !(isReplaced && stage === previous),
    );
    if (version.versionId === versionId) return { ...version, stages: [...left, ...moved] };
    return { ...version, stages: isReplaced && version === before ? [...left, previous] : left };
  });
}

/** Takes a label off a version; AWSCURRENT may only move. */
export function removeStage<Version extends Staged>(
  versions: readonly Version[],
  versionId: string,
  stage: string,
): Version[] {
  if (stage === current) {
    throw new AwsError(
      'InvalidParameterException',
      `You can only move staging label ${current} to a different secret version. It can’t be completely removed.`,
    );
  }
  return versions.map((version) =>
    version.versionId === versionId
      ? { ...version, stages: version.stages.filter((each) => each !== stage) }
      : version,
  );
}
