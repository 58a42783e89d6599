import type { Cloud } from '../../core/cloud.ts';
import { AwsError } from '../../core/errors.ts';
import type { Operation } from '../../core/service.ts';
import { md5, md5OfAttributes, readMessageAttributes } from './message-attributes.ts';
import { isReceiptHandle, type Queue, type StoredMessage } from './queue.ts';
import type { Queues } from './queues.ts';

type Input = Record<string, unknown>;
type Entry = { Id: string } & Input;

const maximumBatchEntries = 10;

/** The operations of SQS on standard queues, by name. */
export function sqsOperations(cloud: Cloud, queues: Queues): Record<string, Operation> {
  const queueOf = (input: Input) => queues.byUrl(text(input, 'QueueUrl'));
  return {
    SendMessage: async (input, { headers }) => send(cloud, queueOf(input), input, headers['x-amzn-trace-id']),
    SendMessageBatch: async (input, { headers }) => {
      const queue = queueOf(input);
      const entries = entriesOf(input);
      refuseLargeBatch(entries, queue.settings.maximumMessageBytes);
      return inBatch(entries, (entry) => send(cloud, queue, entry, headers['x-amzn-trace-id']));
    },
    ReceiveMessage: async (input) => receive(cloud, queueOf(input), input),
    DeleteMessage: async (input) => remove(cloud, queueOf(input), input),
    DeleteMessageBatch: async (input) =>
      inBatch(entriesOf(input), (entry) => remove(cloud, queueOf(input), entry)),
    ChangeMessageVisibility: async (input) => changeVisibility(queueOf(input), input),
    ChangeMessageVisibilityBatch: async (input) =>
      inBatch(entriesOf(input), (entry) => changeVisibility(queueOf(input), entry)),
    GetQueueUrl: async (input) => ({ QueueUrl: queues.urlOf(queues.byName(text(input, 'QueueName'))) }),
    GetQueueAttributes: async (input) => ({
      Attributes: attributesOf(queueOf(input), input['AttributeNames']),
    }),
    ListQueues: async (input) => {
      const prefix = String(input['QueueNamePrefix'] ?? '');
      const names = queues.all().filter(({ settings }) => settings.name.startsWith(prefix));
      return { QueueUrls: names.map((queue) => queues.urlOf(queue)) };
    },
    PurgeQueue: async (input) => {
      await queueOf(input).purge();
      return {};
    },
  };
}

/** The trace is that of the message, or else of the request, as the SDK's tracers send it. */
async function send(
  cloud: Cloud,
  queue: Queue,
  input: Input,
  requestTrace: string | undefined,
): Promise<object> {
  const body = text(input, 'MessageBody');
  if (Buffer.byteLength(body) > queue.settings.maximumMessageBytes) {
    throw new AwsError(
      'InvalidParameterValue',
      `One or more parameters are invalid. Reason: Message must be shorter than ${queue.settings.maximumMessageBytes} bytes.`,
    );
  }
  const attributes = readMessageAttributes(input['MessageAttributes']);
  const system = readMessageAttributes(input['MessageSystemAttributes']);
  const message = await queue.send(body, attributes, {
    delaySeconds: integer(input, 'DelaySeconds', { minimum: 0, maximum: 900 }),
    traceHeader: system['AWSTraceHeader']?.StringValue ?? requestTrace,
  });
  count(cloud, queue, 'NumberOfMessagesSent', 1);
  count(cloud, queue, 'SentMessageSize', Buffer.byteLength(body), 'Bytes');
  const attributesDigest = md5OfAttributes(attributes);
  const systemDigest = md5OfAttributes(system);
  return {
    MessageId: message.id,
    MD5OfMessageBody: md5(body),
    ...(attributesDigest ? { MD5OfMessageAttributes: attributesDigest } : {}),
    ...(systemDigest ? { MD5OfMessageSystemAttributes: systemDigest } : {}),
  };
}

async function remove(cloud: Cloud, queue: Queue, input: Input): Promise<object> {
  const handle = receiptHandleOf(input);
  count(cloud, queue, 'NumberOfMessagesDeleted', await queue.delete([handle]));
  return {};
}

