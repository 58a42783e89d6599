import type { Domain } from '#shared/definition/domain.ts';
import { CloudwatchEventRule, CloudwatchEventTarget, Construct, LambdaPermission } from '../cdktf.ts';
import { readModelPath, readModelTable } from '../names.ts';
import { allow } from '../policy.ts';
import { SkafuStack } from '../skafu-stack.ts';
import { FailureQueue } from './failure-queue.ts';
import { PlatformFunction } from './platform-function.ts';

/** Each minute compares the heads of streams with the positions of read models, and notifies those behind again. */
export class CatchUp extends Construct {
  readonly functionName: string;

  constructor(scope: Construct, id: string, { domains }: { domains: readonly Domain[] }) {
    super(scope, id);
    const stack = SkafuStack.of(this);
    const readModels = domains.flatMap(({ name: domain, readModels }) =>
      Object.entries(readModels).map(([model, { follows }]) => ({
        name: readModelPath(domain, model),
        follows: follows.type,
        table: readModelTable(stack.settings.environment, domain, model),
      })),
    );
    const tables = readModels.map(({ table }) => stack.arn('dynamodb', `table/${table}`));
    const failures = new FailureQueue(this, 'failures', 'catch-up');
    const handler = new PlatformFunction(this, 'function', {
      name: 'catch-up',
      kind: 'catchUp',
      environment: {
        EVENT_STORE_TABLE: stack.platform.eventStoreTable,
        EVENTS_BUS: stack.platform.eventsBus,
        READ_MODELS: JSON.stringify(readModels),
      },
      permissions: [
        allow('dynamodb:Scan').on(stack.eventStoreArn),
        ...(tables.length > 0 ? [allow('dynamodb:BatchGetItem').on(...tables)] : []),
        allow('events:PutEvents').on(stack.eventsBusArn),
      ],
      failures,
    });
    this.functionName = handler.name;

    const schedule = new CloudwatchEventRule(this, 'schedule', {
      name: stack.resourceName('catch-up'),
      scheduleExpression: 'rate(1 minute)',
    });
    failures.acceptFrom(schedule.arn);
    new LambdaPermission(this, 'permission', {
      statementId: 'schedule',
      action: 'lambda:InvokeFunction',
      functionName: handler.name,
      principal: 'events.amazonaws.com',
      sourceArn: schedule.arn,
    });
    new CloudwatchEventTarget(this, 'target', {
      rule: schedule.name,
      arn: handler.arn,
      // The next minute tries again anyway.
      retryPolicy: { maximumEventAgeInSeconds: 60, maximumRetryAttempts: 0 },
      deadLetterConfig: { arn: failures.arn },
    });
  }
}
