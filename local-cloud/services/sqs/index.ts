import type { Cloud } from '../../core/cloud.ts';
import type { Attributes, ResourceHandler, Service } from '../../core/service.ts';
import { md5 } from './message-attributes.ts';
import { count, sqsOperations, systemAttributesOf } from './operations.ts';
import { querySpelling } from './query-spelling.ts';
import { queueChanges } from './queue-changes.ts';
import { type QueueSettings, readQueueSettings, readRedrive, textOf } from './queue-settings.ts';
import { Queues } from './queues.ts';
import { counted, recordRequest } from './usage.ts';
import { queuesView } from './views.ts';
import { wantedOfQueues } from './wanted.ts';

/** How often the sizes of queues become metrics; AWS does so every minute. */
const metricsEveryMilliseconds = 60_000;

/** Amazon SQS: standard queues with long polling, visibility and dead letters. Every message is on disk. */
export async function createSqs(cloud: Cloud): Promise<Service> {
  const queues = new Queues(cloud);
  await queues.load();
  let timer: NodeJS.Timeout | undefined;

  cloud.ports.access.addPolicies('sqs', (arn) => queues.named(arn.split(':').at(-1) ?? '')?.settings.policy);
  cloud.ports.queues = {
    send: async (arn, body, attributes = {}, { traceHeader } = {}) => {
      const queue = queues.byArn(arn);
      const named = Object.entries(attributes).map(([name, StringValue]) => [
        name,
        { StringValue, DataType: 'String' },
      ]);
      await queue.send(body, Object.fromEntries(named), { traceHeader });
      recordRequest(cloud, arn, 'SendMessage', Buffer.byteLength(body));
      count(cloud, queue, 'NumberOfMessagesSent', 1);
      count(cloud, queue, 'SentMessageSize', Buffer.byteLength(body), 'Bytes');
    },
  };
  cloud.ports.queueReader = {
    receive: async (arn, { maximum, waitMilliseconds, signal }) => {
      const queue = queues.byArn(arn);
      const messages = await queue.receive(maximum, waitMilliseconds, { signal });
      const bytes = messages.reduce((sum, { body }) => sum + Buffer.byteLength(body), 0);
      recordRequest(cloud, arn, 'ReceiveMessage', bytes);
      if (messages.length > 0) count(cloud, queue, 'NumberOfMessagesReceived', messages.length);
      return messages.map((message) => ({
        messageId: message.id,
        receiptHandle: message.receiptHandle ?? '',
        body: message.body,
        md5OfBody: md5(message.body),
        attributes: systemAttributesOf(message),
        messageAttributes: message.attributes,
      }));
    },
    delete: async (arn, receiptHandles) => {
      const queue = queues.byArn(arn);
      recordRequest(cloud, arn, 'DeleteMessageBatch');
      count(cloud, queue, 'NumberOfMessagesDeleted', await queue.delete(receiptHandles));
    },
    changeVisibility: async (arn, receiptHandles, seconds) => {
      recordRequest(cloud, arn, 'ChangeMessageVisibilityBatch');
      for (const handle of receiptHandles) await queues.byArn(arn).changeVisibility(handle, seconds);
    },
  };

  return {
    signingNames: ['sqs'],
    operations: counted(cloud, queues, { ...sqsOperations(cloud, queues), ...queueChanges(cloud, queues) }),
    views: [queuesView(queues)],
    wanted: (operation, input) =>
      wantedOfQueues(operation, input, `arn:aws:sqs:${cloud.region}:${cloud.accountId}:`),
    querySpelling,
    resources: {
      aws_sqs_queue: queueHandler(cloud, queues),
      aws_sqs_queue_policy: partOfQueue(queues, (desired) => ({ policy: textOf(desired['policy']) })),
      aws_sqs_queue_redrive_policy: partOfQueue(queues, (desired) => ({
        redrive: readRedrive(desired['redrive_policy']),
      })),
      aws_sqs_queue_redrive_allow_policy: partOfQueue(queues, (desired) => ({
        redriveAllowPolicy: textOf(desired['redrive_allow_policy']),
      })),
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
      await queues.forgetMade(queue.settings.name);
      const url = queues.urlOf(queue);
      return { ...desired, id: url, url, arn: queue.settings.arn, name: queue.settings.name };
    },
    remove: async (_address, previous) => queues.remove(String(previous['name'])),
  };
}

/** A setting of a queue that Terraform may also write as a resource of its own. */
function partOfQueue(queues: Queues, read: (desired: Attributes) => Partial<QueueSettings>): ResourceHandler {
  return {
    apply: async ({ desired }) => {
      const queue = queues.byUrl(String(desired['queue_url']));
      queue.settings = { ...queue.settings, ...read(desired) };
      return { ...desired, id: desired['queue_url'] };
    },
  };
}

function recordSizes(cloud: Cloud, queues: Queues): void {
  for (const queue of queues.all()) {
    const { visible, inFlight, delayed } = queue.count();
    count(cloud, queue, 'ApproximateNumberOfMessagesVisible', visible);
    count(cloud, queue, 'ApproximateNumberOfMessagesNotVisible', inFlight);
    count(cloud, queue, 'ApproximateNumberOfMessagesDelayed', delayed);
    count(cloud, queue, 'ApproximateAgeOfOldestMessage', queue.oldestAge(), 'Seconds');
  }
}
