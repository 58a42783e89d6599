import { randomUUID } from 'node:crypto';
import type { Clock } from '../../core/clock.ts';
import type { StateNamespace } from '../../core/state.ts';
import type { MessageAttributes } from './message-attributes.ts';
import type { QueueSettings } from './queue-settings.ts';

/** A message as it is kept. Times in epoch milliseconds. */
export interface StoredMessage {
  id: string;
  body: string;
  attributes: MessageAttributes;
  /** `AWSTraceHeader`: the trace that the message was sent in. */
  traceHeader?: string;
  sentAt: number;
  visibleAt: number;
  receiveCount: number;
  firstReceivedAt?: number;
  /** Given anew with every receive; an older one no longer deletes. */
  receiptHandle?: string;
  /** ARN of the queue from which it came here as a dead letter. */
  deadLetterSource?: string;
}

/** Finds the dead-letter queue of an ARN; undefined, and a warning, when it does not stand. */
export type FindDeadLetters = (arn: string) => Queue | undefined;

/** Whether a text has the form of the receipts given by queues. */
export function isReceiptHandle(text: string): boolean {
  return /^[\w-]+\.[0-9a-f-]{36}$/.test(text);
}

/** One standard queue: its messages in memory, each on disk before its sender hears of it. */
export class Queue {
  settings: QueueSettings;
  readonly #state: StateNamespace;
  readonly #clock: Clock;
  readonly #findDeadLetters: FindDeadLetters;
  readonly #messages = new Map<string, StoredMessage>();
  readonly #wakers = new Set<() => void>();
  #sequence = 0;
  #released = false;

  constructor(
    settings: QueueSettings,
    { state, clock }: { state: StateNamespace; clock: Clock },
    findDeadLetters: FindDeadLetters,
  ) {
    this.settings = settings;
    this.#state = state;
    this.#clock = clock;
    this.#findDeadLetters = findDeadLetters;
  }

  /** Reads back what an earlier run kept. */
  async load(): Promise<void> {
    for (const { key, value } of await this.#state.list<StoredMessage>(this.#prefix())) {
      this.#messages.set(key, value);
      this.#sequence = Math.max(this.#sequence, Number(key.slice(this.#prefix().length)));
    }
  }

  /** Durable when it resolves. */
  async send(
    body: string,
    attributes: MessageAttributes,
    {
      delaySeconds,
      traceHeader,
    }: { delaySeconds?: number | undefined; traceHeader?: string | undefined } = {},
  ): Promise<StoredMessage> {
    const now = this.#clock.now();
    const visibleAt = now + (delaySeconds ?? this.settings.delay) * 1000;
    const message: StoredMessage = {
      id: randomUUID(),
      body,
      attributes,
      ...(traceHeader ? { traceHeader } : {}),
      sentAt: now,
      visibleAt,
      receiveCount: 0,
    };
    const key = this.#nextKey();
    await this.#state.put(key, message);
    this.#arrive(key, message);
    return message;
  }

