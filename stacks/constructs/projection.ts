import { kebabCase } from '#shared/definition/domain.ts';
import type { ReadModel } from '#shared/definition/read-model.ts';
import { Construct } from '../cdktf.ts';
import { readModelPath } from '../names.ts';
import { allow, type Statement } from '../policy.ts';
import { SkafuStack } from '../skafu-stack.ts';
import { BusRule, eventsOf } from './bus-rule.ts';
import type { EventsBus } from './events-bus.ts';
import { FailureQueue } from './failure-queue.ts';
import { PlatformFunction } from './platform-function.ts';
import { ProjectionWorkflow } from './projection-workflow.ts';
import { ReadModelTable } from './read-model-table.ts';
import { Role } from './role.ts';

/** A read model: every event of the aggregate it follows starts a workflow that projects it into the table. */
export class Projection extends Construct {
  readonly table: ReadModelTable;

  constructor(
    scope: Construct,
    name: string,
    props: { model: ReadModel; eventsBus: EventsBus; permissions: Statement[] },
  ) {
    super(scope, kebabCase(name));
    const stack = SkafuStack.of(this);
    const model = kebabCase(name);
    this.table = new ReadModelTable(this, 'table', name);

    const projector = new PlatformFunction(this, 'projector', {
      name: model,
      kind: 'projector',
      environment: {
        EVENT_STORE_TABLE: stack.platform.eventStoreTable,
        READ_MODEL_TABLE: this.table.tableName,
      },
      permissions: [
        allow('dynamodb:Query').on(stack.eventStoreArn),
        allow('dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:DeleteItem').on(...this.table.arns),
        ...props.permissions,
      ],
    });
    const workflow = new ProjectionWorkflow(this, 'workflow', {
      name: `project-${model}`,
      readModel: readModelPath(stack.domain, name),
      projector,
    });
    const starter = new Role(this, 'starter', {
      name: stack.resourceName(`start-${model}`),
      service: 'events.amazonaws.com',
      permissions: [allow('states:StartExecution').on(workflow.arn)],
    });
    new BusRule(this, 'rule', {
      name: stack.resourceName(`project-${model}`),
      bus: props.eventsBus.busName,
      pattern: eventsOf(props.model.follows),
      failures: new FailureQueue(this, 'failures', `project-${model}`),
    }).sendTo({ arn: workflow.arn, role: starter.arn });
  }
}
