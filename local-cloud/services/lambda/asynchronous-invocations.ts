import { randomUUID } from 'node:crypto';
import type { Cloud } from '../../core/cloud.ts';
import { AwsError } from '../../core/errors.ts';
import type { StateNamespace } from '../../core/state.ts';
import { type CompletedInvocation, deliverResult } from './asynchronous-destinations.ts';
import type { FunctionRegistry } from './function-registry.ts';
import type { Invoker, LoggedInvocation } from './invoker.ts';
import { newTraceId } from './trace.ts';

/** One accepted event, as it is kept until it has succeeded or was given up. */
export interface PendingInvocation {
  requestId: string;
  functionArn: string;
  /** JSON text. */
  payload: string;
  traceHeader?: string;
  receivedAt: number;
  dueAt: number;
  /** Runs that failed. */
  failures: number;
  throttles: number;
}

const asynchronousPayloadLimit = 1024 * 1024;
const longestThrottleDelay = 5 * 60_000;

/** The delays before the retries; Lambda waits one and two minutes, which nobody wants to sit through locally. */
export const localRetryDelays = [1000, 2000];

/** Lambda's queue of asynchronous invocations: durable, retried, and at last delivered to a destination. */
export class AsynchronousInvocations {
  readonly #cloud: Cloud;
  readonly #registry: FunctionRegistry;
  readonly #invoker: Invoker;
  readonly #retryDelays: number[];
  readonly #state: StateNamespace;
  /** How each invocation that waits for its time is called off. */
  readonly #waits = new Map<string, () => void>();
  #stopped = false;

  constructor(cloud: Cloud, registry: FunctionRegistry, invoker: Invoker, retryDelays = localRetryDelays) {
    this.#cloud = cloud;
    this.#registry = registry;
    this.#invoker = invoker;
    this.#retryDelays = retryDelays;
    this.#state = cloud.state.namespace('lambda-asynchronous');
  }

  /** Answers the request id once the event is on disk. */
  async enqueue(arnOrName: string, payload: string, traceHeader?: string): Promise<string> {
    const { deployed, qualifier } = this.#registry.get(arnOrName);
    const bytes = Buffer.byteLength(payload);
    if (bytes > asynchronousPayloadLimit) {
      throw new AwsError(
        'RequestTooLargeException',
        `Request must be smaller than ${asynchronousPayloadLimit} bytes for the InvokeFunction operation (was ${bytes}).`,
        413,
      );
    }
    const now = this.#cloud.clock.now();
    const { arn, tracing } = deployed.configuration;
    // Decided once, so that every attempt is in the same trace.
    const traced = traceHeader ?? (tracing === 'Active' ? `Root=${newTraceId()};Sampled=1` : undefined);
    const pending: PendingInvocation = {
      requestId: randomUUID(),
      functionArn: qualifier ? `${arn}:${qualifier}` : arn,
      payload,
      ...(traced ? { traceHeader: traced } : {}),
      receivedAt: now,
      dueAt: now,
      failures: 0,
      throttles: 0,
    };
    await this.#state.put(keyOf(pending), pending);
    this.#metric(pending, 'AsyncEventsReceived', 'Count', 1);
    this.#schedule(pending);
    return pending.requestId;
  }

