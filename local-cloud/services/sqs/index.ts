import type { Cloud } from '../../core/cloud.ts';
import type { Attributes, ResourceHandler, Service } from '../../core/service.ts';
import { md5 } from './message-attributes.ts';
import { count, sqsOperations, systemAttributesOf } from './operations.ts';
import { readQueueSettings } from './queue-settings.ts';
import { Queues } from './queues.ts';

/** How often the sizes of queues become metrics; AWS does so every minute. */
const metricsEveryMilliseconds = 60_000;

/** Amazon SQS: standard queues with long polling, visibility and dead letters. Every message is on disk. */
export function createSqs(cloud: Cloud): Service {
  const queues = new Queues(cloud);
  let timer: NodeJS.Timeout | undefined;

  cloud.ports.queues = {
    send: async (arn, body, attributes = {}) => {
      const queue = queues.byArn(arn);
      const named = Object.entries(attributes).map(([name, StringValue]) => [
        name,
        { StringValue, DataType: 'String' },
      ]);
      await queue.send(body, Object.fromEntries(named));
      count(cloud, queue, 'NumberOfMessagesSent', 1);
    },
  };
  cloud.ports.queueReader = {
    receive: async (arn, { maximum, waitMilliseconds, signal }) => {
      const messages = await queues.byArn(arn).receive(maximum, waitMilliseconds, { signal });
      return messages.map((message) => ({
        messageId: message.id,
        receiptHandle: message.receiptHandle ?? '',
        body: message.body,
        md5OfBody: md5(message.body),
        attributes: systemAttributesOf(message),
        messageAttributes: message.attributes,
      }));
    },
    delete: (arn, receiptHandles) => queues.byArn(arn).delete(receiptHandles),
    changeVisibility: async (arn, receiptHandles, seconds) => {
      for (const handle of receiptHandles) await queues.byArn(arn).changeVisibility(handle, seconds);
    },
  };

  return {
    signingNames: ['sqs'],
    operations: sqsOperations(cloud, queues),
    resources: {
      aws_sqs_queue: queueHandler(cloud, queues),
      aws_sqs_queue_policy: storedBesideQueue,
      aws_sqs_queue_redrive_allow_policy: storedBesideQueue,
    },
    start: async () => {
      timer = setInterval(() => recordSizes(cloud, queues), metricsEveryMilliseconds);
      timer.unref();
    },
    stop: async () => {
      clearInterval(timer);
      for (const queue of queues.all()) queue.release();
    },
  };
}

function queueHandler(cloud: Cloud, queues: Queues): ResourceHandler {
  return {
    apply: async ({ desired }): Promise<Attributes> => {
      const queue = await queues.put(readQueueSettings(desired, cloud));
      const url = queues.urlOf(queue);
      return { ...desired, id: url, url, arn: queue.settings.arn, name: queue.settings.name };
    },
    remove: async (_address, previous) => queues.remove(String(previous['name'])),
  };
}

/** Policies are kept with their queue; who may send is not yet enforced. */
const storedBesideQueue: ResourceHandler = {
  apply: async ({ desired }) => ({ ...desired, id: desired['queue_url'] }),
};

function recordSizes(cloud: Cloud, queues: Queues): void {
  for (const queue of queues.all()) {
    const { visible, inFlight, delayed } = queue.count();
    count(cloud, queue, 'ApproximateNumberOfMessagesVisible', visible);
    count(cloud, queue, 'ApproximateNumberOfMessagesNotVisible', inFlight);
    count(cloud, queue, 'ApproximateNumberOfMessagesDelayed', delayed);
    count(cloud, queue, 'ApproximateAgeOfOldestMessage', queue.oldestAge(), 'Seconds');
  }
}