async function changeVisibility(queue: Queue, input: Input): Promise<object> {
  const seconds = integer(input, 'VisibilityTimeout', { minimum: 0, maximum: 43_200 });
  if (seconds === undefined) throw missing('VisibilityTimeout');
  const handle = receiptHandleOf(input);
  if (await queue.changeVisibility(handle, seconds)) return {};
  throw new AwsError(
    'InvalidParameterValue',
    `Value ${handle} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`,
  );
}

/** Throws `ReceiptHandleIsInvalid` for what no queue here ever gave. */
function receiptHandleOf(input: Input): string {
  const handle = text(input, 'ReceiptHandle');
  if (isReceiptHandle(handle)) return handle;
  throw new AwsError(
    'ReceiptHandleIsInvalid',
    `The input receipt handle "${handle}" is not a valid receipt handle.`,
  );
}

async function receive(cloud: Cloud, queue: Queue, input: Input): Promise<object> {
  const maximum = integer(input, 'MaxNumberOfMessages', { minimum: 1, maximum: 10 }) ?? 1;
  const wait = integer(input, 'WaitTimeSeconds', { minimum: 0, maximum: 20 }) ?? queue.settings.receiveWait;
  const visibilityTimeout = integer(input, 'VisibilityTimeout', { minimum: 0, maximum: 43_200 });
  const messages = await queue.receive(maximum, wait * 1000, { visibilityTimeout });
  count(
    cloud,
    queue,
    messages.length > 0 ? 'NumberOfMessagesReceived' : 'NumberOfEmptyReceives',
    messages.length || 1,
  );
  if (messages.length === 0) return {};
  const system = namesOf(input['MessageSystemAttributeNames'] ?? input['AttributeNames']);
  const named = namesOf(input['MessageAttributeNames']);
  return { Messages: messages.map((message) => messageOf(message, system, named)) };
}

function messageOf(message: StoredMessage, system: string[], named: string[]): object {
  const attributes = wanted(systemAttributesOf(message), system);
  const messageAttributes = wanted(message.attributes, named);
  const digest = md5OfAttributes(messageAttributes);
  return {
    MessageId: message.id,
    ReceiptHandle: message.receiptHandle,
    MD5OfBody: md5(message.body),
    Body: message.body,
    ...(Object.keys(attributes).length > 0 ? { Attributes: attributes } : {}),
    ...(digest ? { MessageAttributes: messageAttributes, MD5OfMessageAttributes: digest } : {}),
  };
}

export function systemAttributesOf(message: StoredMessage): Record<string, string> {
  return {
    SenderId: '000000000000',
    SentTimestamp: `${message.sentAt}`,
    ApproximateReceiveCount: `${message.receiveCount}`,
    ApproximateFirstReceiveTimestamp: `${message.firstReceivedAt ?? message.sentAt}`,
    ...(message.traceHeader ? { AWSTraceHeader: message.traceHeader } : {}),
    ...(message.deadLetterSource ? { DeadLetterQueueSourceArn: message.deadLetterSource } : {}),
  };
}

/** `All`, a name, or a prefix such as `trace.*`. */
function wanted<Value>(values: Record<string, Value>, names: string[]): Record<string, Value> {
  const matches = (name: string) =>
    names.some(
      (want) => want === 'All' || want === name || (want.endsWith('*') && name.startsWith(want.slice(0, -1))),
    );
  return Object.fromEntries(Object.entries(values).filter(([name]) => matches(name)));
}