  /** Takes up what was accepted before the last stop. */
  async resume(): Promise<void> {
    for (const { value } of await this.#state.list<PendingInvocation>()) {
      if (!this.#waits.has(value.requestId)) this.#schedule(value);
    }
  }

  /** What has not ended stays on disk and runs again after the next start. */
  stop(): void {
    this.#stopped = true;
    for (const callOff of this.#waits.values()) callOff();
    this.#waits.clear();
  }

  #schedule(pending: PendingInvocation): void {
    if (this.#stopped) return;
    const run = () => {
      this.#run(pending)
        .catch((error: unknown) =>
          this.#cloud.logger.error(
            'An asynchronous invocation could not be completed; it runs again at the next start.',
            {
              function: pending.functionArn,
              requestId: pending.requestId,
              error: String(error),
            },
          ),
        )
        .finally(() => {
          if (this.#waits.get(pending.requestId) === callOff) this.#waits.delete(pending.requestId);
        });
    };
    const callOff = this.#cloud.clock.after(
      pending.dueAt - this.#cloud.clock.now(),
      `an invocation of ${pending.functionArn}`,
      run,
    );
    this.#waits.set(pending.requestId, callOff);
  }

  async #run(pending: PendingInvocation): Promise<void> {
    const invocation = await this.#attempt(pending);
    if (this.#stopped || !invocation) return;
    this.#metric(pending, 'AsyncEventAge', 'Milliseconds', this.#cloud.clock.now() - pending.receivedAt);
    if (!invocation.functionError) {
      await this.#complete(pending, invocation, 'Success');
      return;
    }
    const failed = { ...pending, failures: pending.failures + 1 };
    const asynchronous = this.#registry.asynchronousOf(this.#registry.get(pending.functionArn));
    const delay = this.#retryDelays[Math.min(pending.failures, this.#retryDelays.length - 1)] ?? 0;
    if (failed.failures > asynchronous.maximumRetryAttempts) {
      await this.#complete(failed, invocation, 'RetriesExhausted');
    } else if (
      this.#cloud.clock.now() + delay >
      pending.receivedAt + asynchronous.maximumEventAgeSeconds * 1000
    ) {
      await this.#complete(failed, invocation, 'EventAgeExceeded');
    } else {
      await this.#postpone({ ...failed, dueAt: this.#cloud.clock.now() + delay });
    }
  }

  /** Undefined when the function was throttled and the event put off, or is gone and the event dropped. */
  async #attempt(pending: PendingInvocation): Promise<LoggedInvocation | undefined> {
    try {
      const { functionArn, payload, requestId, traceHeader } = pending;
      return await this.#invoker.invoke(functionArn, payload, {
        requestId,
        background: true,
        asynchronous: {
          receivedAt: pending.receivedAt,
          number: pending.failures + pending.throttles + 1,
        },
        ...(traceHeader ? { traceHeader } : {}),
      });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      if (error.code === 'ResourceNotFoundException') await this.#drop(pending, error);
      else await this.#onThrottle(pending, error);
      return undefined;
    }
  }

  async #onThrottle(pending: PendingInvocation, error: AwsError): Promise<void> {
    const asynchronous = this.#registry.asynchronousOf(this.#registry.get(pending.functionArn));
    const delay = Math.min(longestThrottleDelay, 1000 * 2 ** pending.throttles);
    if (this.#cloud.clock.now() + delay > pending.receivedAt + asynchronous.maximumEventAgeSeconds * 1000) {
      const payload = { errorType: error.code, errorMessage: error.message };
      await this.#complete(pending, { payload, requestId: pending.requestId }, 'EventAgeExceeded');
    } else {
      await this.#postpone({
        ...pending,
        throttles: pending.throttles + 1,
        dueAt: this.#cloud.clock.now() + delay,
      });
    }
  }

  async #drop(pending: PendingInvocation, error: AwsError): Promise<void> {
    this.#cloud.logger.warn('An asynchronous invocation was dropped: its function is gone.', {
      function: pending.functionArn,
      error: error.message,
    });
    this.#metric(pending, 'AsyncEventsDropped', 'Count', 1);
    await this.#state.delete(keyOf(pending));
  }

  async #postpone(pending: PendingInvocation): Promise<void> {
    await this.#state.put(keyOf(pending), pending);
    this.#schedule(pending);
  }

  async #complete(
    pending: PendingInvocation,
    invocation: CompletedInvocation,
    condition: 'Success' | 'RetriesExhausted' | 'EventAgeExceeded',
  ): Promise<void> {
    const target = this.#registry.get(pending.functionArn);
    const asynchronous = this.#registry.asynchronousOf(target);
    const { configuration } = target.deployed;
    await deliverResult(this.#cloud, configuration, asynchronous, pending, invocation, condition);
    if (condition !== 'Success') this.#metric(pending, 'AsyncEventsDropped', 'Count', 1);
    await this.#state.delete(keyOf(pending));
  }

  #metric({ functionArn }: PendingInvocation, name: string, unit: string, value: number): void {
    const dimensions = { FunctionName: functionArn.split(':')[6] ?? functionArn };
    this.#cloud.telemetry.metric({
      namespace: 'AWS/Lambda',
      name,
      dimensions,
      unit,
      value,
      time: Date.now(),
    });
  }
}

function keyOf({ receivedAt, requestId }: PendingInvocation): string {
  return `${String(receivedAt).padStart(15, '0')}-${requestId}`;
}
