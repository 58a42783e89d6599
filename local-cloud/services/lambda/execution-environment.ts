import { randomBytes } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import type { FunctionConfiguration } from './configuration.ts';

/** An error as a Lambda runtime answers it. */
export interface FunctionError {
  errorType: string;
  errorMessage: string;
  trace?: string[];
}

export interface InvocationRequest {
  requestId: string;
  /** JSON text. */
  payload: string;
  /** For `_X_AMZN_TRACE_ID`. */
  traceHeader: string;
  invokedFunctionArn: string;
}

/** What one run of the handler gave; times in milliseconds. */
export interface InvocationOutcome {
  /** JSON text of the answer; absent when the run failed. */
  payload?: string;
  error?: FunctionError;
  startedAt: number;
  duration: number;
  /** Set on the first run of an environment. */
  initDuration?: number;
  memoryUsedBytes: number;
  logStream: string;
  /** The last 4 KB of what the run logged, as `LogType: Tail` answers it. */
  logTail: string;
}

export interface LogEntry {
  time: number;
  message: string;
}

type WorkerMessage =
  | { type: 'ready' }
  | { type: 'unloadable'; error: FunctionError }
  | { type: 'log'; time: number; text: string }
  | { type: 'result'; payload: string; memoryUsed: number }
  | { type: 'error'; error: FunctionError; memoryUsed: number };

interface Running {
  request: InvocationRequest;
  startedAt: number;
  startedTick: number;
  timer: NodeJS.Timeout;
  logTail: string;
  settle(outcome: InvocationOutcome): void;
}

const initializationLimit = 10_000;

/** Bytes of the log that `LogType: Tail` answers. */
export const logTailLimit = 4096;

/**
 * One worker thread with the function's module loaded: runs one invocation at a time, and ends when an invocation
 * times out, crashes or exits, as an execution environment of Lambda does.
 */
export class ExecutionEnvironment {
  readonly logStream = newLogStream();
  /** Resolves when the module is loaded, or with the reason why it cannot be. Never rejects. */
  readonly loaded: Promise<FunctionError | undefined>;
  ended = false;
  idleSince = Date.now();
  readonly #configuration: FunctionConfiguration;
  readonly #worker: Worker;
  readonly #log: (entries: LogEntry[]) => void;
  readonly #createdTick = performance.now();
  #initDuration: number | undefined;
  #settleLoading: (error: FunctionError | undefined) => void = () => {};
  #running: Running | undefined;

  constructor(
    configuration: FunctionConfiguration,
    environment: Record<string, string>,
    log: (stream: string, entries: LogEntry[]) => void,
  ) {
    this.#configuration = configuration;
    this.#log = (entries) => log(this.logStream, entries);
    this.loaded = new Promise((resolve) => {
      this.#settleLoading = resolve;
    });
    this.#worker = new Worker(new URL('./worker.mjs', import.meta.url), {
      workerData: {
        codeFolder: configuration.codeFolder,
        handler: configuration.handler,
        jsonLogs: configuration.logFormat === 'JSON',
      },
      env: { ...environment, AWS_LAMBDA_LOG_STREAM_NAME: this.logStream },
      execArgv: [],
      argv: [],
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: configuration.memoryMegabytes },
    });
    this.#worker.on('message', (message: WorkerMessage) => this.#onMessage(message));
    this.#worker.on('error', (error) => this.#onCrash(crashOf(error)));
    this.#worker.on('exit', (code) => this.#onExit(code));
    const initializationTimer = setTimeout(
      () => this.#onCrash(timeoutError(initializationLimit)),
      initializationLimit,
    );
    void this.loaded.then(() => clearTimeout(initializationTimer));
  }

  /** Runs the handler once; the environment must be loaded and idle. Never rejects. */
  run(request: InvocationRequest): Promise<InvocationOutcome> {
    const limit = this.#configuration.timeoutSeconds * 1000;
    const startedAt = Date.now();
    return new Promise((settle) => {
      const timer = setTimeout(() => this.#onCrash(timeoutError(limit)), limit);
      this.#running = { request, startedAt, startedTick: performance.now(), timer, logTail: '', settle };
      this.#worker.postMessage({ ...request, deadline: startedAt + limit });
      this.#write(startedAt, `START RequestId: ${request.requestId} Version: $LATEST\n`);
    });
  }

  async end(): Promise<void> {
    this.ended = true;
    await this.#worker.terminate();
  }

  #onMessage(message: WorkerMessage): void {
    switch (message.type) {
      case 'ready':
        this.#initDuration = performance.now() - this.#createdTick;
        this.#settleLoading(undefined);
        return;
      case 'unloadable':
        this.#onCrash(message.error);
        return;
      case 'log':
        this.#write(message.time, message.text);
        return;
      case 'result':
        this.#settle({ payload: message.payload }, message.memoryUsed);
        return;
      case 'error':
        this.#settle({ error: message.error }, message.memoryUsed);
    }
  }

  #write(time: number, message: string): void {
    this.#log([{ time, message }]);
    if (this.#running) this.#running.logTail = (this.#running.logTail + message).slice(-logTailLimit);
  }

  #onCrash(error: FunctionError): void {
    this.#settleLoading(error);
    this.#settle({ error }, 0);
    if (!this.ended) void this.end();
  }

  #onExit(code: number): void {
    const reason = code === 0 ? 'without providing a reason' : `with error: exit status ${code}`;
    const error = { errorType: 'Runtime.ExitError', errorMessage: `Runtime exited ${reason}` };
    this.#settleLoading(error);
    this.#settle({ error }, 0);
    this.ended = true;
  }

  #settle(result: { payload?: string; error?: FunctionError }, memoryUsedBytes: number): void {
    const running = this.#running;
    if (!running) return;
    this.#running = undefined;
    clearTimeout(running.timer);
    this.idleSince = Date.now();
    const outcome: InvocationOutcome = {
      ...result,
      startedAt: running.startedAt,
      duration: performance.now() - running.startedTick,
      memoryUsedBytes,
      logStream: this.logStream,
      logTail: running.logTail,
    };
    if (this.#initDuration !== undefined) outcome.initDuration = this.#initDuration;
    this.#initDuration = undefined;
    running.settle(outcome);
  }
}

function crashOf(error: unknown): FunctionError {
  const cause = error instanceof Error ? error : new Error(String(error));
  if ('code' in cause && cause.code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return { errorType: 'Runtime.OutOfMemory', errorMessage: 'Runtime exited with error: signal: killed' };
  }
  return { errorType: cause.name, errorMessage: cause.message, trace: (cause.stack ?? '').split('\n') };
}

function timeoutError(milliseconds: number): FunctionError {
  return {
    errorType: 'Sandbox.Timedout',
    errorMessage: `Task timed out after ${(milliseconds / 1000).toFixed(2)} seconds`,
  };
}

function newLogStream(): string {
  const day = new Date().toISOString().slice(0, 10).replaceAll('-', '/');
  return `${day}/[$LATEST]${randomBytes(16).toString('hex')}`;
}
