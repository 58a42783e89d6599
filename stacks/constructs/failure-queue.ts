import { Construct, SqsQueue, SqsQueuePolicy } from '../cdktf.ts';
import { allow, policyDocument } from '../policy.ts';
import { SkafuStack } from '../skafu-stack.ts';

const fourteenDays = 14 * 24 * 60 * 60;

/** Keeps what could not be delivered, as long as SQS can. An alarm stands on each. */
export class FailureQueue extends Construct {
  readonly arn: string;
  private readonly queue: SqsQueue;

  constructor(scope: Construct, id: string, resource: string) {
    super(scope, id);
    const stack = SkafuStack.of(this);
    const name = stack.resourceName(`${resource}-failures`);
    this.queue = new SqsQueue(this, 'queue', {
      name,
      messageRetentionSeconds: fourteenDays,
      sqsManagedSseEnabled: true,
    });
    this.arn = this.queue.arn;
    stack.failureQueues.push(name);
  }

  /** Lets EventBridge put here what it could not deliver for this rule. */
  acceptFrom(ruleArn: string): void {
    new SqsQueuePolicy(this, 'policy', {
      queueUrl: this.queue.url,
      policy: policyDocument([
        allow('sqs:SendMessage').to('events.amazonaws.com').on(this.arn).from(ruleArn),
      ]),
    });
  }
}
