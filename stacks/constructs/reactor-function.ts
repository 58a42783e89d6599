import { type Domain, kebabCase } from '#shared/definition/domain.ts';
import { type AnyReactor, wakingAggregates } from '#shared/definition/reactor.ts';
import { Construct, LambdaPermission } from '../cdktf.ts';
import { followedModels, tableArns } from '../followed-models.ts';
import { readModelVariable } from '../names.ts';
import { allow, type Statement } from '../policy.ts';
import type { Environment } from '../settings.ts';
import { SkafuStack } from '../skafu-stack.ts';
import { BatchQueue } from './batch-queue.ts';
import { BusRule, eventsOf } from './bus-rule.ts';
import type { EventsBus } from './events-bus.ts';
import { FailureQueue } from './failure-queue.ts';
import type { KeysTable } from './keys-table.ts';
import { PlatformFunction } from './platform-function.ts';
import type { ReadModelTable } from './read-model-table.ts';

/** A reactor: every event of the aggregate it follows, or of AWS that its pattern matches, or the clock wakes it. */
export class ReactorFunction extends Construct {
  constructor(
    scope: Construct,
    name: string,
    props: {
      reactor: AnyReactor;
      eventsBus: EventsBus;
      /** The tables of the read models that it reads, by the read model's name. */
      tables: Readonly<Record<string, ReadModelTable>>;
      keys: KeysTable | undefined;
      /** For those that look at all of them. */
      domains: readonly Domain[];
      permissions: Statement[];
    },
  ) {
    super(scope, kebabCase(name));
    const stack = SkafuStack.of(this);
    const uses = props.reactor.uses ?? [];
    const rebuilds = uses.includes('rebuilds');
    const models =
      uses.includes('read-models') || rebuilds
        ? followedModels(stack.settings.environment, props.domains)
        : [];
    const failures = new FailureQueue(this, 'failures', kebabCase(name));
    const batches =
      'gathers' in props.reactor
        ? new BatchQueue(this, 'batches', { name: kebabCase(name), bus: stack.platform.errorsBus, failures })
        : undefined;
    const handler = new PlatformFunction(this, 'function', {
      name: kebabCase(name),
      kind: rebuilds ? 'rebuild' : 'reactor',
      environment: {
        EVENT_STORE_TABLE: stack.platform.eventStoreTable,
        ...(props.keys ? { KEYS_TABLE: props.keys.tableName } : {}),
        ...Object.fromEntries(
          Object.entries(props.tables).map(([model, table]) => [readModelVariable(model), table.tableName]),
        ),
        ...(models.length > 0 ? { READ_MODELS: JSON.stringify(models) } : {}),
        ...(uses.includes('events-bus') ? { EVENTS_BUS: stack.platform.eventsBus } : {}),
      },
      permissions: [
        allow('dynamodb:Query', 'dynamodb:PutItem').on(stack.eventStoreArn),
        ...(props.keys ? [allow('dynamodb:GetItem').on(props.keys.arn)] : []),
        ...Object.values(props.tables).flatMap((table) => [
          allow('dynamodb:GetItem').on(...table.arns),
          allow('dynamodb:Query').on(...table.listsArns),
        ]),
        ...(models.length > 0
          ? [allow('dynamodb:GetItem', 'dynamodb:BatchGetItem').on(...tableArns(stack, models))]
          : []),
        ...(rebuilds
          ? [
              allow('dynamodb:Scan', 'dynamodb:DescribeTable').on(stack.eventStoreArn),
              allow(...rebuildActions).on(...tableArns(stack, models)),
            ]
          : []),
        ...(uses.includes('events-bus') ? [allow('events:PutEvents').on(stack.eventsBusArn)] : []),
        ...(batches ? [batches.mayBeRead] : []),
        ...props.permissions,
      ],
      failures,
    });
    if (batches) {
      batches.feed(handler);
      return;
    }
    const rule = new BusRule(this, 'rule', {
      name: stack.resourceName(kebabCase(name)),
      ...wokenBy(props.reactor, props.eventsBus, stack.settings.environment),
      failures,
    });
    new LambdaPermission(this, 'permission', {
      statementId: 'rule',
      action: 'lambda:InvokeFunction',
      functionName: handler.name,
      principal: 'events.amazonaws.com',
      sourceArn: rule.arn,
    });
    rule.sendTo({ arn: handler.arn });
  }
}

/** To fill one table of a read model, empty it, and tell which of the two serves. */
const rebuildActions = [
  'dynamodb:PutItem',
  'dynamodb:UpdateItem',
  'dynamodb:DeleteItem',
  'dynamodb:BatchWriteItem',
  'dynamodb:Scan',
  'dynamodb:DescribeTable',
];

/** A replay repeats events for those who read; it must never repeat what was done in the world. */
const notReplayed = { 'replay-name': [{ exists: false }] };

function wokenBy(reactor: AnyReactor, eventsBus: EventsBus, environment: Environment) {
  if ('follows' in reactor) {
    return { bus: eventsBus.busName, pattern: { ...eventsOf(wakingAggregates(reactor)), ...notReplayed } };
  }
  if ('every' in reactor) return { schedule: `rate(${reactor.every})` };
  if ('gathers' in reactor) throw new Error('What gathers events is fed by its queue.');
  return { pattern: reactor.pattern({ environment }) };
}
