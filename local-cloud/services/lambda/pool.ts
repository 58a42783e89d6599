import type { FunctionConfiguration } from './configuration.ts';
import {
  ExecutionEnvironment,
  type FunctionError,
  type InvocationOutcome,
  type InvocationRequest,
  type LogEntry,
} from './execution-environment.ts';
import type { Sandboxes } from './sandbox.ts';

interface Waiting {
  request: InvocationRequest;
  settle(outcome: InvocationOutcome): void;
}

/** What a worker finds in its environment, by what it was started for. */
type EnvironmentVariables = (
  initialization: 'on-demand' | 'provisioned-concurrency',
) => Record<string, string>;

export interface PoolLimits {
  /** Processes of one function; further invocations wait for a free one. */
  maximumWorkers: number;
  /** A worker that ran nothing for so long is ended. */
  idleMilliseconds: number;
  /** How long an invocation waits for a busy worker before another one is started. */
  patienceMilliseconds: number;
}

export const defaultPoolLimits: PoolLimits = {
  maximumWorkers: 10,
  idleMilliseconds: 5 * 60_000,
  // As long as a process takes to start: one that works is mostly free sooner.
  patienceMilliseconds: 80,
};

/**
 * The workers of one function. Unlike Lambda, an invocation that finds every worker busy takes whichever is free
 * first: on one machine a warm worker is often free sooner than a new one is loaded.
 */
export class Pool {
  readonly #configuration: FunctionConfiguration;
  readonly #environmentVariables: EnvironmentVariables;
  readonly #log: (stream: string, entries: LogEntry[]) => void;
  readonly #sandboxes: Sandboxes;
  readonly #limits: PoolLimits;
  readonly #environments = new Set<ExecutionEnvironment>();
  readonly #idle: ExecutionEnvironment[] = [];
  readonly #waiting: Waiting[] = [];
  readonly #sweep: NodeJS.Timeout;
  #loading = 0;
  #provisioned = 0;
  #growth: NodeJS.Timeout | undefined;
  #running = 0;
  #closing: (() => void) | undefined;
  #ended = false;

  constructor(
    configuration: FunctionConfiguration,
    environmentVariables: EnvironmentVariables,
    log: (stream: string, entries: LogEntry[]) => void,
    sandboxes: Sandboxes,
    limits: PoolLimits = defaultPoolLimits,
  ) {
    this.#sandboxes = sandboxes;
    this.#configuration = configuration;
    this.#environmentVariables = environmentVariables;
    this.#log = log;
    this.#limits = limits;
    this.#sweep = setInterval(() => this.#endIdle(), Math.max(10, limits.idleMilliseconds / 5)).unref();
  }

  /** Invocations running or waiting for a worker. */
  get concurrency(): number {
    return this.#running + this.#waiting.length;
  }

