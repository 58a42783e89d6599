import { block } from '../../core/blocks.ts';
import { AwsError } from '../../core/errors.ts';
import { parseJsonPath } from '../../core/json-path.ts';
import type { Attributes } from '../../core/service.ts';
import type { InputTransformer, Target } from './registry.ts';
import { serviceOf, targetServices } from './targets.ts';
import { optionalNumber, optionalText, requiredText } from './values.ts';

/** AWS's defaults: 185 retries within 24 hours. */
const defaultRetryAttempts = 185;
const defaultEventAge = 86_400;

const unsupported = [
  'appsync_target',
  'batch_target',
  'ecs_target',
  'http_target',
  'kinesis_target',
  'redshift_target',
  'run_command_targets',
  'sagemaker_pipeline_target',
];

/** Reads an `aws_cloudwatch_event_target`. Throws `ValidationException` for what cannot be done here, by name. */
export function readTarget(desired: Attributes, id: string): Target {
  const arn = requiredText(desired, 'arn');
  if (!targetServices.includes(serviceOf(arn))) {
    throw invalid(`The local cloud cannot send events to ${arn}; it can to ${targetServices.join(', ')}.`);
  }
  for (const name of unsupported) {
    if (block(desired[name])) throw invalid(`The local cloud does not support ${name} of an event target.`);
  }
  if (block(desired['sqs_target']) || arn.endsWith('.fifo')) {
    throw invalid('The local cloud does not send events to FIFO queues (sqs_target.message_group_id).');
  }
  const retry = block(desired['retry_policy']);
  const deadLetterArn = optionalText(block(desired['dead_letter_config']) ?? {}, 'arn');
  const target: Target = {
    id,
    arn,
    maximumRetryAttempts: (retry && optionalNumber(retry, 'maximum_retry_attempts')) ?? defaultRetryAttempts,
    maximumEventAgeInSeconds:
      (retry && optionalNumber(retry, 'maximum_event_age_in_seconds')) ?? defaultEventAge,
  };
  if (deadLetterArn !== undefined) target.deadLetterArn = deadLetterArn;
  const roleArn = optionalText(desired, 'role_arn');
  if (roleArn !== undefined) target.roleArn = roleArn;
  return { ...target, ...readInput(desired) };
}

function readInput(desired: Attributes): Pick<Target, 'input' | 'inputPath' | 'inputTransformer'> {
  const input = optionalText(desired, 'input');
  const inputPath = optionalText(desired, 'input_path');
  const transformer = block(desired['input_transformer']);
  if ([input, inputPath, transformer].filter((each) => each !== undefined).length > 1) {
    throw invalid('Only one of Input, InputPath, or InputTransformer must be provided.');
  }
  if (input !== undefined) {
    checkJson(input);
    return { input };
  }
  if (inputPath !== undefined) {
    checkPath(inputPath);
    return { inputPath };
  }
  return transformer ? { inputTransformer: readTransformer(transformer) } : {};
}

function readTransformer(transformer: Attributes): InputTransformer {
  const paths = Object.entries(transformer['input_paths'] ?? {}).map(([name, path]): [string, string] => {
    checkPath(String(path));
    return [name, String(path)];
  });
  return { paths: Object.fromEntries(paths), template: requiredText(transformer, 'input_template') };
}

function checkJson(text: string): void {
  try {
    JSON.parse(text);
  } catch {
    throw invalid('Input for target is not valid JSON text.');
  }
}

function checkPath(path: string): void {
  try {
    parseJsonPath(path);
  } catch (error) {
    throw invalid(`InputPath is not valid: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}
