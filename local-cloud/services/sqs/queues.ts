import type { Cloud } from '../../core/cloud.ts';
import { AwsError } from '../../core/errors.ts';
import { type FindDeadLetters, Queue } from './queue.ts';
import type { QueueSettings } from './queue-settings.ts';

/** Every queue, by each of the names it goes by. */
export class Queues {
  readonly #cloud: Cloud;
  readonly #queues = new Map<string, Queue>();

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
  }

  /** Makes a queue, or gives one that stands its new settings; messages stay. */
  async put(settings: QueueSettings): Promise<Queue> {
    const standing = this.#queues.get(settings.name);
    if (standing) {
      standing.settings = settings;
      return standing;
    }
    const findDeadLetters: FindDeadLetters = (arn) => {
      const target = this.#queues.get(arn.split(':').at(-1) ?? '');
      if (!target) {
        const fields = { queue: settings.name, deadLetterQueue: arn };
        this.#cloud.logger.warn(
          'A message that failed too often stays: its dead-letter queue is not there.',
          fields,
        );
      }
      return target;
    };
    const queue = new Queue(settings, this.#cloud.state.namespace('sqs'), findDeadLetters);
    await queue.load();
    this.#queues.set(settings.name, queue);
    return queue;
  }

  /** Removes a queue and its messages. */
  async remove(name: string): Promise<void> {
    await this.#queues.get(name)?.purge();
    this.#queues.delete(name);
  }

  all(): Queue[] {
    return [...this.#queues.values()];
  }

  /** Throws `QueueDoesNotExist`, as every look-up here. */
  byName(name: string): Queue {
    const queue = this.#queues.get(name);
    if (queue) return queue;
    throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.', 400, {
      queryErrorCode: 'AWS.SimpleQueueService.NonExistentQueue',
    });
  }

  byArn(arn: string): Queue {
    return this.byName(arn.split(':').at(-1) ?? '');
  }

  byUrl(url: string): Queue {
    return this.byName(url.split('/').at(-1) ?? '');
  }

  urlOf(queue: Queue): string {
    return `${this.#cloud.endpointUrl}/${this.#cloud.accountId}/${queue.settings.name}`;
  }
}
