import { CloudwatchEventBus, CloudwatchLogGroup, CloudwatchLogResourcePolicy, Construct } from '../cdktf.ts';
import { allow, policyDocument } from '../policy.ts';
import { SkafuStack } from '../skafu-stack.ts';
import { BusRule } from './bus-rule.ts';
import { FailureQueue } from './failure-queue.ts';

const writers = ['events.amazonaws.com', 'delivery.logs.amazonaws.com'];

/** Where every unexpected failure becomes an event. All of them are written to one log group. */
export class ErrorBus extends Construct {
  readonly busName: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const stack = SkafuStack.of(this);
    const { environment, logRetentionDays } = stack.settings;
    const bus = new CloudwatchEventBus(this, 'bus', { name: stack.platform.errorsBus });
    this.busName = bus.name;

    const log = new CloudwatchLogGroup(this, 'log', {
      name: `/skafu/${environment}/errors`,
      retentionInDays: logRetentionDays,
    });
    const rule = new BusRule(this, 'rule', {
      name: stack.resourceName('log-errors'),
      bus: bus.name,
      pattern: { source: [{ prefix: '' }] },
      failures: new FailureQueue(this, 'failures', 'log-errors'),
    });
    new CloudwatchLogResourcePolicy(this, 'log-policy', {
      policyName: stack.resourceName('log-errors'),
      policyDocument: policyDocument([
        // AWS knows no source for the creation of a log stream.
        allow('logs:CreateLogStream')
          .to(...writers)
          .on(`${log.arn}:*`),
        allow('logs:PutLogEvents')
          .to(...writers)
          .on(`${log.arn}:*`)
          .from(rule.arn),
      ]),
    });
    rule.sendTo({ arn: log.arn });
  }
}
