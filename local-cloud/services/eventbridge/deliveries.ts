import { randomUUID } from 'node:crypto';
import type { Caller } from '../../core/access.ts';
import type { Cloud, Targets } from '../../core/cloud.ts';
import type { StateNamespace } from '../../core/state.ts';
import { Turns } from '../../core/turns.ts';
import { failureCode, isPermanent } from './delivery-errors.ts';
import { recordDelivery } from './metrics.ts';
import { retryDelay } from './retry-delay.ts';

/** One event on its way to one target, as it is kept on disk until it has arrived or was given up. */
export interface Delivery {
  targetArn: string;
  /** The role that it is sent as; without one, the policy of the target decides. */
  roleArn?: string;
  ruleArn: string;
  ruleName: string;
  busName: string;
  payload: unknown;
  traceHeader?: string;
  /** Epoch milliseconds at which the event was accepted. */
  acceptedAt: number;
  /** Attempts that failed so far. */
  attempts: number;
  maximumRetryAttempts: number;
  maximumEventAgeInSeconds: number;
  deadLetterArn?: string;
}

export interface DeliveryOptions {
  now?: () => number;
  /** Milliseconds until the next attempt. */
  delay?: (attempts: number) => number;
}

type DeliveryWrite = { put: string; value: unknown };

/**
 * At-least-once delivery: what `accept` took is on disk before it returns, is tried at once, again with growing delays
 * as its retry policy says, and ends at the target or in the dead-letter queue, also across restarts.
 */
export interface Deliveries {
  /** Durable when it returns; `alongside` is written in the same batch. */
  accept(deliveries: Delivery[], alongside?: DeliveryWrite[]): Promise<void>;
  /** Goes on with what an earlier process left. */
  resume(): Promise<void>;
  /** Ends the timers and waits for attempts under way; what is left stays on disk. */
  stop(): Promise<void>;
}

const prefix = 'delivery/';

const ofEvents = { type: 'service', service: 'events.amazonaws.com' } as const;

function callerOf({ roleArn, ruleArn, ruleName }: Delivery): Caller {
  return roleArn === undefined
    ? { ...ofEvents, sourceArn: ruleArn }
    : { type: 'role', roleArn, session: ruleName };
}

/** Attempts under way at once; each is one write to disk, or a call of a service that queues it. */
const atOnce = 64;

export function createDeliveries(
  cloud: Cloud,
  state: StateNamespace,
  { now = Date.now, delay = retryDelay }: DeliveryOptions = {},
): Deliveries {
  const known = new Set<string>();
  const timers = new Set<NodeJS.Timeout>();
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
    recordDelivery(cloud.telemetry, delivery, 'InvocationAttempts');
    if (delivery.attempts > 0) recordDelivery(cloud.telemetry, delivery, 'RetryInvocationAttempts');
    try {
      const { targetArn, payload, traceHeader } = delivery;
      const options = { caller: callerOf(delivery), ...(traceHeader === undefined ? {} : { traceHeader }) };
      await deliver(targetArn, payload, options);
    } catch (error) {
      await failed(key, delivery, error);
      return;
    }
    recordDelivery(cloud.telemetry, delivery, 'Invocations');
    recordDelivery(cloud.telemetry, delivery, 'SuccessfulInvocationAttempts');
    await forget(key);
  }

  /** Faults on purpose: what goes to a target may come late or fail, be lost, or come twice. */
  async function deliver(...sent: Parameters<Targets['deliver']>): Promise<void> {
    const [targetArn] = sent;
    await cloud.faults.strike('events:Deliver', targetArn);
    const strikes = cloud.faults.strikes('events:Deliver', targetArn, ['drop', 'duplicate']);
    if (strikes.some(({ kind }) => kind === 'drop')) return;
    await cloud.ports.targets.deliver(...sent);
    for (const _ of strikes) await cloud.ports.targets.deliver(...sent);
  }

  async function forget(key: string): Promise<void> {
    await state.delete(key);
    known.delete(key);
  }

  async function failed(key: string, delivery: Delivery, error: unknown): Promise<void> {
    const attempts = delivery.attempts + 1;
    const wait = delay(attempts);
    const deadline = delivery.acceptedAt + delivery.maximumEventAgeInSeconds * 1000;
    const exhausted = isPermanent(error)
      ? 'Permanent'
      : attempts > delivery.maximumRetryAttempts
        ? 'MaximumRetryAttempts'
        : now() + wait > deadline
          ? 'MaximumEventAgeInSeconds'
          : undefined;
    if (exhausted === undefined) {
      const again = { ...delivery, attempts };
      await state.put(key, again);
      const timer = setTimeout(() => {
        timers.delete(timer);
        begin(key, again);
      }, wait);
      timers.add(timer);
      return;
    }
    recordDelivery(cloud.telemetry, delivery, 'Invocations');
    recordDelivery(cloud.telemetry, delivery, 'FailedInvocations');
    cloud.logger.warn('An event was not delivered', {
      target: delivery.targetArn,
      rule: delivery.ruleArn,
      attempts,
      error: String(error),
    });
    await giveUp(delivery, error, exhausted, attempts);
    await forget(key);
  }

  async function giveUp(
    delivery: Delivery,
    error: unknown,
    condition: string,
    attempts: number,
  ): Promise<void> {
    if (delivery.deadLetterArn === undefined) return;
    const attributes: Record<string, string> = {
      RULE_ARN: delivery.ruleArn,
      TARGET_ARN: delivery.targetArn,
      ERROR_CODE: failureCode(error),
      ERROR_MESSAGE: error instanceof Error ? error.message : String(error),
      RETRY_ATTEMPTS: String(attempts - 1),
    };
    if (condition !== 'Permanent') attributes['EXHAUSTED_RETRY_CONDITION'] = condition;
    try {
      const { deadLetterArn: resource, ruleArn: sourceArn } = delivery;
      cloud.ports.access.require({ ...ofEvents, sourceArn }, { action: 'sqs:SendMessage', resource });
      await cloud.ports.queues.send(delivery.deadLetterArn, JSON.stringify(delivery.payload), attributes);
      recordDelivery(cloud.telemetry, delivery, 'InvocationsSentToDlq');
    } catch (sendError) {
      recordDelivery(cloud.telemetry, delivery, 'InvocationsFailedToBeSentToDlq');
      cloud.logger.error('The dead-letter queue of a rule took no message', {
        queue: delivery.deadLetterArn,
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
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
      await Promise.all(running);
    },
  };
}
