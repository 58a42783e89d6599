import type { Caller } from '../../../core/access.ts';
import type { Cloud } from '../../../core/cloud.ts';
import { AwsError } from '../../../core/errors.ts';
import { invalidParameter } from '../input.ts';

const OTHERS: Readonly<Record<string, string>> = {
  kinesis: 'Kinesis data streams',
  firehose: 'Firehose delivery streams',
  logs: 'destinations of other accounts',
};

/** Throws for what is no function, and for the group in which the function itself writes: each line would make others. */
export function checkDestination(destinationArn: string, logGroupName: string): void {
  const [scheme, , service = '', , , kind, name] = destinationArn.split(':');
  const other = Object.hasOwn(OTHERS, service) ? OTHERS[service] : undefined;
  if (scheme === 'arn' && other) {
    throw new AwsError(
      'NotImplemented',
      `The local cloud sends log lines to Lambda functions only, and not to ${other} such as ${destinationArn}.`,
      501,
    );
  }
  if (scheme !== 'arn' || service !== 'lambda' || kind !== 'function' || !name) {
    throw invalidParameter(`destinationArn ${destinationArn} is not the ARN of a supported destination.`);
  }
  if (logGroupName === `/aws/lambda/${name}`) {
    throw invalidParameter(
      'The log group provided is reserved for the function logs of the destination function.',
    );
  }
}

/**
 * As whom CloudWatch Logs may call the function: permissions name it with its region or, as of today, without.
 * Throws `AccessDeniedException` when they name it neither way.
 */
export function callerFor(cloud: Cloud, groupArn: string, functionArn: string): Caller {
  const wanted = { action: 'lambda:InvokeFunction', resource: functionArn };
  const [plain, regional] = ['logs.amazonaws.com', `logs.${cloud.region}.amazonaws.com`].map(
    (service): Caller => ({ type: 'service', service, sourceArn: `${groupArn}:*` }),
  ) as [Caller, Caller];
  try {
    cloud.ports.access.require(plain, wanted);
    return plain;
  } catch {
    cloud.ports.access.require(regional, wanted);
    return regional;
  }
}

/** Throws as PutSubscriptionFilter does when the function may not be called. */
export function checkPermission(cloud: Cloud, groupArn: string, functionArn: string): void {
  try {
    callerFor(cloud, groupArn, functionArn);
  } catch {
    throw invalidParameter(
      'Could not execute the lambda function. Make sure you have given CloudWatch Logs permission to execute your function.',
    );
  }
}
