import type { Cloud } from '../../core/cloud.ts';
import { AwsError } from '../../core/errors.ts';
import type { StateNamespace } from '../../core/state.ts';
import { type FindDeadLetters, Queue } from './queue.ts';
import type { QueueSettings } from './queue-settings.ts';

/** Every queue, by each of the names it goes by. Those that clients made outlast a restart. */
export class Queues {
  readonly #cloud: Cloud;
  readonly #queues = new Map<string, Queue>();
  readonly #made: StateNamespace;
  readonly #madeNames = new Set<string>();

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
    this.#made = cloud.state.namespace('sqs-queues');
  }

  /** Opens the queues that clients made in earlier runs. */
  async load(): Promise<void> {
    for (const { key, value } of await this.#made.list<QueueSettings>()) {
      this.#madeNames.add(key);
      await this.put(value);
    }
  }

  /** Makes a queue that a client asks for; durable when it resolves. */
  async make(settings: QueueSettings): Promise<Queue> {
    const queue = await this.put(settings);
    this.#madeNames.add(settings.name);
    await this.keepIfMade(queue);
    return queue;
  }

  /** Writes down what a client changed of a queue that one made. */
  async keepIfMade({ settings }: Queue): Promise<void> {
    if (this.#madeNames.has(settings.name)) await this.#made.put(settings.name, settings);
  }

  /** A queue is the Terraform's from here on, whoever made it. */
  async forgetMade(name: string): Promise<void> {
    if (this.#madeNames.delete(name)) await this.#made.delete(name);
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
    const queue = new Queue(
      settings,
      { state: this.#cloud.state.namespace('sqs'), clock: this.#cloud.clock },
      findDeadLetters,
    );
    await queue.load();
    this.#queues.set(settings.name, queue);
    return queue;
  }

  /** Removes a queue and its messages. */
  async remove(name: string): Promise<void> {
    await this.#queues.get(name)?.purge();
    this.#queues.delete(name);
    await this.forgetMade(name);
  }

  all(): Queue[] {
    return [...this.#queues.values()];
  }

  named(name: string): Queue | undefined {
    return this.#queues.get(name);
  }

  /** Throws `QueueDoesNotExist`, as every look-up below. */
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
