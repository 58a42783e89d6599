import { randomBytes, randomUUID } from 'node:crypto';
import { block, blocks } from '../../core/blocks.ts';
import { notSupported } from '../../core/errors.ts';
import type { Attributes, DataReader, ResourceHandler } from '../../core/service.ts';
import { newSecret, restored } from './managing.ts';
import { checkPolicy } from './policies.ts';
import { putValue } from './put-value.ts';
import { randomPassword } from './random-password.ts';
import { rotate } from './rotation-operations.ts';
import { readRules } from './rotation-rules.ts';
import type { Rotations } from './rotations.ts';
import { checkName, invalid, readValue } from './secret-input.ts';
import { isSame, type Secret, type Secrets } from './secrets.ts';
import { current, withStage } from './staging.ts';

const day = 86_400_000;

/** The Terraform types of Secrets Manager. No value of a secret is among what they answer. */
export function secretResources(secrets: Secrets, rotations: Rotations): Record<string, ResourceHandler> {
  return {
    aws_secretsmanager_secret: secretHandler(secrets, rotations),
    aws_secretsmanager_secret_version: versionHandler(secrets, rotations),
    aws_secretsmanager_secret_policy: policyHandler(secrets),
    aws_secretsmanager_secret_rotation: rotationHandler(secrets, rotations),
  };
}

const tagsIn = ({ tags }: Attributes): Record<string, string> =>
  Object.fromEntries(Object.entries((tags ?? {}) as Attributes).map(([key, tag]) => [key, String(tag)]));

const optional = (desired: Attributes, name: string) =>
  desired[name] === undefined || desired[name] === null ? undefined : String(desired[name]);

/** The given name, or the one made before, or a new one after the prefix as Terraform makes it. */
function nameOf(desired: Attributes, previous: Attributes | undefined): string {
  const given = optional(desired, 'name');
  if (given !== undefined) return given;
  const prefix = optional(desired, 'name_prefix') ?? 'terraform-';
  const before = previous && optional(previous, 'name');
  return before?.startsWith(prefix) ? before : prefix + randomBytes(13).toString('hex');
}

function secretHandler(secrets: Secrets, rotations: Rotations): ResourceHandler {
  async function discard(secret: Secret, days: number): Promise<void> {
    await rotations.forget(secret);
    if (days === 0) await secrets.remove(secret);
    else {
      const deletedAt = Date.now();
      await secrets.keep({ ...secret, deletedAt, deletionAt: deletedAt + days * day });
    }
  }

  return {
    async apply({ desired }, previous) {
      if (blocks(desired['replica']).length > 0)
        throw notSupported('aws_secretsmanager_secret', 'with replica');
      const name = checkName(nameOf(desired, previous));
      const before = previous && secrets.named(String(previous['arn']));
      if (before && before.name !== name && before.deletionAt === undefined)
        await discard(before, windowOf(previous));
      const policy = optional(desired, 'policy');
      if (policy !== undefined) checkPolicy(policy, false);
      const standing = secrets.named(name);
      // One that is marked for deletion is taken back: nobody could do so while the start is refused.
      const secret = await secrets.keep({
        ...(standing ? restored(standing) : newSecret(secrets, name, { tags: {} })),
        description: optional(desired, 'description'),
        kmsKeyId: optional(desired, 'kms_key_id'),
        tags: tagsIn(desired),
        ...(policy === undefined ? {} : { policy }),
      });
      return {
        ...desired,
        id: secret.arn,
        arn: secret.arn,
        name,
        recovery_window_in_days: windowOf(desired),
      };
    },
    async remove(_address, previous) {
      const secret = secrets.named(String(previous['arn']));
      if (secret && secret.deletionAt === undefined) await discard(secret, windowOf(previous));
    },
  };
}

function windowOf({ recovery_window_in_days: given }: Attributes): number {
  const days = given === undefined ? 30 : Number(given);
  if (days === 0 || (Number.isInteger(days) && days >= 7 && days <= 30)) return days;
  throw invalid('recovery_window_in_days must be 0 or from 7 to 30.');
}

