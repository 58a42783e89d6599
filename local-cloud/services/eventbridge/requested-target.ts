import { AwsError, notSupported } from '../../core/errors.ts';
import type { Target } from './registry.ts';
import { readTarget } from './target-settings.ts';
import { optionalNumber, optionalText, requiredText } from './values.ts';

type Values = Record<string, unknown>;

const unsupported = [
  'AppSyncParameters',
  'BatchParameters',
  'EcsParameters',
  'HttpParameters',
  'KinesisParameters',
  'RedshiftDataParameters',
  'RunCommandParameters',
  'SageMakerPipelineParameters',
  'SqsParameters',
];

/** Reads one of the `Targets` of PutTargets. Throws `ValidationException`, and `NotImplemented` by name. */
export function readRequestedTarget(given: Values): Target {
  const id = requiredText(given, 'Id');
  if (!/^[\w.-]{1,64}$/u.test(id)) throw invalid(`Parameter Id is not valid: ${id}.`);
  for (const name of unsupported) {
    if (given[name]) throw notSupported('events', `PutTargets with ${name}`);
  }
  const transformer = structure(given, 'InputTransformer');
  const retry = structure(given, 'RetryPolicy');
  const deadLetters = structure(given, 'DeadLetterConfig');
  return readTarget(
    {
      arn: requiredText(given, 'Arn'),
      role_arn: optionalText(given, 'RoleArn'),
      input: optionalText(given, 'Input'),
      input_path: optionalText(given, 'InputPath'),
      ...(transformer && {
        input_transformer: {
          input_paths: structure(transformer, 'InputPathsMap') ?? {},
          input_template: requiredText(transformer, 'InputTemplate'),
        },
      }),
      ...(retry && {
        retry_policy: {
          maximum_retry_attempts: between(retry, 'MaximumRetryAttempts', 0, 185),
          maximum_event_age_in_seconds: between(retry, 'MaximumEventAgeInSeconds', 60, 86_400),
        },
      }),
      ...(deadLetters && { dead_letter_config: { arn: optionalText(deadLetters, 'Arn') } }),
    },
    id,
  );
}

function structure(values: Values, name: string): Values | undefined {
  const value = values[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'object' || Array.isArray(value))
    throw new AwsError('SerializationException', `The value of ${name} has the wrong type.`);
  return value as Values;
}

function between(values: Values, name: string, least: number, most: number): number | undefined {
  const value = optionalNumber(values, name);
  if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return value;
  throw invalid(`Parameter ${name} must be from ${least} to ${most}.`);
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}
