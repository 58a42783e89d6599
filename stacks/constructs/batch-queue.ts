import { Construct, LambdaEventSourceMapping, SqsQueue, SqsQueuePolicy } from '../cdktf.ts';
import { functionKinds } from '../function-kinds.ts';
import { allow, policyDocument, type Statement } from '../policy.ts';
import { SkafuStack } from '../skafu-stack.ts';
import { BusRule } from './bus-rule.ts';
import type { FailureQueue } from './failure-queue.ts';
import type { PlatformFunction } from './platform-function.ts';

interface Props {
  name: string;
  bus: string;
  failures: FailureQueue;
}

/** Collects all events of a bus, so that a function takes many at a time: a storm costs little more than a breeze. */
export class BatchQueue extends Construct {
  readonly mayBeRead: Statement;
  private readonly queue: SqsQueue;

  constructor(scope: Construct, id: string, { name, bus, failures }: Props) {
    super(scope, id);
    const stack = SkafuStack.of(this);
    this.queue = new SqsQueue(this, 'queue', {
      name: stack.resourceName(`${name}-batches`),
      sqsManagedSseEnabled: true,
      // AWS asks for six times what the function may take.
      visibilityTimeoutSeconds: 6 * functionKinds.reactor.timeout,
      redrivePolicy: JSON.stringify({ deadLetterTargetArn: failures.arn, maxReceiveCount: 5 }),
    });
    const rule = new BusRule(this, 'rule', {
      name: stack.resourceName(name),
      bus,
      pattern: { source: [{ prefix: '' }] },
      failures,
    });
    new SqsQueuePolicy(this, 'policy', {
      queueUrl: this.queue.url,
      policy: policyDocument([
        allow('sqs:SendMessage').to('events.amazonaws.com').on(this.queue.arn).from(rule.arn),
      ]),
    });
    rule.sendTo({ arn: this.queue.arn });
    this.mayBeRead = allow('sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes').on(
      this.queue.arn,
    );
  }

  /** Gives the function what came within a few seconds, two batches at once at most. */
  feed(handler: PlatformFunction): void {
    new LambdaEventSourceMapping(this, 'source', {
      eventSourceArn: this.queue.arn,
      functionName: handler.arn,
      batchSize: 500,
      maximumBatchingWindowInSeconds: 5,
      scalingConfig: { maximumConcurrency: 2 },
    });
  }
}
