import { boundedText, flag } from '../../core/input.ts';
import type { Operation } from '../../core/service.ts';
import { readRules } from './rotation-rules.ts';
import type { Rotations } from './rotations.ts';
import { invalidRequest, requestToken, secretId } from './secret-input.ts';
import type { Rotation, Secret, Secrets } from './secrets.ts';

export function rotationOperations(secrets: Secrets, rotations: Rotations): Record<string, Operation> {
  return {
    async RotateSecret(input) {
      const secret = secrets.usable(secretId(input));
      const functionArn = boundedText(input, 'RotationLambdaARN', 2048) ?? secret.rotation?.functionArn;
      const rules = readRules(input) ?? secret.rotation?.rules ?? {};
      const VersionId = requestToken(input);
      const immediately = flag(input, 'RotateImmediately') ?? true;
      if (functionArn === undefined)
        throw invalidRequest('No Lambda rotation function ARN is associated with this secret.');
      await rotate(secrets, rotations, secret, { functionArn, rules, versionId: VersionId, immediately });
      return { ARN: secret.arn, Name: secret.name, VersionId };
    },
    async CancelRotateSecret(input) {
      const secret = secrets.usable(secretId(input));
      if (!secret.rotation)
        throw invalidRequest('Rotation is not enabled for the secret: there is nothing to cancel.');
      const { underWay: _, ...rotation } = secret.rotation;
      const kept = await secrets.keep({ ...secret, rotation: { ...rotation, enabled: false } });
      await rotations.changed(kept);
      return { ARN: kept.arn, Name: kept.name };
    },
  };
}

/** Sets how a secret is rotated, and begins with it; where that may wait, its function is only tried. */
export async function rotate(
  secrets: Secrets,
  rotations: Rotations,
  secret: Secret,
  wanted: Pick<Rotation, 'functionArn' | 'rules'> & { versionId: string; immediately: boolean },
): Promise<void> {
  const { functionArn, rules, versionId, immediately } = wanted;
  rotations.requireFunction(secret.arn, functionArn);
  const rotation: Rotation = { ...secret.rotation, enabled: true, functionArn, rules };
  const kept = await secrets.keep({ ...secret, rotation, changedAt: Date.now() });
  await rotations.changed(kept);
  await rotations.begin(kept.arn, rotation, versionId, !immediately);
}
