import { randomBytes } from 'node:crypto';
import type { FunctionConfiguration } from './configuration.ts';
import type { Ending, Sandbox } from './sandbox.ts';

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

type RuntimeMessage =
  | { type: 'ready' }
  | { type: 'unloadable'; error: FunctionError }
  | { type: 'crashed'; error: FunctionError }
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
 * One sandbox with the function's module loaded: runs one invocation at a time, and ends when an invocation
 * times out, crashes or exits, as an execution environment of Lambda does.
 */
export class ExecutionEnvironment {
  readonly logStream: string;
  /** Resolves when the module is loaded, or with the reason why it cannot be. Never rejects. */
  readonly loaded: Promise<FunctionError | undefined>;
  ended = false;
  idleSince = Date.now();
  readonly #configuration: FunctionConfiguration;
  readonly #sandbox: Sandbox;
  readonly #log: (entries: LogEntry[]) => void;
  readonly #createdTick = performance.now();
  #initDuration: number | undefined;
  #settleLoading: (error: FunctionError | undefined) => void = () => {};
  #running: Running | undefined;

  constructor(
    configuration: FunctionConfiguration,
    environment: Record<string, string>,
    log: (stream: string, entries: LogEntry[]) => void,
    sandbox: Sandbox,
  ) {
    this.#configuration = configuration;
    this.logStream = newLogStream(configuration.version);
    this.#log = (entries) => log(this.logStream, entries);
    this.loaded = new Promise((resolve) => {
      this.#settleLoading = resolve;
    });
    this.#sandbox = sandbox;
    const listener = {
      onMessage: (message: unknown) => this.#onMessage(message as RuntimeMessage),
      onOutput: (text: string) => this.#onOutput(text),
      onEnd: (ending: Ending) => this.#onEnd(ending),
    };
    sandbox.begin(listener, {
      codeFolder: configuration.codeFolder,
      handler: configuration.handler,
      jsonLogs: configuration.logFormat === 'JSON',
      environment: { ...environment, AWS_LAMBDA_LOG_STREAM_NAME: this.logStream },
    });
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
      this.#sandbox.post({ ...request, deadline: startedAt + limit });
      this.#write(
        startedAt,
        `START RequestId: ${request.requestId} Version: ${this.#configuration.version}\n`,
      );
    });
  }

  async end(): Promise<void> {
    this.ended = true;
    await this.#sandbox.end();
  }

  #onMessage(message: RuntimeMessage): void {
    switch (message.type) {
      case 'ready':
        this.#initDuration = performance.now() - this.#createdTick;
        this.#settleLoading(undefined);
        return;
      case 'unloadable':
      case 'crashed':
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

  #onOutput(text: string): void {
    const time = Date.now();
    for (const line of text.split('\n')) if (line !== '') this.#write(time, `${line}\n`);
  }

  #onCrash(error: FunctionError): void {
    this.#settleLoading(error);
    this.#settle({ error }, 0);
    if (!this.ended) void this.end();
  }

  #onEnd(ending: Ending): void {
    const error = errorOf(ending);
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

/** As Lambda tells the end of a process. */
function errorOf(ending: Ending): FunctionError {
  if (ending.kind === 'memory')
    return { errorType: 'Runtime.OutOfMemory', errorMessage: 'Runtime exited with error: signal: killed' };
  const reason =
    ending.kind === 'signal'
      ? `with error: signal: ${signals[ending.signal] ?? ending.signal}`
      : ending.code === 0
        ? 'without providing a reason'
        : `with error: exit status ${ending.code}`;
  return { errorType: 'Runtime.ExitError', errorMessage: `Runtime exited ${reason}` };
}

/** As the C library describes them. */
const signals: Record<string, string> = {
  SIGABRT: 'aborted',
  SIGBUS: 'bus error',
  SIGILL: 'illegal instruction',
  SIGKILL: 'killed',
  SIGSEGV: 'segmentation fault',
  SIGTERM: 'terminated',
};

function timeoutError(milliseconds: number): FunctionError {
  return {
    errorType: 'Sandbox.Timedout',
    errorMessage: `Task timed out after ${(milliseconds / 1000).toFixed(2)} seconds`,
  };
}

function newLogStream(version: string): string {
  const day = new Date().toISOString().slice(0, 10).replaceAll('-', '/');
  return `${day}/[${version}]${randomBytes(16).toString('hex')}`;
}
