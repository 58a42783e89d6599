import type { Cloud } from '../../core/cloud.ts';
import { AwsError, notSupported } from '../../core/errors.ts';
import {
  boundedText,
  constraint,
  flag,
  type Input,
  oneOf,
  requiredText,
  tagsOf,
  text,
} from '../../core/input.ts';
import type { Operation } from '../../core/service.ts';
import { nameOf } from '../iam/access.ts';
import { announceChange } from './change-events.ts';
import { bareName, checkName } from './names.ts';
import {
  latestOf,
  type Parameter,
  type Parameters,
  type ParameterType,
  parameterTypes,
  type Tier,
  type Version,
} from './parameters.ts';

const mostVersions = 100;
const mostTags = 50;
const mostStandard = 10_000;
const standardBytes = 4 * 1024;
const advancedBytes = 8 * 1024;

const invalid = (message: string) => new AwsError('ValidationException', message);

/** What is wanted of a new version, before it is held against the versions that stand. */
export interface Wanted {
  name: string;
  value: string;
  type: ParameterType | undefined;
  tier: 'Standard' | 'Advanced' | 'Intelligent-Tiering' | undefined;
  description: string | undefined;
  allowedPattern: string | undefined;
  keyId: string | undefined;
  tags: Record<string, string>;
}

export function putParameter(cloud: Cloud, parameters: Parameters): Operation {
  return async (input, { caller }) => {
    const wanted = readWanted(input);
    const overwrite = flag(input, 'Overwrite') ?? false;
    if (overwrite && Object.keys(wanted.tags).length > 0) {
      throw invalid(
        "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource.",
      );
    }
    if (parameters.named(wanted.name) && !overwrite) {
      throw new AwsError(
        'ParameterAlreadyExists',
        'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
      );
    }
    const { version, tier } = await put(cloud, parameters, wanted, nameOf(cloud, caller));
    return { Version: version, Tier: tier };
  };
}

function readWanted(input: Input): Wanted {
  const given = requiredText(input, 'Name', 2048);
  const name = bareName(given);
  checkName(name);
  const dataType = text(input, 'DataType') ?? 'text';
  if (['aws:ec2:image', 'aws:ssm:integration'].includes(dataType))
    throw notSupported('ssm', `PutParameter with the data type ${dataType}`);
  if (dataType !== 'text')
    throw invalid(
      `The following data type is not supported: ${dataType} (Data type names are all lowercase.)`,
    );
  if (text(input, 'Policies')) throw notSupported('ssm', 'PutParameter with Policies');
  const value = text(input, 'Value');
  if (value === undefined) throw constraint('Value', 'null', 'not be null');
  // Not told: it may be a secret.
  if (value === '') throw constraint('Value', "''", 'have length greater than or equal to 1');
  return {
    ...{ name, value },
    type: oneOf(input, 'Type', parameterTypes),
    tier: oneOf(input, 'Tier', ['Standard', 'Advanced', 'Intelligent-Tiering']),
    description: text(input, 'Description')?.slice(0, 1024),
    allowedPattern: text(input, 'AllowedPattern') === '' ? '' : boundedText(input, 'AllowedPattern', 1024),
    keyId: boundedText(input, 'KeyId', 256),
    tags: tagsOf(input),
  };
}

/** Makes the next version of a parameter, and the parameter where it is not there. Durable when it resolves. */
export async function put(
  cloud: Cloud,
  parameters: Parameters,
  wanted: Wanted,
  modifiedBy: string,
): Promise<Version> {
  const parameter = parameters.named(wanted.name);
  const before = parameter && latestOf(parameter);
  const type = wanted.type ?? before?.type;
  if (type === undefined) throw invalid('A parameter type is required when you create a parameter.');
  if (before && before.type !== type) {
    throw new AwsError(
      'HierarchyTypeMismatchException',
      `The parameter ${wanted.name} is of the type ${before.type}: a parameter cannot change its type.`,
    );
  }
  if (wanted.keyId !== undefined && type !== 'SecureString')
    throw invalid('KeyId is required for SecureString type parameter only.');
  if (Object.keys(wanted.tags).length > mostTags)
    throw new AwsError('TooManyTagsError', `A parameter has at most ${mostTags} tags.`);
  const tier = tierOf(wanted, before);
  if (!before && tier === 'Standard' && parameters.count() >= mostStandard)
    throw new AwsError('ParameterLimitExceeded', `There are at most ${mostStandard} standard parameters.`);
  const allowedPattern = wanted.allowedPattern ?? before?.allowedPattern;
  checkPattern(wanted.value, allowedPattern);
  const next: Version = {
    ...{ version: (before?.version ?? 0) + 1, type, value: wanted.value, tier, allowedPattern, modifiedBy },
    description: wanted.description ?? before?.description,
    keyId: type === 'SecureString' ? (wanted.keyId ?? before?.keyId ?? 'alias/aws/ssm') : undefined,
    modifiedAt: Date.now(),
    labels: [],
  };
  const stands = await parameters.addVersion(
    parameter?.name ?? wanted.name,
    next,
    parameter && oldestToDrop(parameter),
    wanted.tags,
  );
  await announceChange(cloud, stands, next, before ? 'Update' : 'Create');
  return next;
}

/** A hundred versions are kept; one with a label is never dropped. */
function oldestToDrop({ name, versions }: Parameter): Version | undefined {
  const oldest = versions[0];
  if (versions.length < mostVersions || !oldest) return undefined;
  if (oldest.labels.length === 0) return oldest;
  throw new AwsError(
    'ParameterMaxVersionLimitExceeded',
    `You attempted to create a new version of ${name} by calling the PutParameter API with the overwrite flag. Version ${oldest.version}, the oldest version, can't be deleted because it has a label associated with it. Move the label to another version of the parameter, and try again.`,
  );
}

function tierOf({ tier: wanted, value }: Wanted, before: Version | undefined): Tier {
  const bytes = Buffer.byteLength(value);
  if (wanted === 'Standard' && before?.tier === 'Advanced') {
    throw invalid(
      "This parameter uses the advanced-parameter tier. You can't downgrade a parameter from the advanced-parameter tier to the standard-parameter tier. If necessary, you can delete the advanced parameter and recreate it as a standard parameter.",
    );
  }
  const isAdvanced =
    wanted === 'Advanced' ||
    before?.tier === 'Advanced' ||
    (wanted === 'Intelligent-Tiering' && bytes > standardBytes);
  if (!isAdvanced && bytes > standardBytes) {
    throw invalid(
      `Standard tier parameters support a maximum parameter value of ${standardBytes} characters. To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier. For more information, see https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html`,
    );
  }
  if (bytes > advancedBytes) {
    throw invalid(
      `Advanced tier parameters support a maximum parameter value of ${advancedBytes} characters. To create a larger parameter value, use AWS Secrets Manager or split it.`,
    );
  }
  return isAdvanced ? 'Advanced' : 'Standard';
}

function checkPattern(value: string, pattern: string | undefined): void {
  if (!pattern) return;
  let expression: RegExp;
  try {
    expression = new RegExp(pattern);
  } catch {
    throw new AwsError('InvalidAllowedPatternException', `The allowed pattern is not valid: ${pattern}.`);
  }
  if (expression.test(value)) return;
  throw new AwsError(
    'ParameterPatternMismatchException',
    `Parameter value, cannot be validated against allowedPattern: ${pattern}`,
  );
}
