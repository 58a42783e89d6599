import type { Follows } from '#shared/definition/read-model.ts';
import { processSuffix } from '#shared/processes/process-events.ts';
import { CloudwatchEventRule, CloudwatchEventTarget, Construct } from '../cdktf.ts';
import type { FailureQueue } from './failure-queue.ts';

type Props = {
  name: string;
  failures: FailureQueue;
} & (
  | {
      /** Absent: the account's default bus, where AWS's own events are. */
      bus?: string;
      pattern: Readonly<Record<string, unknown>>;
    }
  | { schedule: string }
);

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
      ...busOf(props),
      ...('schedule' in props
        ? { scheduleExpression: props.schedule }
        : { eventPattern: JSON.stringify(props.pattern) }),
    });
    this.arn = this.rule.arn;
    props.failures.acceptFrom(this.arn);
  }

  /** Sends the events there; in a role where the target is not one that trusts EventBridge by a policy of its own. */
  sendTo(target: { arn: string; role?: string }): void {
    new CloudwatchEventTarget(this, 'target', {
      rule: this.rule.name,
      ...busOf(this.props),
      arn: target.arn,
      ...(target.role === undefined ? {} : { roleArn: target.role }),
      // After a missed firing the next one does the work anyway.
      retryPolicy:
        'schedule' in this.props
          ? { maximumEventAgeInSeconds: 60, maximumRetryAttempts: 0 }
          : { maximumEventAgeInSeconds: aDay, maximumRetryAttempts: 185 },
      deadLetterConfig: { arn: this.props.failures.arn },
    });
  }
}

function busOf(props: Props): { eventBusName?: string } {
  return 'bus' in props && props.bus !== undefined ? { eventBusName: props.bus } : {};
}

/** Every event of these aggregates, whatever its type. */
export function eventsOf(follows: Follows) {
  if (follows === 'everything')
    return { source: [{ prefix: 'skafu.' }], detail: { stream: { type: [{ exists: true }] } } };
  if (follows === 'processes')
    return { source: [{ prefix: 'skafu.' }], detail: { stream: { type: [{ suffix: processSuffix }] } } };
  const sources = new Set(follows.map(({ domain }) => `skafu.${domain}`));
  return { source: [...sources], detail: { stream: { type: follows.map(({ type }) => type) } } };
}
