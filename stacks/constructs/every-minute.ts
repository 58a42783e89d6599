import { CloudwatchEventRule, CloudwatchEventTarget, Construct, LambdaPermission } from '../cdktf.ts';
import { SkafuStack } from '../skafu-stack.ts';
import type { FailureQueue } from './failure-queue.ts';
import type { PlatformFunction } from './platform-function.ts';

interface Props {
  /** Names the rule. */
  name: string;
  handler: PlatformFunction;
  /** Where a run goes that could not be started; without one it is forgotten. */
  failures?: FailureQueue;
}

/** Runs a function once a minute. */
export class EveryMinute extends Construct {
  constructor(scope: Construct, id: string, { name, handler, failures }: Props) {
    super(scope, id);
    const rule = new CloudwatchEventRule(this, 'rule', {
      name: SkafuStack.of(this).resourceName(name),
      scheduleExpression: 'rate(1 minute)',
    });
    failures?.acceptFrom(rule.arn);
    new LambdaPermission(this, 'permission', {
      statementId: 'schedule',
      action: 'lambda:InvokeFunction',
      functionName: handler.name,
      principal: 'events.amazonaws.com',
      sourceArn: rule.arn,
    });
    new CloudwatchEventTarget(this, 'target', {
      rule: rule.name,
      arn: handler.arn,
      // The next minute tries again anyway.
      retryPolicy: { maximumEventAgeInSeconds: 60, maximumRetryAttempts: 0 },
      ...(failures ? { deadLetterConfig: { arn: failures.arn } } : {}),
    });
  }
}
