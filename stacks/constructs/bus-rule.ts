import { CloudwatchEventRule, CloudwatchEventTarget, Construct } from '../cdktf.ts';
import type { FailureQueue } from './failure-queue.ts';

interface Props {
  name: string;
  /** Absent: the account's default bus, where AWS's own events are. */
  bus?: string;
  pattern: Readonly<Record<string, unknown>>;
  failures: FailureQueue;
}

const aDay = 24 * 60 * 60;

/** A rule on a bus. What its target does not take for a day goes to the failure queue. */
export class BusRule extends Construct {
  readonly arn: string;
  private readonly props: Props;
  private readonly rule: CloudwatchEventRule;

  constructor(scope: Construct, id: string, props: Props) {
    super(scope, id);
    this.props = props;
    this.rule = new CloudwatchEventRule(this, 'rule', {
      name: props.name,
      ...(props.bus === undefined ? {} : { eventBusName: props.bus }),
      eventPattern: JSON.stringify(props.pattern),
    });
    this.arn = this.rule.arn;
    props.failures.acceptFrom(this.arn);
  }

  /** Sends the events there; in a role where the target is not one that trusts EventBridge by a policy of its own. */
  sendTo(target: { arn: string; role?: string }): void {
    new CloudwatchEventTarget(this, 'target', {
      rule: this.rule.name,
      ...(this.props.bus === undefined ? {} : { eventBusName: this.props.bus }),
      arn: target.arn,
      ...(target.role === undefined ? {} : { roleArn: target.role }),
      retryPolicy: { maximumEventAgeInSeconds: aDay, maximumRetryAttempts: 185 },
      deadLetterConfig: { arn: this.props.failures.arn },
    });
  }
}

/** Every event of an aggregate, whatever its type. */
export function eventsOf(aggregate: { domain: string; type: string }) {
  return { source: [`skafu.${aggregate.domain}`], detail: { stream: { type: [aggregate.type] } } };
}
