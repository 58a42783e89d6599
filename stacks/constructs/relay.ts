import { snapshotKey } from '#shared/event-store/snapshot.ts';
import { Construct, LambdaEventSourceMapping } from '../cdktf.ts';
import { allow } from '../policy.ts';
import { SkafuStack } from '../skafu-stack.ts';
import type { EventStore } from './event-store.ts';
import type { EventsBus } from './events-bus.ts';
import { FailureQueue } from './failure-queue.ts';
import { PlatformFunction } from './platform-function.ts';

const commitsOnly = {
  eventName: ['INSERT'],
  dynamodb: { Keys: { c: { N: [{ 'anything-but': ['0', `${snapshotKey}`] }] } } },
};

/** Carries every commit from the event store's stream to the events bus. What it gives up on goes to its queue. */
export class Relay extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { store, eventsBus }: { store: EventStore; eventsBus: EventsBus },
  ) {
    super(scope, id);
    const stack = SkafuStack.of(this);
    const failures = new FailureQueue(this, 'failures', 'relay');
    const relay = new PlatformFunction(this, 'function', {
      name: 'relay',
      kind: 'relay',
      environment: { EVENTS_BUS: eventsBus.busName },
      permissions: [
        allow('dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator').on(
          store.streamArn,
        ),
        allow('dynamodb:ListStreams').onEverything(),
        allow('events:PutEvents').on(stack.eventsBusArn),
        allow('sqs:SendMessage').on(failures.arn),
      ],
    });
    new LambdaEventSourceMapping(this, 'source', {
      eventSourceArn: store.streamArn,
      functionName: relay.arn,
      startingPosition: 'TRIM_HORIZON',
      // Snapshots and reservations stand beside the commits, and are no news: they do not even wake the relay.
      filterCriteria: { filter: [{ pattern: JSON.stringify(commitsOnly) }] },
      batchSize: 100,
      maximumBatchingWindowInSeconds: 0,
      parallelizationFactor: 1,
      functionResponseTypes: ['ReportBatchItemFailures'],
      bisectBatchOnFunctionError: true,
      maximumRetryAttempts: 10,
      // The stream itself forgets after a day.
      maximumRecordAgeInSeconds: 24 * 60 * 60,
      destinationConfig: { onFailure: { destinationArn: failures.arn } },
    });
  }
}
