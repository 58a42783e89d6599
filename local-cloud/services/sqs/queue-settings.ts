import { AwsError, notSupported } from '../../core/errors.ts';
import type { Attributes } from '../../core/service.ts';

/** What a queue was told to do. Seconds, as AWS has them. */
export interface QueueSettings {
  name: string;
  arn: string;
  visibilityTimeout: number;
  messageRetention: number;
  delay: number;
  receiveWait: number;
  maximumMessageBytes: number;
  redrive: { deadLetterArn: string; maximumReceives: number } | undefined;
  /** Kept and told, not enforced. JSON texts. */
  policy: string | undefined;
  redriveAllowPolicy: string | undefined;
  tags: Record<string, string>;
}

/** Reads an `aws_sqs_queue`. Throws `AwsError` for FIFO queues, which keep an order that is not kept here. */
export function readQueueSettings(
  desired: Attributes,
  scope: { region: string; accountId: string },
): QueueSettings {
  const name = String(desired['name'] ?? '');
  if (desired['fifo_queue'] === true || name.endsWith('.fifo'))
    throw notSupported('SQS', `FIFO queue ${name}`);
  if (!/^[\w-]{1,80}$/.test(name)) {
    throw new AwsError(
      'InvalidParameterValue',
      `A queue cannot be called '${name}': 1 to 80 letters, digits, - and _.`,
    );
  }
  const number = (key: string, otherwise: number) => Number(desired[key] ?? otherwise);
  return {
    name,
    arn: `arn:aws:sqs:${scope.region}:${scope.accountId}:${name}`,
    visibilityTimeout: number('visibility_timeout_seconds', 30),
    messageRetention: number('message_retention_seconds', 345_600),
    delay: number('delay_seconds', 0),
    receiveWait: number('receive_wait_time_seconds', 0),
    maximumMessageBytes: number('max_message_size', 262_144),
    redrive: readRedrive(desired['redrive_policy']),
    policy: textOf(desired['policy']),
    redriveAllowPolicy: textOf(desired['redrive_allow_policy']),
    tags: { ...(desired['tags'] as Record<string, string> | undefined) },
  };
}

/** A policy argument; undefined where there is none. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Reads a redrive policy. Throws `AwsError` for one that names no queue or no sensible number of receives. */
export function readRedrive(policy: unknown): QueueSettings['redrive'] {
  if (typeof policy !== 'string' || policy === '') return undefined;
  const { deadLetterTargetArn, maxReceiveCount } = JSON.parse(policy) as Record<string, unknown>;
  const maximumReceives = Number(maxReceiveCount);
  if (typeof deadLetterTargetArn !== 'string' || !(maximumReceives >= 1 && maximumReceives <= 1000)) {
    throw new AwsError(
      'InvalidParameterValue',
      `Value ${policy} for parameter RedrivePolicy is invalid. Reason: a target and a count from 1 to 1000 are needed.`,
    );
  }
  return { deadLetterArn: deadLetterTargetArn, maximumReceives };
}