function versionHandler(secrets: Secrets, rotations: Rotations): ResourceHandler {
  return {
    async apply({ desired, ignoreChanges = [] }, previous) {
      if (desired['secret_string_wo'] !== undefined)
        throw notSupported('aws_secretsmanager_secret_version', 'with secret_string_wo');
      const secret = secrets.usable(String(desired['secret_id']));
      const value = readValue({
        SecretString: optional(desired, 'secret_string'),
        SecretBinary: optional(desired, 'secret_binary'),
      });
      if (!value) throw invalid('You must provide either secret_string or secret_binary.');
      const before = previous && optional(previous, 'version_id');
      const isIgnored = ['secret_string', 'secret_binary', 'all'].some((name) =>
        ignoreChanges.includes(name),
      );
      // What was put or rotated since stands: the Terraform speaks of its own version.
      const stands =
        before !== undefined &&
        secret.versions.some(({ versionId }) => versionId === before) &&
        (isIgnored || isSame(await secrets.valueOf(secret, before), value));
      const versionId = stands ? before : randomUUID();
      const stages = Array.isArray(desired['version_stages'])
        ? desired['version_stages'].map(String)
        : [current];
      const kept = stands ? secret : await putValue(secrets, secret, versionId, value, stages);
      if (!stands) await rotations.changed(kept);
      const { secret_string: _, secret_binary: _binary, ...shown } = desired;
      return {
        ...{ ...shown, id: `${kept.arn}|${versionId}`, arn: kept.arn, version_id: versionId },
        version_stages: kept.versions.find((each) => each.versionId === versionId)?.stages ?? [],
      };
    },
    async remove(_address, previous) {
      const secret = secrets.named(String(previous['arn']));
      if (!secret) return;
      // As the provider does: the current version stays, any other one loses its labels.
      const versions = secret.versions.map((version) =>
        version.versionId === previous['version_id'] && !version.stages.includes(current)
          ? { ...version, stages: [] }
          : version,
      );
      await secrets.keep({ ...secret, versions });
    },
  };
}

function policyHandler(secrets: Secrets): ResourceHandler {
  return {
    async apply({ desired }) {
      const secret = secrets.usable(String(desired['secret_arn']));
      const policy = String(desired['policy']);
      checkPolicy(policy, desired['block_public_policy'] === true);
      await secrets.keep({ ...secret, policy });
      return { ...desired, id: secret.arn, secret_arn: secret.arn };
    },
    async remove(_address, previous) {
      const found = secrets.named(String(previous['secret_arn']));
      if (!found) return;
      const { policy: _, ...secret } = found;
      await secrets.keep(secret);
    },
  };
}

function rotationHandler(secrets: Secrets, rotations: Rotations): ResourceHandler {
  return {
    async apply({ desired }) {
      const secret = secrets.usable(String(desired['secret_id']));
      const functionArn = optional(desired, 'rotation_lambda_arn');
      if (functionArn === undefined)
        throw notSupported('aws_secretsmanager_secret_rotation', 'without rotation_lambda_arn');
      const given = block(desired['rotation_rules']) ?? {};
      const days = given['automatically_after_days'];
      const rules =
        readRules({
          RotationRules: {
            AutomaticallyAfterDays: days === undefined ? undefined : Number(days),
            Duration: optional(given, 'duration'),
            ScheduleExpression: optional(given, 'schedule_expression'),
          },
        }) ?? {};
      const { rotation } = secret;
      const stands =
        rotation?.enabled === true &&
        rotation.functionArn === functionArn &&
        JSON.stringify(rotation.rules) === JSON.stringify(rules);
      if (!stands) {
        const immediately = desired['rotate_immediately'] !== false;
        await rotate(secrets, rotations, secret, {
          ...{ functionArn, rules, versionId: randomUUID(), immediately },
        });
      }
      return { ...desired, id: secret.arn, rotation_enabled: true };
    },
    async remove(_address, previous) {
      const secret = secrets.named(String(previous['id']));
      if (!secret?.rotation) return;
      const { underWay: _, ...rotation } = secret.rotation;
      await rotations.changed(await secrets.keep({ ...secret, rotation: { ...rotation, enabled: false } }));
    },
  };
}

/** The data sources of Secrets Manager. */
export function secretData(secrets: Secrets): Record<string, DataReader> {
  return {
    aws_secretsmanager_secret: async ({ name, arn }) => {
      const secret = secrets.usable(String(arn ?? name));
      return {
        ...{ id: secret.arn, arn: secret.arn, name: secret.name, description: secret.description ?? '' },
        ...{ kms_key_id: secret.kmsKeyId ?? '', policy: secret.policy ?? '', tags: secret.tags },
      };
    },
    aws_secretsmanager_secret_version: async (body) => {
      const secret = secrets.usable(String(body['secret_id']));
      const wanted = optional(body, 'version_id');
      const version =
        wanted === undefined
          ? withStage(secret.versions, optional(body, 'version_stage') ?? current)
          : secret.versions.find(({ versionId }) => versionId === wanted);
      const value = version && (await secrets.valueOf(secret, version.versionId));
      if (!value) throw invalid(`The secret ${secret.name} has no such version with a value.`);
      return {
        ...{ id: `${secret.arn}|${version.versionId}`, arn: secret.arn, version_id: version.versionId },
        version_stages: version.stages,
        secret_string: 'string' in value ? value.string : '',
        secret_binary: 'binary' in value ? value.binary : '',
      };
    },
    aws_secretsmanager_random_password: async (body) => ({
      random_password: randomPassword({
        PasswordLength: body['password_length'],
        ExcludeCharacters: body['exclude_characters'],
        ExcludeNumbers: body['exclude_numbers'],
        ExcludePunctuation: body['exclude_punctuation'],
        ExcludeUppercase: body['exclude_uppercase'],
        ExcludeLowercase: body['exclude_lowercase'],
        IncludeSpace: body['include_space'],
        RequireEachIncludedType: body['require_each_included_type'],
      }),
    }),
  };
}
