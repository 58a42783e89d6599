import { randomUUID } from 'node:crypto';
import type { StateNamespace } from '../../core/state.ts';
import type { MessageAttributes } from './message-attributes.ts';
import type { QueueSettings } from './queue-settings.ts';

/** A message as it is kept. Times in epoch milliseconds. */
export interface StoredMessage {
  id: string;
  body: string;
  attributes: MessageAttributes;
  sentAt: number;
  visibleAt: number;
  receiveCount: number;
  firstReceivedAt?: number;
  /** Given anew with every receive; an older one no longer deletes. */
  receiptHandle?: string;
}

/** Where a message goes that was received too often; set by the service, which knows the other queues. */
export type ToDeadLetters = (arn: string, message: StoredMessage) => Promise<void>;

/** One standard queue: its messages in memory, each on disk before its sender hears of it. */
export class Queue {
  settings: QueueSettings;
  readonly #state: StateNamespace;
  readonly #toDeadLetters: ToDeadLetters;
  readonly #messages = new Map<string, StoredMessage>();
  readonly #wakers = new Set<() => void>();
  #sequence = 0;

  constructor(settings: QueueSettings, state: StateNamespace, toDeadLetters: ToDeadLetters) {
    this.settings = settings;
    this.#state = state;
    this.#toDeadLetters = toDeadLetters;
  }

  /** Reads back what an earlier run kept. */
  async load(): Promise<void> {
    for (const { key, value } of await this.#state.list<StoredMessage>(this.#prefix())) {
      this.#messages.set(key, value);
      this.#sequence = Math.max(this.#sequence, Number(key.slice(this.#prefix().length)));
    }
  }

  /** Durable when it resolves. */
  async send(body: string, attributes: MessageAttributes, delaySeconds?: number): Promise<StoredMessage> {
    const now = Date.now();
    const visibleAt = now + (delaySeconds ?? this.settings.delay) * 1000;
    const message: StoredMessage = {
      id: randomUUID(),
      body,
      attributes,
      sentAt: now,
      visibleAt,
      receiveCount: 0,
    };
    const key = `${this.#prefix()}${`${++this.#sequence}`.padStart(16, '0')}`;
    await this.#state.put(key, message);
    this.#messages.set(key, message);
    this.#wake();
    return message;
  }

  /** Takes up to `maximum` visible messages; waits for the first one as long as it may. */
  async receive(
    maximum: number,
    waitMilliseconds: number,
    options: { visibilityTimeout?: number | undefined; signal?: AbortSignal | undefined } = {},
  ): Promise<StoredMessage[]> {
    const until = Date.now() + waitMilliseconds;
    for (;;) {
      const taken = await this.#take(maximum, options.visibilityTimeout ?? this.settings.visibilityTimeout);
      const left = until - Date.now();
      if (taken.length > 0 || left <= 0 || options.signal?.aborted) return taken;
      await this.#sleep(left, options.signal);
    }
  }

  /** Deletes by receipt; one that is no longer known is no error, as on AWS. */
  async delete(receiptHandles: readonly string[]): Promise<void> {
    const keys = receiptHandles.flatMap((handle) => this.#keyOf(handle) ?? []);
    await this.#state.batch(keys.map((key) => ({ delete: key })));
    for (const key of keys) this.#messages.delete(key);
  }

  /** Answers false where the receipt is no longer the message's. */
  async changeVisibility(receiptHandle: string, seconds: number): Promise<boolean> {
    const key = this.#keyOf(receiptHandle);
    const message = key === undefined ? undefined : this.#messages.get(key);
    if (key === undefined || !message) return false;
    message.visibleAt = Date.now() + seconds * 1000;
    await this.#state.put(key, message);
    this.#wake();
    return true;
  }

  async purge(): Promise<void> {
    const keys = [...this.#messages.keys()];
    await this.#state.batch(keys.map((key) => ({ delete: key })));
    this.#messages.clear();
  }

  /** Counts as GetQueueAttributes tells them. */
  count(): { visible: number; inFlight: number; delayed: number } {
    const now = Date.now();
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
    const sent = [...this.#messages.values()].map(({ sentAt }) => sentAt);
    return sent.length === 0 ? 0 : (Date.now() - Math.min(...sent)) / 1000;
  }

  async #take(maximum: number, visibilityTimeout: number): Promise<StoredMessage[]> {
    const now = Date.now();
    const taken: [string, StoredMessage][] = [];
    for (const [key, message] of this.#messages) {
      if (taken.length === maximum) break;
      if (message.visibleAt > now) continue;
      if (now - message.sentAt > this.settings.messageRetention * 1000) await this.#forget(key);
      else if (await this.#redriven(key, message)) continue;
      else {
        // Before anything is awaited: two receivers must not take the same message.
        message.visibleAt = now + visibilityTimeout * 1000;
        message.receiveCount++;
        message.firstReceivedAt ??= now;
        message.receiptHandle = `${Buffer.from(key).toString('base64url')}.${randomUUID()}`;
        taken.push([key, message]);
      }
    }
    if (taken.length > 0) await this.#state.batch(taken.map(([put, value]) => ({ put, value })));
    return taken.map(([, message]) => ({ ...message }));
  }

  async #redriven(key: string, message: StoredMessage): Promise<boolean> {
    const { redrive } = this.settings;
    if (!redrive || message.receiveCount < redrive.maximumReceives) return false;
    // Out of others' sight first; on disk there before it goes from here, so that it may double but not be lost.
    message.visibleAt = Number.POSITIVE_INFINITY;
    await this.#toDeadLetters(redrive.deadLetterArn, message);
    await this.#forget(key);
    return true;
  }

  async #forget(key: string): Promise<void> {
    this.#messages.delete(key);
    await this.#state.delete(key);
  }

  #keyOf(receiptHandle: string): string | undefined {
    const key = Buffer.from(receiptHandle.split('.')[0] ?? '', 'base64url').toString();
    return this.#messages.get(key)?.receiptHandle === receiptHandle ? key : undefined;
  }

  /** Until a message may have become visible, the time is over, or the receiver goes away. */
  #sleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
    const now = Date.now();
    const due = [...this.#messages.values()].map(({ visibleAt }) => visibleAt - now);
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.#wakers.delete(end);
        signal?.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, Math.max(1, Math.min(milliseconds, ...due)));
      this.#wakers.add(end);
      signal?.addEventListener('abort', end, { once: true });
    });
  }

  #wake(): void {
    for (const waker of [...this.#wakers]) waker();
  }

  /** Lets every waiting receiver go with what it has. */
  release(): void {
    this.#wake();
  }

  #prefix(): string {
    return `${this.settings.name}/`;
  }
}
