import { randomBytes } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import type { Logger } from '../../../core/logger.ts';
import { FieldError } from '../errors.ts';
import { type FilterGroup, readFilterGroup } from '../realtime/filter.ts';
import { compile } from './check-code.ts';

/** What code says with `util.error` or `util.appendError`. */
export interface SaidError {
  readonly message: string;
  readonly type: string | null;
  readonly data: unknown;
  readonly info: unknown;
}

export interface EvaluationResult {
  readonly value: unknown;
  /** Where `runtime.earlyReturn` goes on: at the next step, or at the end of a pipeline. */
  readonly returned: 'NEXT' | 'END' | undefined;
  readonly stash: Record<string, unknown>;
  readonly appended: readonly SaidError[];
  readonly error?: SaidError;
  readonly subscriptionFilter?: FilterGroup;
}

/**
 * So long may a function think, in milliseconds, on a clock that runs on while a busy machine stands still: it only ends
 * what would never end. And so much memory may all of them have, in megabytes.
 */
const usualTimeLimit = 3000;
const memoryLimit = 64;

interface Waiting {
  readonly resolve: (text: string) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Runs APPSYNC_JS code in a worker of its own, in a context that has nothing but the language and AppSync's utilities.
 * Only texts go in and out. What thinks for too long or takes too much memory ends with its worker, and the next
 * evaluation begins with a new one.
 */
export class JavascriptRuntime {
  private readonly logger: Logger;
  private readonly timeLimit: number;
  private readonly compiled = new Map<string, string>();
  private worker: Promise<Worker> | undefined;
  private running: Worker | undefined;
  private waiting: Waiting | undefined;
  private calls = 0;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(logger: Logger, timeLimit = usualTimeLimit) {
    this.logger = logger;
    this.timeLimit = timeLimit;
  }

  /** Throws `BadRequestException` where the code is not APPSYNC_JS. */
  check(code: string): void {
    this.scriptOf(code);
  }

  /** Calls `request` or `response` with a context. Throws `FieldError` where the code itself fails. */
  evaluate(code: string, handler: 'request' | 'response', context: object): Promise<EvaluationResult> {
    const evaluated = this.turn.then(() => this.evaluateNow(code, handler, context));
    this.turn = evaluated.catch(() => undefined);
    return evaluated;
  }

  async stop(): Promise<void> {
    const { worker } = this;
    this.worker = undefined;
    await (await worker)?.terminate();
  }

  private scriptOf(code: string): string {
    const known = this.compiled.get(code);
    if (known) return known;
    const script = compile(code);
    this.compiled.set(code, script);
    return script;
  }

  private async evaluateNow(code: string, handler: string, context: object): Promise<EvaluationResult> {
    this.calls += 1;
    const call = { id: this.calls, script: this.scriptOf(code), handler, context: JSON.stringify(context) };
    const worker = await this.workerNow();
    let timer: NodeJS.Timeout | undefined;
    const answered = new Promise<string>((resolve, reject) => {
      this.waiting = { resolve, reject };
      timer = setTimeout(() => {
        reject(new FieldError('Code', `The function ${handler} took longer than ${this.timeLimit} ms.`));
        this.replace(worker);
      }, this.timeLimit);
    });
    // The worker knows no randomness of its own.
    worker.postMessage({ ...call, now: Date.now(), random: randomBytes(64).toString('hex') });
    try {
      return readResult(await answered);
    } finally {
      clearTimeout(timer);
      this.waiting = undefined;
    }
  }

  /** A worker that runs: its start is no time of the code's. */
  private workerNow(): Promise<Worker> {
    this.worker ??= new Promise((resolve) => {
      const worker = new Worker(new URL('./worker.mjs', import.meta.url), {
        env: {},
        execArgv: [],
        resourceLimits: { maxOldGenerationSizeMb: memoryLimit, maxYoungGenerationSizeMb: 8, stackSizeMb: 2 },
      });
      worker.unref();
      worker.on('message', ({ id, text }: { id: number; text: string }) => {
        // A worker that was ended may still have answered.
        if (id === this.calls) this.waiting?.resolve(text);
      });
      worker.on('error', (error) => {
        this.logger.warn('APPSYNC_JS code ended its worker.', { error: String(error) });
        if (this.running !== worker) return;
        this.waiting?.reject(
          new FieldError('Code', 'The code ended with an error: it takes too much memory.'),
        );
        this.replace(worker);
      });
      this.running = worker;
      worker.once('online', () => resolve(worker));
      worker.once('exit', () => resolve(worker));
    });
    return this.worker;
  }

  private replace(worker: Worker): void {
    this.running = undefined;
    this.worker = undefined;
    worker
      .terminate()
      .catch((error: unknown) => this.logger.warn('A worker did not end.', { error: String(error) }));
  }
}

/** What the worker wrote; it is as foreign as the code that ran there. */
function readResult(text: string): EvaluationResult {
  const read = JSON.parse(text) as Record<string, unknown>;
  if (typeof read['failure'] === 'string') throw new FieldError('Code', read['failure']);
  const { value = null, returned, stash, appended, error, filter } = read;
  return {
    value,
    returned: returned === 'NEXT' || returned === 'END' ? returned : undefined,
    stash: (stash ?? {}) as Record<string, unknown>,
    appended: (Array.isArray(appended) ? appended : []).map(said),
    ...(error !== undefined && { error: said(error) }),
    ...(filter !== undefined && { subscriptionFilter: filterOf(filter) }),
  };
}

function said(error: unknown): SaidError {
  const { message, type, data, info } = (error ?? {}) as Record<string, unknown>;
  return {
    message: String(message ?? ''),
    type: typeof type === 'string' ? type : null,
    data: data ?? null,
    info: info ?? null,
  };
}

function filterOf(filter: unknown): FilterGroup {
  try {
    return readFilterGroup(filter);
  } catch (error) {
    throw new FieldError('Code', error instanceof Error ? error.message : String(error));
  }
}
