import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { Cloud, Invocation } from '../../core/cloud.ts';
import { AwsError } from '../../core/errors.ts';
import { Turns } from '../../core/turns.ts';
import type { FunctionConfiguration } from './configuration.ts';
import { type InvocationOutcome, logTailLimit } from './execution-environment.ts';
import type { DeployedFunction, FunctionRegistry } from './function-registry.ts';
import { closingEntries, recordInvocation } from './invocation-record.ts';
import { type AsynchronousAttempt, writeThrottle } from './invocation-segments.ts';
import { newSegmentId, type TraceContext, traceOf } from './trace.ts';

/** Each mostly waits for a table, so a few for each core keep it busy. */
const backgroundTurns = 4 * availableParallelism();
/** One function that waits long, such as for somebody's webhook, leaves turns to the others. */
const turnsOfOneFunction = backgroundTurns / 2;
export const synchronousPayloadLimit = 6 * 1024 * 1024;

/** With the version that ran, and the last 4 KB of the log, put together only for those who ask. */
export type LoggedInvocation = Invocation & { executedVersion: string; logTail(): string };

export interface InvokeOptions {
  traceHeader?: string;
  requestId?: string;
  asynchronous?: AsynchronousAttempt;
  /** Trace headers of the messages that the event holds. */
  linkedTraces?: readonly string[];
  /** Takes turns with others of its kind, so that a backlog of events slows nobody who waits for an answer. */
  background?: boolean;
}

/** Runs functions and records what ran: logs, metrics and segments. */
export class Invoker {
  readonly #cloud: Cloud;
  readonly #registry: FunctionRegistry;
  readonly #turns = new Turns(backgroundTurns);
  readonly #turnsOfFunctions = new Map<string, Turns>();

  constructor(cloud: Cloud, registry: FunctionRegistry) {
    this.#cloud = cloud;
    this.#registry = registry;
  }

  /**
   * Runs a function on a JSON text and waits for its answer. Throws `AwsError`: ResourceNotFoundException,
   * TooManyRequestsException when its concurrency is used up, RequestTooLargeException over 6 MB.
   */
  async invoke(arnOrName: string, payload: string, options: InvokeOptions = {}): Promise<LoggedInvocation> {
    if (!options.background) return this.#invoke(arnOrName, payload, options);
    const { arn } = this.#registry.get(arnOrName).deployed.configuration;
    const own = this.#turnsOfFunctions.get(arn) ?? new Turns(turnsOfOneFunction);
    this.#turnsOfFunctions.set(arn, own);
    return own.during(() => this.#turns.during(() => this.#invoke(arnOrName, payload, options)));
  }

  async #invoke(arnOrName: string, payload: string, options: InvokeOptions): Promise<LoggedInvocation> {
    const { deployed, qualifier, revision } = this.#registry.pick(arnOrName);
    const { configuration, pool } = revision;
    const { version: executedVersion } = configuration;
    if (payload.length > synchronousPayloadLimit) throw tooLarge(Buffer.byteLength(payload));
    const requestId = options.requestId ?? randomUUID();
    const trace = traceOf(options.traceHeader, configuration.tracing === 'Active');
    const struck = await this.#strike(configuration.arn);
    if (struck) return { ...struck, requestId, executedVersion, logTail: () => '' };
    const release = this.#take(deployed, configuration, requestId, trace);
    const segmentId = newSegmentId();
    const calledAt = Date.now();
    const concurrency = deployed.running;
    const outcome = await pool
      .run({
        requestId,
        payload,
        traceHeader: `Root=${trace.root};Parent=${segmentId};Sampled=${trace.sampled ? 1 : 0}`,
        invokedFunctionArn: qualifier ? `${configuration.arn}:${qualifier}` : configuration.arn,
      })
      .finally(release);
    deployed.tally.invocations += 1;
    if (outcome.error) deployed.tally.errors += 1;
    deployed.tally.lastAt = calledAt;
    const { asynchronous, linkedTraces } = options;
    const traced = { requestId, trace, segmentId, asynchronous, linkedTraces };
    const record = { configuration, qualifier, outcome, ...traced, calledAt, concurrency };
    // After the answer is on its way, so that recording costs the caller nothing.
    setImmediate(() => recordInvocation(this.#cloud, record));
    const logTail = () =>
      (
        outcome.logTail +
        closingEntries(record)
          .map(({ message }) => message)
          .join('')
      ).slice(-logTailLimit);
    return { ...answerOf(outcome, requestId), executedVersion, logTail };
  }

  /** Faults on purpose: a call may be refused, come late, or meet a function that ends. */
  async #strike(arn: string): Promise<Pick<Invocation, 'payload' | 'functionError'> | undefined> {
    const { faults } = this.#cloud;
    await faults.strike('lambda:InvokeFunction', arn);
    const [crash] = faults.strikes('lambda:InvokeFunction', arn, ['crash']);
    if (!crash) return undefined;
    const errorMessage = 'A fault that was asked for: the runtime exited.';
    return { payload: { errorType: 'Runtime.ExitError', errorMessage }, functionError: 'Unhandled' };
  }

  /** Takes a place for a call and answers how to give it back; a call that finds none is throttled and counted. */
  #take(
    deployed: DeployedFunction,
    configuration: FunctionConfiguration,
    requestId: string,
    trace: TraceContext,
  ): () => void {
    const taken = this.#registry.concurrency.take(deployed);
    if (typeof taken === 'function') return taken;
    if (trace.sampled) writeThrottle(this.#cloud, configuration, requestId, trace);
    this.#cloud.telemetry.metric({
      namespace: 'AWS/Lambda',
      name: 'Throttles',
      dimensions: { FunctionName: configuration.name },
      unit: 'Count',
      value: 1,
      time: Date.now(),
    });
    throw new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429, { Reason: taken });
  }
}

function answerOf(outcome: InvocationOutcome, requestId: string): Invocation {
  const { error, payload = 'null' } = outcome;
  if (error) return { payload: withRequestId(error, requestId), functionError: 'Unhandled', requestId };
  return { payload: JSON.parse(payload), requestId };
}

/** What the sandbox reports, unlike what the runtime reports, names the request. */
function withRequestId(error: NonNullable<InvocationOutcome['error']>, requestId: string): object {
  const bySandbox = /^(Sandbox\.|Runtime\.(ExitError|OutOfMemory))/.test(error.errorType);
  return bySandbox
    ? { ...error, errorMessage: `RequestId: ${requestId} Error: ${error.errorMessage}` }
    : error;
}

function tooLarge(bytes: number): AwsError {
  return new AwsError(
    'RequestTooLargeException',
    `Request must be smaller than ${synchronousPayloadLimit} bytes for the InvokeFunction operation (was ${bytes}).`,
    413,
  );
}
