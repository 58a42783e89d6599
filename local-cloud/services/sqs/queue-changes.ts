import type { Cloud } from '../../core/cloud.ts';
import { AwsError, notSupported } from '../../core/errors.ts';
import type { Operation } from '../../core/service.ts';
import { type QueueSettings, readQueueSettings } from './queue-settings.ts';
import type { Queues } from './queues.ts';

type Input = Record<string, unknown>;
type Texts = Record<string, string>;

/** An attribute of the API: its name in the Terraform, and the numbers it may have. */
const attributes: Record<string, { argument: string; from?: number; to?: number }> = {
  VisibilityTimeout: { argument: 'visibility_timeout_seconds', from: 0, to: 43_200 },
  MessageRetentionPeriod: { argument: 'message_retention_seconds', from: 60, to: 1_209_600 },
  DelaySeconds: { argument: 'delay_seconds', from: 0, to: 900 },
  ReceiveMessageWaitTimeSeconds: { argument: 'receive_wait_time_seconds', from: 0, to: 20 },
  MaximumMessageSize: { argument: 'max_message_size', from: 1_024, to: 1_048_576 },
  RedrivePolicy: { argument: 'redrive_policy' },
  RedriveAllowPolicy: { argument: 'redrive_allow_policy' },
  Policy: { argument: 'policy' },
  FifoQueue: { argument: 'fifo_queue' },
  SqsManagedSseEnabled: { argument: 'sqs_managed_sse_enabled' },
};
const unsupported = ['KmsMasterKeyId', 'KmsDataKeyReusePeriodSeconds', 'ContentBasedDeduplication'];

/**
 * What makes, changes and removes queues. A queue that a client made outlasts a restart as it then is; one of the
 * Terraform has at every start what the Terraform says.
 */
export function queueChanges(cloud: Cloud, queues: Queues): Record<string, Operation> {
  const queueOf = (input: Input) => queues.byUrl(String(input['QueueUrl'] ?? ''));
  const scope = { region: cloud.region, accountId: cloud.accountId };

  async function change(input: Input, next: (settings: QueueSettings) => QueueSettings): Promise<object> {
    const queue = queueOf(input);
    queue.settings = next(queue.settings);
    await queues.keepIfMade(queue);
    return {};
  }

  return {
    async CreateQueue(input) {
      const name = String(input['QueueName'] ?? '');
      const given = readAttributes(input['Attributes']);
      const tags = textsOf(input['tags'] ?? input['Tags']);
      const settings = readQueueSettings({ ...given, name, tags }, scope);
      const standing = queues.named(name);
      if (!standing) return { QueueUrl: queues.urlOf(await queues.make(settings)) };
      const changed = { ...standing.settings, ...settingsOf(standing.settings, given, scope) };
      if (JSON.stringify(changed) !== JSON.stringify(standing.settings)) {
        throw new AwsError(
          'QueueNameExists',
          `A queue already exists with the same name and a different value for one of its attributes.`,
          400,
          { queryErrorCode: 'QueueAlreadyExists' },
        );
      }
      return { QueueUrl: queues.urlOf(standing) };
    },
    SetQueueAttributes: (input) => {
      const given = readAttributes(input['Attributes']);
      return change(input, (settings) => ({ ...settings, ...settingsOf(settings, given, scope) }));
    },
    TagQueue: (input) =>
      change(input, (settings) => ({
        ...settings,
        tags: { ...settings.tags, ...textsOf(input['Tags']) },
      })),
    UntagQueue: (input) => {
      const gone: unknown[] = Array.isArray(input['TagKeys']) ? input['TagKeys'] : [];
      return change(input, (settings) => ({
        ...settings,
        tags: Object.fromEntries(Object.entries(settings.tags).filter(([key]) => !gone.includes(key))),
      }));
    },
    async ListQueueTags(input) {
      const { tags } = queueOf(input).settings;
      return Object.keys(tags).length > 0 ? { Tags: tags } : {};
    },
    async DeleteQueue(input) {
      await queues.remove(queueOf(input).settings.name);
      return {};
    },
  };
}

/** The arguments of the Terraform that attributes of the API stand for. Throws for unknown and wrong ones. */
function readAttributes(given: unknown): Texts {
  const read = Object.entries(textsOf(given)).map(([name, value]): [string, string] => {
    if (unsupported.includes(name)) throw notSupported('SQS', `the attribute ${name}`);
    const attribute = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
    if (!attribute) throw new AwsError('InvalidAttributeName', `Unknown Attribute ${name}.`);
    const { argument, from = Number.NEGATIVE_INFINITY, to } = attribute;
    const isWrong =
      to !== undefined && !(/^\d+$/.test(value) && Number(value) >= from && Number(value) <= to);
    if (isWrong || (argument === 'redrive_policy' && value !== '' && !isJson(value))) {
      throw new AwsError('InvalidAttributeValue', `Invalid value for the parameter ${name}.`);
    }
    if (argument === 'fifo_queue' && value === 'true') throw notSupported('SQS', 'a FIFO queue');
    return [argument, value];
  });
  return Object.fromEntries(read);
}

/** Only those settings of which attributes are given. */
function settingsOf(
  { name, tags }: QueueSettings,
  given: Texts,
  scope: { region: string; accountId: string },
): Partial<QueueSettings> {
  const read = readQueueSettings({ ...given, name, tags }, scope);
  const settings: Record<string, keyof QueueSettings> = {
    visibility_timeout_seconds: 'visibilityTimeout',
    message_retention_seconds: 'messageRetention',
    delay_seconds: 'delay',
    receive_wait_time_seconds: 'receiveWait',
    max_message_size: 'maximumMessageBytes',
    redrive_policy: 'redrive',
    redrive_allow_policy: 'redriveAllowPolicy',
    policy: 'policy',
  };
  const named = Object.keys(given).flatMap((argument) => settings[argument] ?? []);
  return Object.fromEntries(named.map((name) => [name, read[name]]));
}

function isJson(text: string): boolean {
  try {
    return typeof JSON.parse(text) === 'object';
  } catch {
    return false;
  }
}

function textsOf(value: unknown): Texts {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).map(([name, text]) => [name, String(text)]));
}
