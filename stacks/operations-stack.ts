import type { Domain } from '#shared/definition/domain.ts';
import type { Construct } from './cdktf.ts';
import { Alarm } from './constructs/alarm.ts';
import { CatchUp } from './constructs/catch-up.ts';
import { readModelPath, resourceName } from './names.ts';
import type { Settings } from './settings.ts';
import { SkafuStack } from './skafu-stack.ts';

interface Props {
  domains: readonly Domain[];
  /** The stacks that came before, whose failure queues are watched. */
  stacks: readonly SkafuStack[];
  settings: Settings;
}

/** What looks at all others: catch-up, and the alarms of the platform itself. Comes last. */
export class OperationsStack extends SkafuStack {
  constructor(scope: Construct, { domains, stacks, settings }: Props) {
    super(scope, 'operations', settings);
    const catchUp = new CatchUp(this, 'catch-up', { domains });
    for (const { name, readModels } of domains) {
      for (const model of Object.keys(readModels)) this.watchLag(readModelPath(name, model));
    }
    for (const queue of [...stacks, this].flatMap(({ failureQueues }) => failureQueues))
      this.watchQueue(queue);
    this.watchRelay();
    this.watchCatchUp(catchUp.functionName);
  }

  private watchLag(readModel: string): void {
    new Alarm(this, `lag-${readModel.replace('/', '-')}`, {
      description: `${readModel} shows what was true more than a minute ago.`,
      namespace: 'Skafu',
      metricName: 'ReadModelLag',
      dimensions: { ReadModel: readModel },
      unit: 'Seconds',
      above: 60,
      minutes: { above: 3, of: 5 },
    });
  }

  private watchQueue(queue: string): void {
    new Alarm(this, `queue-${queue.replace(`skafu-${this.settings.environment}-`, '')}`, {
      description: `${queue} holds what could not be delivered.`,
      namespace: 'AWS/SQS',
      metricName: 'ApproximateNumberOfMessagesVisible',
      dimensions: { QueueName: queue },
      above: 0,
      minutes: { above: 1, of: 1 },
    });
  }

  private watchRelay(): void {
    new Alarm(this, 'relay-behind', {
      description: 'Events wait in the event store for more than a minute before they reach the bus.',
      namespace: 'AWS/Lambda',
      metricName: 'IteratorAge',
      dimensions: { FunctionName: resourceName(this.settings.environment, 'platform', 'relay') },
      unit: 'Milliseconds',
      above: 60_000,
      minutes: { above: 3, of: 5 },
    });
  }

  private watchCatchUp(functionName: string): void {
    new Alarm(this, 'catch-up-failing', {
      description:
        'Catch-up fails, so read models that are behind stay behind and their lag is not measured.',
      namespace: 'AWS/Lambda',
      metricName: 'Errors',
      dimensions: { FunctionName: functionName },
      above: 0,
      minutes: { above: 3, of: 5 },
    });
  }
}
