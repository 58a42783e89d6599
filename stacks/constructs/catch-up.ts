import type { Domain } from '#shared/definition/domain.ts';
import { Construct } from '../cdktf.ts';
import { followedModels, tableArns } from '../followed-models.ts';
import { allow } from '../policy.ts';
import { SkafuStack } from '../skafu-stack.ts';
import { EveryMinute } from './every-minute.ts';
import { FailureQueue } from './failure-queue.ts';
import { PlatformFunction } from './platform-function.ts';

/** Each minute compares the heads of streams with the positions of read models, and notifies those behind again. */
export class CatchUp extends Construct {
  readonly functionName: string;

  constructor(scope: Construct, id: string, { domains }: { domains: readonly Domain[] }) {
    super(scope, id);
    const stack = SkafuStack.of(this);
    const readModels = followedModels(stack.settings.environment, domains);
    const tables = tableArns(stack, readModels);
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
        ...(tables.length > 0 ? [allow('dynamodb:GetItem', 'dynamodb:BatchGetItem').on(...tables)] : []),
        allow('events:PutEvents').on(stack.eventsBusArn),
      ],
      failures,
    });
    this.functionName = handler.name;
    new EveryMinute(this, 'schedule', { name: 'catch-up', handler, failures });
  }
}
