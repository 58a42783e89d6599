import { snapshotInterval } from '#shared/event-store/snapshot.ts';
import { Construct, LambdaPermission } from '../cdktf.ts';
import { allow } from '../policy.ts';
import { SkafuStack } from '../skafu-stack.ts';
import { BusRule } from './bus-rule.ts';
import type { EventsBus } from './events-bus.ts';
import { FailureQueue } from './failure-queue.ts';
import { PlatformFunction } from './platform-function.ts';

/** The endings that the ids of events have as a stream grows past each interval: 50 events, 100, 150, … */
const endings = Array.from({ length: 100 / snapshotInterval }, (_, index) =>
  `${index * snapshotInterval}`.padStart(2, '0'),
);

/** Keeps snapshots of a domain's streams, woken by the one event in each interval that ends it. */
export class Snapshots extends Construct {
  constructor(scope: Construct, id: string, { eventsBus }: { eventsBus: EventsBus }) {
    super(scope, id);
    const stack = SkafuStack.of(this);
    const failures = new FailureQueue(this, 'failures', 'keep-snapshots');
    const keeper = new PlatformFunction(this, 'function', {
      name: 'keep-snapshots',
      kind: 'reactor',
      environment: { EVENT_STORE_TABLE: stack.platform.eventStoreTable },
      permissions: [allow('dynamodb:Query', 'dynamodb:PutItem').on(stack.eventStoreArn)],
      failures,
    });
    const rule = new BusRule(this, 'rule', {
      name: stack.resourceName('keep-snapshots'),
      bus: eventsBus.busName,
      pattern: {
        source: [`skafu.${stack.domain}`],
        detail: { id: endings.map((ending) => ({ suffix: ending })) },
      },
      failures,
    });
    new LambdaPermission(this, 'permission', {
      statementId: 'rule',
      action: 'lambda:InvokeFunction',
      functionName: keeper.name,
      principal: 'events.amazonaws.com',
      sourceArn: rule.arn,
    });
    rule.sendTo({ arn: keeper.arn });
  }
}