  /** Never rejects: a crash of the worker is an outcome too. */
  run(request: InvocationRequest): Promise<InvocationOutcome> {
    const environment = this.#takeIdle();
    if (environment) return this.#runOn(environment, request);
    return new Promise((settle) => {
      this.#waiting.push({ request, settle });
      if (this.#environments.size === 0) this.#grow();
      else this.#growLater();
    });
  }

  /** Keeps so many workers ready from now on, as far as there may be so many; none keeps none. */
  provision(count: number): void {
    this.#provisioned = Math.min(count, this.#limits.maximumWorkers);
    this.#provisionAgain();
  }

  /** Loads the code before the first invocation asks for it. */
  warm(): void {
    if (this.#environments.size === 0) this.#grow();
  }

  /** Lets running and waiting invocations finish, then ends every worker. */
  async drain(): Promise<void> {
    if (this.concurrency > 0) {
      await new Promise<void>((resolve) => {
        this.#closing = resolve;
      });
    }
    await this.end();
  }

  async end(): Promise<void> {
    clearInterval(this.#sweep);
    clearTimeout(this.#growth);
    this.#ended = true;
    for (const waiting of this.#waiting.splice(0)) {
      waiting.settle(
        notStarted({ errorType: 'Runtime.Shutdown', errorMessage: 'The function is being stopped.' }),
      );
    }
    await Promise.all([...this.#environments].map((environment) => environment.end()));
    this.#environments.clear();
  }

  #takeIdle(): ExecutionEnvironment | undefined {
    for (let environment = this.#idle.pop(); environment; environment = this.#idle.pop()) {
      if (!environment.ended) return environment;
      this.#environments.delete(environment);
    }
    return undefined;
  }

  async #runOn(environment: ExecutionEnvironment, request: InvocationRequest): Promise<InvocationOutcome> {
    this.#running += 1;
    const outcome = await environment.run(request);
    this.#running -= 1;
    this.#release(environment);
    return outcome;
  }

  #release(environment: ExecutionEnvironment): void {
    const next = this.#waiting.shift();
    if (environment.ended) {
      this.#environments.delete(environment);
      if (next) {
        this.#waiting.unshift(next);
        this.#grow();
      } else {
        this.#provisionAgain();
      }
    } else if (next) {
      void this.#runOn(environment, next.request).then(next.settle);
    } else {
      this.#idle.push(environment);
    }
    if (this.concurrency === 0) this.#closing?.();
  }

  #growLater(): void {
    this.#growth ??= setTimeout(() => {
      this.#growth = undefined;
      if (this.#waiting.length > this.#loading) this.#grow();
      if (this.#waiting.length > this.#loading && this.#environments.size < this.#limits.maximumWorkers) {
        this.#growLater();
      }
    }, this.#limits.patienceMilliseconds);
  }

  #grow(): void {
    if (this.#ended || this.#environments.size >= this.#limits.maximumWorkers) return;
    const environment = this.#create();
    if (!(environment instanceof ExecutionEnvironment)) {
      this.#waiting.shift()?.settle(notStarted(environment));
      return;
    }
    this.#environments.add(environment);
    this.#loading += 1;
    void environment.loaded.then((error) => {
      this.#loading -= 1;
      if (!error) this.#release(environment);
      else this.#onUnloadable(environment, error);
    });
  }

  #onUnloadable(environment: ExecutionEnvironment, error: FunctionError): void {
    this.#environments.delete(environment);
    this.#waiting.shift()?.settle(notStarted(error, environment.logStream));
    if (this.#waiting.length > 0) this.#grow();
    if (this.concurrency === 0) this.#closing?.();
  }

  #provisionAgain(): void {
    while (!this.#ended && this.#environments.size < this.#provisioned) {
      const before = this.#environments.size;
      this.#grow();
      if (this.#environments.size === before) return;
    }
  }

  #create(): ExecutionEnvironment | FunctionError {
    const initialization = this.#provisioned > 0 ? 'provisioned-concurrency' : 'on-demand';
    try {
      return new ExecutionEnvironment(
        this.#configuration,
        this.#environmentVariables(initialization),
        this.#log,
        this.#sandboxes.take(this.#configuration.memoryMegabytes),
      );
    } catch (error) {
      return { errorType: 'Runtime.InvalidEntrypoint', errorMessage: String(error) };
    }
  }

  #endIdle(): void {
    const limit = Date.now() - this.#limits.idleMilliseconds;
    for (const environment of this.#idle.filter((candidate) => candidate.idleSince <= limit)) {
      if (this.#environments.size <= this.#provisioned) return;
      this.#idle.splice(this.#idle.indexOf(environment), 1);
      this.#environments.delete(environment);
      void environment.end();
    }
  }
}

function notStarted(error: FunctionError, logStream = 'unstarted'): InvocationOutcome {
  return { error, startedAt: Date.now(), duration: 0, memoryUsedBytes: 0, logStream, logTail: '' };
}
