import type { Cloud, Invocation } from '../../core/cloud.ts';
import type { PendingInvocation } from './asynchronous-invocations.ts';
import type { AsynchronousSettings } from './asynchronous-settings.ts';
import { type FunctionConfiguration, roleOf } from './configuration.ts';

/** With the version that ran last; absent where it never came to run. */
export type CompletedInvocation = Invocation & { executedVersion?: string };

type Condition = 'Success' | 'RetriesExhausted' | 'EventAgeExceeded';

/**
 * Sends the record of a finished asynchronous invocation to the destination of its outcome, and a failed event to the
 * dead-letter queue as well. A destination that cannot be reached is a metric and a log line, as on AWS: the event
 * itself is finished.
 */
export async function deliverResult(
  cloud: Cloud,
  configuration: FunctionConfiguration,
  asynchronous: AsynchronousSettings,
  pending: PendingInvocation,
  invocation: CompletedInvocation,
  condition: Condition,
): Promise<void> {
  const count = (name: string) =>
    cloud.telemetry.metric({
      namespace: 'AWS/Lambda',
      name,
      dimensions: { FunctionName: configuration.name },
      unit: 'Count',
      value: 1,
      time: Date.now(),
    });
  const attempt = async (arn: string, errorMetric: string, deliver: () => Promise<void>) => {
    try {
      await deliver();
    } catch (error) {
      count(errorMetric);
      cloud.logger.warn('The result of an asynchronous invocation could not be delivered.', {
        function: configuration.name,
        destination: arn,
        error: String(error),
      });
    }
  };
  const destination = condition === 'Success' ? asynchronous.onSuccessArn : asynchronous.onFailureArn;
  if (destination) {
    const record = destinationRecord(pending, invocation, condition);
    await attempt(destination, 'DestinationDeliveryFailures', () =>
      deliverTo(cloud, configuration, destination, record),
    );
  }
  const queue = configuration.deadLetterArn;
  if (queue && condition !== 'Success') {
    await attempt(queue, 'DeadLetterErrors', async () => {
      cloud.ports.access.require(roleOf(configuration), { action: 'sqs:SendMessage', resource: queue });
      await cloud.ports.queues.send(queue, pending.payload, {
        RequestID: pending.requestId,
        ErrorCode: '200',
        ErrorMessage: errorMessageOf(invocation).slice(0, 1024),
      });
    });
  }
}

/** Sends a record, as the role of the function, to a queue as its body and to anything else as its payload. */
export async function deliverTo(
  cloud: Cloud,
  configuration: Pick<FunctionConfiguration, 'role' | 'name'>,
  arn: string,
  record: object,
): Promise<void> {
  const caller = roleOf(configuration);
  if (!arn.startsWith('arn:aws:sqs:')) return cloud.ports.targets.deliver(arn, record, { caller });
  cloud.ports.access.require(caller, { action: 'sqs:SendMessage', resource: arn });
  await cloud.ports.queues.send(arn, JSON.stringify(record));
}

function destinationRecord(
  pending: PendingInvocation,
  invocation: CompletedInvocation,
  condition: Condition,
): object {
  return {
    version: '1.0',
    timestamp: new Date().toISOString(),
    requestContext: {
      requestId: pending.requestId,
      functionArn: /function:[^:]+:/.test(pending.functionArn)
        ? pending.functionArn
        : `${pending.functionArn}:$LATEST`,
      condition,
      approximateInvokeCount: condition === 'Success' ? pending.failures + 1 : pending.failures,
    },
    requestPayload: JSON.parse(pending.payload),
    responseContext: {
      statusCode: 200,
      executedVersion: invocation.executedVersion ?? '$LATEST',
      ...(invocation.functionError ? { functionError: invocation.functionError } : {}),
    },
    responsePayload: invocation.payload,
  };
}

function errorMessageOf({ payload }: Invocation): string {
  const isError = typeof payload === 'object' && payload !== null && 'errorMessage' in payload;
  return isError ? String(payload.errorMessage) : 'Unknown error';
}
