import { randomUUID } from 'node:crypto';
import type { Caller } from './access.ts';
import type { Cloud } from './cloud.ts';
import { isPermanent } from './delivery-errors.ts';
import { retryDelay } from './retry-delay.ts';
import type { StateNamespace } from './state.ts';
import { Turns } from './turns.ts';

/** Something on its way to a target, as it is kept on disk until it has arrived or was given up. */
export interface Attempted {
  targetArn: string;
  /** Epoch milliseconds at which it was accepted. */
  acceptedAt: number;
  /** Attempts that failed so far. */
  attempts: number;
  maximumRetryAttempts: number;
  maximumEventAgeInSeconds: number;
  deadLetterArn?: string;
}

/** What befell a delivery, for those that count. */
export type Step =
  | 'attempted'
  | 'retried'
  | 'arrived'
  | 'given up'
  | 'sent to the dead-letter queue'
  | 'refused by the dead-letter queue';

export interface Failure {
  error: unknown;
  condition: 'Permanent' | 'MaximumRetryAttempts' | 'MaximumEventAgeInSeconds';
  /** Those that failed, the last one included. */
  attempts: number;
}

/** What the deliveries of one service have of their own. */
export interface Carrier<Delivery extends Attempted> {
  send(delivery: Delivery): Promise<void>;
  count(delivery: Delivery, step: Step): void;
  /** What goes to the dead-letter queue, and as whom. */
  deadLetter(
    delivery: Delivery,
    failure: Failure,
  ): { caller: Caller; body: string; attributes: Record<string, string> };
  /** ARN of what sent it, for the log. */
  sourceOf(delivery: Delivery): string;
}

export interface DeliveryOptions {
  /** Milliseconds until the next attempt. */
  delay?: (attempts: number) => number;
}

type Write = { put: string; value: unknown };

/**
 * At-least-once delivery: what `accept` took is on disk before it returns, is tried at once, again with growing delays
 * as its retry policy says, and ends at the target or in the dead-letter queue, also across restarts.
 */
export interface Deliveries<Delivery extends Attempted> {
  /** Durable when it returns; `alongside` is written in the same batch. */
  accept(deliveries: Delivery[], alongside?: Write[]): Promise<void>;
  /** Goes on with what an earlier process left. */
  resume(): Promise<void>;
  /** Ends the timers and waits for attempts under way; what is left stays on disk. */
  stop(): Promise<void>;
}

const prefix = 'delivery/';

/** Attempts under way at once; each is one write to disk, or a call of a service that queues it. */
const atOnce = 64;

export function createDeliveries<Delivery extends Attempted>(
  cloud: Cloud,
  state: StateNamespace,
  carrier: Carrier<Delivery>,
  { delay = retryDelay }: DeliveryOptions = {},
): Deliveries<Delivery> {
  const known = new Set<string>();
  /** How each wait for another attempt is called off. */
  const waits = new Set<() => void>();
  const running = new Set<Promise<void>>();
  const turns = new Turns(atOnce);
  let stopped = false;

  /** What has to wait for its turn is read again when that comes: very many may wait, each with its event. */
  function begin(key: string, delivery: Delivery): void {
    if (stopped) return;
    known.add(key);
    const free = turns.takeFree();
    const attempt = (free ? attemptNow(key, delivery).finally(free) : turns.during(() => attemptLater(key)))
      // The entry is still on disk, so a start that finds the disk well again delivers it.
      .catch((error: unknown) =>
        cloud.logger.error('A delivery could not be recorded', { key, error: String(error) }),
      )
      .finally(() => running.delete(attempt));
    running.add(attempt);
  }

  async function attemptLater(key: string): Promise<void> {
    const delivery = stopped ? undefined : await state.get<Delivery>(key);
    if (delivery) await attemptNow(key, delivery);
  }

  async function attemptNow(key: string, delivery: Delivery): Promise<void> {
    if (!stopped) await tryOnce(key, delivery);
  }

  async function tryOnce(key: string, delivery: Delivery): Promise<void> {
    carrier.count(delivery, 'attempted');
    if (delivery.attempts > 0) carrier.count(delivery, 'retried');
    try {
      await carrier.send(delivery);
    } catch (error) {
      await failed(key, delivery, error);
      return;
    }
    carrier.count(delivery, 'arrived');
    await forget(key);
  }

  async function forget(key: string): Promise<void> {
    await state.delete(key);
    known.delete(key);
  }

  async function failed(key: string, delivery: Delivery, error: unknown): Promise<void> {
    const attempts = delivery.attempts + 1;
    const wait = delay(attempts);
    const deadline = delivery.acceptedAt + delivery.maximumEventAgeInSeconds * 1000;
    const condition = isPermanent(error)
      ? 'Permanent'
      : attempts > delivery.maximumRetryAttempts
        ? 'MaximumRetryAttempts'
        : cloud.clock.now() + wait > deadline
          ? 'MaximumEventAgeInSeconds'
          : undefined;
    if (condition === undefined) {
      const again = { ...delivery, attempts };
      await state.put(key, again);
      const callOff = cloud.clock.after(wait, `another attempt at ${delivery.targetArn}`, () => {
        waits.delete(callOff);
        begin(key, again);
      });
      waits.add(callOff);
      return;
    }
    carrier.count(delivery, 'given up');
    cloud.logger.warn('An event was not delivered', {
      target: delivery.targetArn,
      source: carrier.sourceOf(delivery),
      attempts,
      error: String(error),
    });
    await giveUp(delivery, { error, condition, attempts });
    await forget(key);
  }

  async function giveUp(delivery: Delivery, failure: Failure): Promise<void> {
    const { deadLetterArn: resource } = delivery;
    if (resource === undefined) return;
    try {
      const { caller, body, attributes } = carrier.deadLetter(delivery, failure);
      cloud.ports.access.require(caller, { action: 'sqs:SendMessage', resource });
      await cloud.ports.queues.send(resource, body, attributes);
      carrier.count(delivery, 'sent to the dead-letter queue');
    } catch (sendError) {
      carrier.count(delivery, 'refused by the dead-letter queue');
      cloud.logger.error('A dead-letter queue took no message', {
        queue: resource,
        source: carrier.sourceOf(delivery),
        error: String(sendError),
      });
    }
  }

  return {
    async accept(deliveries, alongside = []) {
      const entries = deliveries.map((delivery) => ({ key: prefix + randomUUID(), delivery }));
      for (const { key } of entries) known.add(key);
      await state.batch([
        ...entries.map(({ key, delivery }) => ({ put: key, value: delivery })),
        ...alongside,
      ]);
      for (const { key, delivery } of entries) begin(key, delivery);
    },
    async resume() {
      for (const { key, value } of await state.list<Delivery>(prefix)) {
        if (!known.has(key)) begin(key, value);
      }
    },
    async stop() {
      stopped = true;
      for (const callOff of waits) callOff();
      waits.clear();
      await Promise.all(running);
    },
  };
}
