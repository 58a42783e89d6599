import { AwsError, notSupported } from '../../core/errors.ts';
import { constraint, type Input, integer, object, oneOf, requiredText, text } from '../../core/input.ts';
import { readSchedule } from '../../core/schedule-expression.ts';
import { timeZone } from '../../core/time-zone.ts';
import { jsonOf } from './keywords.ts';
import type { Schedule, Target } from './schedules.ts';
import { isKnown, isReading, universalServices, universalTarget } from './universal-target.ts';

export const invalid = (message: string) => new AwsError('ValidationException', message);

const defaultEventAge = 86_400;
const defaultRetryAttempts = 185;
const otherParameters = [
  'EcsParameters',
  'KinesisParameters',
  'SageMakerPipelineParameters',
  'SqsParameters',
];

export function checkName(name: string, member = 'Name'): string {
  if (/^[\w.-]{1,64}$/u.test(name)) return name;
  throw constraint(
    member,
    `'${name.slice(0, 100)}'`,
    'satisfy regular expression pattern: ^[0-9a-zA-Z-_.]+$',
  );
}

/** What CreateSchedule and UpdateSchedule say of a schedule. Throws `ValidationException`. */
export function readScheduleInput(
  input: Input,
): Omit<Schedule, 'name' | 'group' | 'arn' | 'createdAt' | 'modifiedAt' | 'clientToken'> {
  const expression = requiredText(input, 'ScheduleExpression', 256);
  const zone = text(input, 'ScheduleExpressionTimezone') ?? 'UTC';
  if (!timeZone(zone)) throw invalid(`The timezone ${zone.slice(0, 50)} is not supported.`);
  if (!readSchedule(expression, zone)) throw invalid(`Invalid Schedule Expression ${expression}.`);
  const startAt = time(input, 'StartDate');
  const endAt = time(input, 'EndDate');
  if (startAt !== undefined && endAt !== undefined && endAt <= startAt)
    throw invalid('The EndDate you specify must be later than the StartDate.');
  const description = text(input, 'Description');
  if ((description?.length ?? 0) > 512)
    throw constraint('Description', "'…'", 'have length less than or equal to 512');
  const kmsKeyArn = text(input, 'KmsKeyArn');
  return {
    ...{ expression, timeZone: zone },
    ...(startAt === undefined ? {} : { startAt }),
    ...(endAt === undefined ? {} : { endAt }),
    ...(description === undefined ? {} : { description }),
    ...(kmsKeyArn === undefined ? {} : { kmsKeyArn }),
    enabled: oneOf(input, 'State', ['ENABLED', 'DISABLED']) !== 'DISABLED',
    windowMinutes: readWindow(input),
    deleteWhenOver: oneOf(input, 'ActionAfterCompletion', ['NONE', 'DELETE']) === 'DELETE',
    target: readTarget(input),
  };
}

/** Epoch seconds, as milliseconds. */
function time(input: Input, name: string): number | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && Math.abs(value) < 8.64e12) return Math.round(value * 1000);
  throw new AwsError('SerializationException', `The value of ${name} has the wrong type.`);
}

function readWindow(input: Input): number {
  const window = object(input, 'FlexibleTimeWindow');
  if (!window) throw constraint('FlexibleTimeWindow', 'null', 'not be null');
  const mode = oneOf(window, 'Mode', ['OFF', 'FLEXIBLE']);
  if (!mode) throw constraint('FlexibleTimeWindow.mode', 'null', 'not be null');
  const minutes = integer(window, 'MaximumWindowInMinutes', 1, 1440);
  if (mode === 'FLEXIBLE') {
    if (minutes === undefined) throw invalid('A FLEXIBLE time window needs MaximumWindowInMinutes.');
    return minutes;
  }
  if (minutes !== undefined) throw invalid('MaximumWindowInMinutes is of a FLEXIBLE time window alone.');
  return 0;
}

function readTarget(input: Input): Target {
  const target = object(input, 'Target');
  if (!target) throw constraint('Target', 'null', 'not be null');
  for (const name of otherParameters) {
    if (target[name]) throw notSupported('scheduler', `a target with ${name}`);
  }
  const arn = requiredText(target, 'Arn', 1600);
  const given = text(target, 'Input');
  const retry = object(target, 'RetryPolicy') ?? {};
  const deadLetterArn = text(object(target, 'DeadLetterConfig') ?? {}, 'Arn');
  if (
    deadLetterArn !== undefined &&
    (!/^arn:aws:sqs:.+/u.test(deadLetterArn) || deadLetterArn.endsWith('.fifo'))
  )
    throw invalid(`The dead-letter queue ${deadLetterArn.slice(0, 100)} is no standard queue.`);
  const event = object(target, 'EventBridgeParameters');
  checkTarget(arn, given, event !== undefined);
  return {
    ...{ arn, roleArn: requiredText(target, 'RoleArn', 1600) },
    ...(given === undefined ? {} : { input: given }),
    maximumEventAgeInSeconds: integer(retry, 'MaximumEventAgeInSeconds', 60, 86_400) ?? defaultEventAge,
    maximumRetryAttempts: integer(retry, 'MaximumRetryAttempts', 0, 185) ?? defaultRetryAttempts,
    ...(deadLetterArn === undefined ? {} : { deadLetterArn }),
    ...(event ? { event: readEvent(event) } : {}),
  };
}

function readEvent(event: Input): { source: string; detailType: string } {
  const source = requiredText(event, 'Source', 256);
  if (source.startsWith('aws.')) throw invalid(`The source ${source.slice(0, 50)} is one of AWS's own.`);
  return { source, detailType: requiredText(event, 'DetailType', 128) };
}

const templated = ['lambda', 'states', 'sqs', 'events'];

function checkTarget(arn: string, input: string | undefined, hasEvent: boolean): void {
  const universal = universalTarget(arn);
  const service = arn.split(':')[2] ?? '';
  if (universal) {
    if (isReading(universal))
      throw invalid(`EventBridge Scheduler does not support the read-only action ${universal.action}.`);
    if (!isKnown(universal)) {
      throw invalid(
        `The local cloud cannot call ${universal.service}:${universal.action} on a schedule; it can call ${universalServices.join(', ')}.`,
      );
    }
  } else if (!templated.includes(service) || !/^arn:aws:[^:]+:[^:]+:\d{12}:.+/u.test(arn)) {
    throw invalid(
      `The local cloud cannot invoke ${arn.slice(0, 200)} on a schedule; it can targets of ${templated.join(', ')}, and arn:aws:scheduler:::aws-sdk:<service>:<action>.`,
    );
  }
  if (arn.endsWith('.fifo')) throw notSupported('scheduler', 'a FIFO queue as a target');
  if (hasEvent !== (!universal && service === 'events'))
    throw invalid('EventBridgeParameters are required for an event bus, and for nothing else.');
  const json = input === undefined ? undefined : jsonOf(input);
  const isObject = typeof json?.value === 'object' && json.value !== null && !Array.isArray(json.value);
  if (input !== undefined && service !== 'sqs' && !json) throw invalid('The Input of the target is no JSON.');
  if ((universal || (service === 'events' && input !== undefined)) && !isObject)
    throw invalid('The Input of the target must be a JSON object.');
}
