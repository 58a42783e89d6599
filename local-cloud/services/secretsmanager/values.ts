import type { Caller } from '../../core/access.ts';
import type { Cloud } from '../../core/cloud.ts';
import { AwsError } from '../../core/errors.ts';
import { type Input, integer, objects, requiredText, text, texts } from '../../core/input.ts';
import { inOrder, pageOf } from '../../core/pages.ts';
import type { Operation } from '../../core/service.ts';
import { matcherOf } from './filters.ts';
import { putValue } from './put-value.ts';
import { invalid, invalidRequest, invalidToken, readValue, requestToken, secretId } from './secret-input.ts';
import type { Secret, Secrets, Version } from './secrets.ts';
import { current, moveStages, removeStage, withStage } from './staging.ts';

const day = 86_400_000;

/** What reads and puts the values of secrets, and moves their labels. */
export function valueOperations(
  cloud: Cloud,
  secrets: Secrets,
  changed: (secret: Secret) => Promise<void>,
): Record<string, Operation> {
  async function read(secret: Secret, input: Input) {
    const version = versionOf(secret, input);
    const value = await secrets.valueOf(secret, version.versionId);
    if (!value) throw noValue(`staging label: ${version.stages[0] ?? version.versionId}`);
    await noteAccess(secrets, secret, version);
    return {
      ...{ ARN: secret.arn, Name: secret.name, VersionId: version.versionId },
      ...('string' in value ? { SecretString: value.string } : { SecretBinary: value.binary }),
      ...{ VersionStages: version.stages, CreatedDate: new Date(version.createdAt) },
    };
  }

  /** Each secret of a batch needs leave of its own. */
  async function readAllowed(id: string, caller: Caller) {
    const resource = secrets.named(id)?.arn ?? id;
    cloud.ports.access.require(caller, { action: 'secretsmanager:GetSecretValue', resource });
    return read(secrets.usable(id), {});
  }

  return {
    async GetSecretValue(input) {
      return read(secrets.usable(secretId(input)), input);
    },
    async BatchGetSecretValue(input, { caller }) {
      const { ids, NextToken } = idsOf(secrets, input);
      const SecretValues: object[] = [];
      const Errors: object[] = [];
      for (const id of ids) {
        try {
          SecretValues.push(await readAllowed(id, caller));
        } catch (error) {
          if (!(error instanceof AwsError)) throw error;
          Errors.push({ SecretId: id, ErrorCode: error.code, Message: error.message });
        }
      }
      return { SecretValues, Errors, NextToken };
    },
    async PutSecretValue(input) {
      const secret = secrets.usable(secretId(input));
      const value = readValue(input);
      if (!value) throw invalid('You must provide either SecretString or SecretBinary.');
      const stages = input['VersionStages'] === undefined ? [current] : texts(input, 'VersionStages');
      if (stages.length < 1 || stages.length > 20 || stages.some((stage) => !/^.{1,256}$/u.test(stage)))
        throw invalid('VersionStages must be 1 to 20 labels of 1 to 256 characters.');
      const VersionId = requestToken(input);
      const kept = await putValue(secrets, secret, VersionId, value, [...new Set(stages)]);
      await changed(kept);
      const VersionStages = kept.versions.find(({ versionId }) => versionId === VersionId)?.stages;
      return { ARN: kept.arn, Name: kept.name, VersionId, VersionStages };
    },
    async UpdateSecretVersionStage(input) {
      const secret = secrets.usable(secretId(input));
      const changedAt = Date.now();
      const isNewValue = input['VersionStage'] === current;
      const kept = await secrets.keep({
        ...{ ...secret, versions: movedStage(secret, input), changedAt },
        valueAt: isNewValue ? changedAt : secret.valueAt,
      });
      await changed(kept);
      return { ARN: kept.arn, Name: kept.name };
    },
  };
}

const noValue = (what: string) =>
  new AwsError(
    'ResourceNotFoundException',
    `Secrets Manager can't find the specified secret value for ${what}`,
  );

function versionOf(secret: Secret, input: Input): Version {
  const id = text(input, 'VersionId');
  const stage = text(input, 'VersionStage') ?? (id === undefined ? current : undefined);
  if (id === undefined) {
    const version = withStage(secret.versions, stage ?? current);
    if (!version) throw noValue(`staging label: ${stage}`);
    return version;
  }
  const version = secret.versions.find(({ versionId }) => versionId === id);
  if (!version) throw noValue(`VersionId: ${id}`);
  if (stage !== undefined && !version.stages.includes(stage))
    throw invalidRequest('You provided a VersionStage that is not associated to the provided VersionId.');
  return version;
}

/** Told by the day, as on AWS. */
async function noteAccess(secrets: Secrets, secret: Secret, version: Version): Promise<void> {
  const accessedAt = Math.floor(Date.now() / day) * day;
  if (secret.accessedAt === accessedAt && version.accessedAt === accessedAt) return;
  const now = secrets.named(secret.arn);
  if (!now) return;
  const versions = now.versions.map((each) =>
    each.versionId === version.versionId ? { ...each, accessedAt } : each,
  );
  await secrets.keep({ ...now, accessedAt, versions });
}

function idsOf(secrets: Secrets, input: Input): { ids: string[]; NextToken: string | undefined } {
  const ids = texts(input, 'SecretIdList');
  const hasFilters = objects(input, 'Filters').length > 0;
  if (ids.length > 0 === hasFilters) {
    throw invalid(
      hasFilters
        ? 'You can specify either SecretIdList or Filters, but not both.'
        : 'You must specify either SecretIdList or Filters.',
    );
  }
  if (ids.length > 20) throw invalid('SecretIdList has at most 20 entries.');
  if (!hasFilters) return { ids: [...new Set(ids)], NextToken: undefined };
  const matches = matcherOf(input);
  const found = inOrder(
    secrets.all().filter((secret) => secret.deletionAt === undefined && matches(secret)),
    ({ arn }) => arn,
  );
  const size = integer(input, 'MaxResults', 1, 20) ?? 20;
  const { items, next } = pageOf(found, ({ arn }) => arn, size, text(input, 'NextToken'), invalidToken);
  return { ids: items.map(({ arn }) => arn), NextToken: next };
}

function movedStage({ versions }: Secret, input: Input): Version[] {
  const stage = requiredText(input, 'VersionStage', 256);
  const to = text(input, 'MoveToVersionId');
  const from = text(input, 'RemoveFromVersionId');
  for (const id of [to, from]) {
    if (id !== undefined && !versions.some(({ versionId }) => versionId === id))
      throw noValue(`VersionId: ${id}`);
  }
  const holder = withStage(versions, stage);
  if (holder && holder.versionId !== to && from === undefined) {
    throw invalid(
      `The parameter RemoveFromVersionId can't be empty. Staging label ${stage} is currently attached to version ${holder.versionId}, so you must explicitly reference that version in RemoveFromVersionId.`,
    );
  }
  if (from !== undefined && holder?.versionId !== from)
    throw invalid(`Staging label ${stage} is not attached to version ${from}.`);
  if (to !== undefined) return moveStages(versions, to, [stage]);
  if (from === undefined) throw invalid('You must provide MoveToVersionId or RemoveFromVersionId.');
  return removeStage(versions, from, stage);
}