function attributesOf(queue: Queue, names: unknown): Record<string, string> {
  const { settings } = queue;
  const { visible, inFlight, delayed } = queue.count();
  const all = {
    QueueArn: settings.arn,
    ApproximateNumberOfMessages: `${visible}`,
    ApproximateNumberOfMessagesNotVisible: `${inFlight}`,
    ApproximateNumberOfMessagesDelayed: `${delayed}`,
    VisibilityTimeout: `${settings.visibilityTimeout}`,
    MessageRetentionPeriod: `${settings.messageRetention}`,
    DelaySeconds: `${settings.delay}`,
    ReceiveMessageWaitTimeSeconds: `${settings.receiveWait}`,
    MaximumMessageSize: `${settings.maximumMessageBytes}`,
    SqsManagedSseEnabled: 'true',
    ...(settings.policy ? { Policy: settings.policy } : {}),
    ...(settings.redriveAllowPolicy ? { RedriveAllowPolicy: settings.redriveAllowPolicy } : {}),
    ...(settings.redrive
      ? {
          RedrivePolicy: JSON.stringify({
            deadLetterTargetArn: settings.redrive.deadLetterArn,
            maxReceiveCount: settings.redrive.maximumReceives,
          }),
        }
      : {}),
  };
  return wanted<string>(all, namesOf(names));
}

function entriesOf(input: Input): Entry[] {
  const entries = input['Entries'];
  if (!Array.isArray(entries) || entries.length === 0) {
    throw batchError('EmptyBatchRequest', 'There should be at least one entry in the request.');
  }
  if (entries.length > maximumBatchEntries) {
    throw batchError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are ${maximumBatchEntries}. You have sent ${entries.length}.`,
    );
  }
  if (new Set(entries.map(({ Id }: Entry) => Id)).size < entries.length) {
    throw batchError(
      'BatchEntryIdsNotDistinct',
      'Two or more batch entries in the request have the same Id.',
    );
  }
  if (entries.some(({ Id }: Partial<Entry>) => !/^[\w-]{1,80}$/.test(String(Id ?? '')))) {
    throw batchError(
      'InvalidBatchEntryId',
      'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
    );
  }
  return entries as Entry[];
}

function refuseLargeBatch(entries: Entry[], limit: number): void {
  const bytes = entries.reduce(
    (sum, entry) => sum + Buffer.byteLength(String(entry['MessageBody'] ?? '')),
    0,
  );
  if (bytes <= limit) return;
  throw batchError(
    'BatchRequestTooLong',
    `Batch requests cannot be longer than ${limit} bytes. You have sent ${bytes} bytes.`,
  );
}

/** Clients of the query protocol's days know these by a longer name, which the gateway sends beside the short one. */
function batchError(code: string, message: string): AwsError {
  return new AwsError(code, message, 400, { queryErrorCode: `AWS.SimpleQueueService.${code}` });
}

/** Each entry on its own: what AWS refuses of one does not keep the others back. */
async function inBatch(entries: Entry[], work: (entry: Entry) => Promise<object>): Promise<object> {
  const Successful: object[] = [];
  const Failed: object[] = [];
  for (const entry of entries) {
    try {
      Successful.push({ Id: entry.Id, ...(await work(entry)) });
    } catch (error) {
      if (!(error instanceof AwsError) || error.code === 'QueueDoesNotExist') throw error;
      Failed.push({ Id: entry.Id, SenderFault: true, Code: error.code, Message: error.message });
    }
  }
  return { Successful, ...(Failed.length > 0 ? { Failed } : {}) };
}

export function count(cloud: Cloud, queue: Queue, name: string, value: number, unit = 'Count'): void {
  const dimensions = { QueueName: queue.settings.name };
  cloud.telemetry.metric({ namespace: 'AWS/SQS', name, dimensions, unit, value, time: Date.now() });
}

const namesOf = (value: unknown) => (Array.isArray(value) ? value.map(String) : []);

function text(input: Input, name: string): string {
  const value = input[name];
  if (typeof value === 'string' && value !== '') return value;
  throw missing(name);
}

function missing(name: string): AwsError {
  return new AwsError('MissingParameter', `The request must contain the parameter ${name}.`);
}

function integer(input: Input, name: string, { minimum, maximum }: { minimum: number; maximum: number }) {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  const number = Number(value);
  if (Number.isInteger(number) && number >= minimum && number <= maximum) return number;
  throw new AwsError(
    'InvalidParameterValue',
    `Value ${String(value)} for parameter ${name} is invalid. Reason: Must be between ${minimum} and ${maximum}, if provided.`,
  );
}
