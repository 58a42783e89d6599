import type { Cloud, Invocation, QueueMessage } from '../../../core/cloud.ts';
import type { FunctionConfiguration } from '../configuration.ts';
import { readBatchOutcome } from './batch-outcome.ts';
import { type Mapping, passesFilters } from './mapping.ts';
import { requireReading } from './may-read.ts';
import { pause } from './pause.ts';

const longPoll = 20_000;

/** The traces are those that the messages were sent in. */
type Invoke = (payload: string, linkedTraces: readonly string[]) => Promise<Invocation>;

/** Hands the messages of one queue to a function, and deletes those it dealt with. */
export class QueuePoller {
  readonly #cloud: Cloud;
  readonly #mapping: Mapping;
  readonly #configuration: () => FunctionConfiguration;
  readonly #invoke: Invoke;
  readonly #stopping = new AbortController();
  readonly #batches = new Set<Promise<void>>();
  #ended: Promise<void> = Promise.resolve();

  constructor(cloud: Cloud, mapping: Mapping, configuration: () => FunctionConfiguration, invoke: Invoke) {
    this.#cloud = cloud;
    this.#mapping = mapping;
    this.#configuration = configuration;
    this.#invoke = invoke;
  }

  start(): void {
    this.#ended = this.#pollUntilStopped();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#ended;
    await Promise.all(this.#batches);
  }

  async #pollUntilStopped(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        const messages = await this.#receiveBatch();
        if (messages.length > 0) this.#process(messages);
        if (this.#batches.size >= this.#mapping.maximumConcurrency) await Promise.race(this.#batches);
      } catch (error) {
        this.#warn('A queue could not be read; it is tried again.', error);
        await pause(1000, signal);
      }
    }
  }

  async #receiveBatch(): Promise<QueueMessage[]> {
    const { eventSourceArn, batchSize, batchWindow } = this.#mapping;
    requireReading(this.#cloud, this.#configuration(), this.#mapping);
    const { queueReader } = this.#cloud.ports;
    const receive = (maximum: number, waitMilliseconds: number) =>
      queueReader.receive(eventSourceArn, { maximum, waitMilliseconds, signal: this.#stopping.signal });
    const messages = await receive(batchSize, longPoll);
    const deadline = Date.now() + batchWindow;
    while (messages.length > 0 && messages.length < batchSize && Date.now() < deadline) {
      const more = await receive(batchSize - messages.length, deadline - Date.now());
      if (more.length === 0) break;
      messages.push(...more);
    }
    return messages;
  }

  #process(messages: QueueMessage[]): void {
    const batch: Promise<void> = this.#runBatch(messages)
      .catch((error: unknown) => this.#warn('A batch of a queue failed; its messages come again.', error))
      .finally(() => this.#batches.delete(batch));
    this.#batches.add(batch);
  }

  async #runBatch(messages: QueueMessage[]): Promise<void> {
    const { eventSourceArn, reportsItemFailures } = this.#mapping;
    const passing = messages.filter((message) => passesFilters(this.#mapping, filterView(message)));
    const filteredOut = messages.filter((message) => !passing.includes(message));
    if (filteredOut.length > 0) await this.#delete(filteredOut);
    if (passing.length === 0) return;
    const records = passing.map((message) => asLambdaRecord(message, eventSourceArn, this.#cloud.region));
    const traces = passing.flatMap(({ attributes }) => attributes['AWSTraceHeader'] ?? []);
    const invocation = await this.#invoke(JSON.stringify({ Records: records }), traces);
    const identifiers = passing.map(({ messageId }) => messageId);
    const outcome = readBatchOutcome(invocation, identifiers, reportsItemFailures);
    if (outcome.kind === 'succeeded') return this.#delete(passing);
    const { failedIdentifiers } = outcome;
    if (failedIdentifiers === 'all') return;
    await this.#delete(passing.filter(({ messageId }) => !failedIdentifiers.includes(messageId)));
  }

  async #delete(messages: QueueMessage[]): Promise<void> {
    const handles = messages.map(({ receiptHandle }) => receiptHandle);
    await this.#cloud.ports.queueReader.delete(this.#mapping.eventSourceArn, handles);
  }

  #warn(message: string, error: unknown): void {
    const { eventSourceArn, functionArn } = this.#mapping;
    this.#cloud.logger.warn(message, { queue: eventSourceArn, function: functionArn, error: String(error) });
  }
}

/** Filters see a JSON body parsed, as AWS documents. */
function filterView(message: QueueMessage): object {
  try {
    return { ...message, body: JSON.parse(message.body) as unknown };
  } catch {
    return message;
  }
}

function asLambdaRecord(message: QueueMessage, eventSourceARN: string, awsRegion: string): object {
  const messageAttributes = Object.fromEntries(
    Object.entries(message.messageAttributes).map(([name, { StringValue, BinaryValue, DataType }]) => [
      name,
      {
        ...(StringValue === undefined ? {} : { stringValue: StringValue }),
        ...(BinaryValue === undefined ? {} : { binaryValue: BinaryValue }),
        stringListValues: [],
        binaryListValues: [],
        dataType: DataType,
      },
    ]),
  );
  return { ...message, messageAttributes, eventSource: 'aws:sqs', eventSourceARN, awsRegion };
}
