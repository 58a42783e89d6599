import { AwsError, notSupported } from '../../core/errors.ts';
import { flag, type Input, objects, requiredText, requiredTexts, tagsOf } from '../../core/input.ts';
import type { Operation } from '../../core/service.ts';
import { checkPolicy } from './policies.ts';
import { putValue } from './put-value.ts';
import {
  checkName,
  invalid,
  invalidRequest,
  readDescription,
  readValue,
  requestToken,
  secretId,
} from './secret-input.ts';
import { isSame, notFound, type Secret, type Secrets } from './secrets.ts';
import { current } from './staging.ts';

const day = 86_400_000;
const mostTags = 50;

const named = ({ arn, name }: Secret) => ({ ARN: arn, Name: name });

/** What makes, changes and deletes secrets, their tags and policies. */
export function managingOperations(
  secrets: Secrets,
  changed: (secret: Secret) => Promise<void>,
  forgotten: (secret: Secret) => Promise<void>,
): Record<string, Operation> {
  async function keep(secret: Secret): Promise<Secret> {
    const kept = await secrets.keep({ ...secret, changedAt: Date.now() });
    await changed(kept);
    return kept;
  }

  return {
    async CreateSecret(input) {
      const name = checkName(requiredText(input, 'Name', 512));
      if (objects(input, 'AddReplicaRegions').length > 0)
        throw notSupported('secretsmanager', 'CreateSecret with AddReplicaRegions');
      const VersionId = requestToken(input);
      const value = readValue(input);
      const standing = secrets.named(name);
      if (standing) {
        await refuseSecond(secrets, standing, VersionId, value);
        return { ...named(standing), VersionId };
      }
      const tags = limited(tagsOf(input));
      const made = newSecret(secrets, name, { ...readDescription(input), tags });
      await secrets.keep(made);
      if (!value) return named(made);
      await putValue(secrets, made, VersionId, value, [current]);
      return { ...named(made), VersionId };
    },
    async UpdateSecret(input) {
      const secret = secrets.usable(secretId(input));
      const value = readValue(input);
      const VersionId = value && requestToken(input);
      const kept = await keep({ ...secret, ...readDescription(input) });
      if (!value || VersionId === undefined) return named(kept);
      await changed(await putValue(secrets, kept, VersionId, value, [current]));
      return { ...named(kept), VersionId };
    },
    async DeleteSecret(input) {
      const secret = secrets.named(secretId(input));
      const isForced = flag(input, 'ForceDeleteWithoutRecovery') ?? false;
      const days = readWindow(input, isForced);
      if (!secret) {
        if (!isForced) throw notFound();
        const name = checkName(secretId(input).replace(/^arn:.*:secret:/u, ''));
        return { ARN: secrets.newArn(name), Name: name, DeletionDate: new Date() };
      }
      if (isForced) {
        await forgotten(secret);
        await secrets.remove(secret);
        return { ...named(secret), DeletionDate: new Date() };
      }
      if (secret.deletionAt !== undefined) {
        throw invalidRequest(
          "You tried to perform the operation on a secret that's currently marked deleted.",
        );
      }
      const deletedAt = Date.now();
      const kept = await keep({ ...secret, deletedAt, deletionAt: deletedAt + days * day });
      return { ...named(kept), DeletionDate: new Date(deletedAt + days * day) };
    },
    async RestoreSecret(input) {
      return named(await keep(restored(secrets.existing(secretId(input)))));
    },
    async TagResource(input) {
      const secret = secrets.usable(secretId(input));
      await keep({ ...secret, tags: limited({ ...secret.tags, ...tagsOf(input) }) });
      return {};
    },
    async UntagResource(input) {
      const secret = secrets.usable(secretId(input));
      const gone = requiredTexts(input, 'TagKeys', 200);
      const left = Object.entries(secret.tags).filter(([key]) => !gone.includes(key));
      await keep({ ...secret, tags: Object.fromEntries(left) });
      return {};
    },
    async PutResourcePolicy(input) {
      const secret = secrets.usable(secretId(input));
      const policy = requiredText(input, 'ResourcePolicy', 20_480);
      checkPolicy(policy, flag(input, 'BlockPublicPolicy') ?? false);
      return named(await keep({ ...secret, policy }));
    },
    async GetResourcePolicy(input) {
      const secret = secrets.usable(secretId(input));
      return { ...named(secret), ResourcePolicy: secret.policy };
    },
    async DeleteResourcePolicy(input) {
      const { policy: _, ...secret } = secrets.usable(secretId(input));
      return named(await keep(secret));
    },
  };
}

/** A secret that has no value yet. */
export function newSecret(
  secrets: Secrets,
  name: string,
  given: Pick<Secret, 'tags'> & Partial<Secret>,
): Secret {
  const now = Date.now();
  return {
    ...{ name, arn: secrets.newArn(name), versions: [] },
    ...{ createdAt: now, changedAt: now, valueAt: now },
    ...given,
  };
}

export function restored({ deletionAt: _, deletedAt: _deleted, ...secret }: Secret): Secret {
  return secret;
}

/** A request that was sent twice makes one secret; any other one of the same name is refused. */
async function refuseSecond(
  secrets: Secrets,
  standing: Secret,
  token: string,
  value: ReturnType<typeof readValue>,
): Promise<void> {
  if (standing.deletionAt !== undefined) {
    throw invalidRequest(
      "You can't create this secret because a secret with this name is already scheduled for deletion.",
    );
  }
  const isAgain = standing.versions.some(({ versionId }) => versionId === token);
  if (isAgain && value && isSame(await secrets.valueOf(standing, token), value)) return;
  throw new AwsError(
    'ResourceExistsException',
    `The operation failed because the secret ${standing.name} already exists.`,
  );
}

function readWindow(input: Input, isForced: boolean): number {
  const days = input['RecoveryWindowInDays'];
  if (days === undefined || days === null) return 30;
  if (isForced) {
    throw invalid("You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.");
  }
  if (typeof days === 'number' && Number.isInteger(days) && days >= 7 && days <= 30) return days;
  throw invalid('The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).');
}

function limited(tags: Record<string, string>): Record<string, string> {
  if (Object.keys(tags).length <= mostTags) return tags;
  throw invalid(`A secret has at most ${mostTags} tags.`);
}