  /** Takes up to `maximum` visible messages; waits for the first one as long as it may. */
  async receive(
    maximum: number,
    waitMilliseconds: number,
    options: { visibilityTimeout?: number | undefined; signal?: AbortSignal | undefined } = {},
  ): Promise<StoredMessage[]> {
    // The client waits by the machine's time, whatever this clock is moved to.
    const until = performance.now() + waitMilliseconds;
    for (;;) {
      const taken = await this.#take(maximum, options.visibilityTimeout ?? this.settings.visibilityTimeout);
      const left = until - performance.now();
      if (taken.length > 0 || left <= 0 || this.#released || options.signal?.aborted) return taken;
      await this.#sleep(left, options.signal);
    }
  }

  /** Deletes by receipt and answers how many; one that is no longer known is no error, as on AWS. */
  async delete(receiptHandles: readonly string[]): Promise<number> {
    const keys = receiptHandles.flatMap((handle) => this.#keyOf(handle) ?? []);
    for (const key of keys) this.#messages.delete(key);
    await this.#state.batch(keys.map((key) => ({ delete: key })));
    return keys.length;
  }

  /** Answers false where the receipt is no longer the message's. */
  async changeVisibility(receiptHandle: string, seconds: number): Promise<boolean> {
    const key = this.#keyOf(receiptHandle);
    const message = key === undefined ? undefined : this.#messages.get(key);
    if (key === undefined || !message || message.visibleAt <= this.#clock.now()) return false;
    message.visibleAt = this.#clock.now() + seconds * 1000;
    await this.#state.put(key, message);
    this.#wake();
    return true;
  }

  async purge(): Promise<void> {
    const keys = [...this.#messages.keys()];
    this.#messages.clear();
    await this.#state.batch(keys.map((key) => ({ delete: key })));
  }

  /** Counts as GetQueueAttributes tells them. */
  count(): { visible: number; inFlight: number; delayed: number } {
    const now = this.#clock.now();
    const counts = { visible: 0, inFlight: 0, delayed: 0 };
    for (const message of this.#messages.values()) {
      if (message.visibleAt <= now) counts.visible++;
      else if (message.receiveCount > 0) counts.inFlight++;
      else counts.delayed++;
    }
    return counts;
  }

  /** Seconds since the oldest message was sent; 0 for an empty queue. */
  oldestAge(): number {
    const now = this.#clock.now();
    let oldest = now;
    for (const { sentAt } of this.#messages.values()) oldest = Math.min(oldest, sentAt);
    return (now - oldest) / 1000;
  }

  /**
   * Chooses and marks without waiting, so that two receivers never take the same message, and writes all that changed
   * at once: a dead letter is never in both queues nor in none.
   */
  async #take(maximum: number, visibilityTimeout: number): Promise<StoredMessage[]> {
    const now = this.#clock.now();
    const taken: StoredMessage[] = [];
    const writes: Parameters<StateNamespace['batch']>[0] = [];
    const arrivals: (() => void)[] = [];
    for (const [key, message] of this.#messages) {
      if (taken.length === maximum) break;
      if (message.visibleAt > now) continue;
      const deadLetters = this.#deadLettersFor(message);
      if (now - message.sentAt > this.settings.messageRetention * 1000) {
        this.#messages.delete(key);
        writes.push({ delete: key });
      } else if (deadLetters) {
        this.#messages.delete(key);
        const { receiptHandle: _, ...rest } = message;
        const moved = { ...rest, visibleAt: now, deadLetterSource: this.settings.arn };
        const targetKey = deadLetters.#nextKey();
        writes.push({ put: targetKey, value: moved }, { delete: key });
        arrivals.push(() => deadLetters.#arrive(targetKey, moved));
      } else {
        message.visibleAt = now + visibilityTimeout * 1000;
        message.receiveCount++;
        message.firstReceivedAt ??= now;
        message.receiptHandle = `${Buffer.from(key).toString('base64url')}.${randomUUID()}`;
        writes.push({ put: key, value: message });
        taken.push({ ...message });
      }
    }
    if (writes.length > 0) await this.#state.batch(writes);
    for (const arrive of arrivals) arrive();
    return taken;
  }

  #deadLettersFor({ receiveCount }: StoredMessage): Queue | undefined {
    const { redrive } = this.settings;
    if (!redrive || receiveCount < redrive.maximumReceives) return undefined;
    return this.#findDeadLetters(redrive.deadLetterArn);
  }

  #keyOf(receiptHandle: string): string | undefined {
    const key = Buffer.from(receiptHandle.split('.')[0] ?? '', 'base64url').toString();
    return this.#messages.get(key)?.receiptHandle === receiptHandle ? key : undefined;
  }

  /** Until a message may have become visible, the time is over, or the receiver goes away. */
  #sleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
    let visible = Number.POSITIVE_INFINITY;
    for (const { visibleAt } of this.#messages.values()) visible = Math.min(visible, visibleAt);
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        callOff?.();
        this.#wakers.delete(end);
        signal?.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, Math.max(1, milliseconds));
      const callOff = Number.isFinite(visible)
        ? this.#clock.after(visible - this.#clock.now(), `a message of ${this.settings.name}`, end)
        : undefined;
      this.#wakers.add(end);
      signal?.addEventListener('abort', end, { once: true });
    });
  }

  #wake(): void {
    for (const waker of [...this.#wakers]) waker();
  }

  #nextKey(): string {
    return `${this.#prefix()}${`${++this.#sequence}`.padStart(16, '0')}`;
  }

  #arrive(key: string, message: StoredMessage): void {
    this.#messages.set(key, message);
    this.#wake();
  }

  /** Lets every waiting receiver go with what it has, and none wait any more. */
  release(): void {
    this.#released = true;
    this.#wake();
  }

  #prefix(): string {
    return `${this.settings.name}/`;
  }
}
