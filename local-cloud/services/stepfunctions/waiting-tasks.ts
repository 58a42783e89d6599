import { randomUUID } from 'node:crypto';
import { AwsError } from '../../core/errors.ts';
import type { StateNamespace } from '../../core/state.ts';
import type { TaskResult } from './run.ts';
import { StateError } from './state-error.ts';

/** What was told of a task. */
export type Outcome = { output: string } | { error: string; cause: string };

interface Kept {
  outcome?: Outcome;
}

interface Open {
  settle(outcome: Outcome): void;
  beats: (() => void)[];
}

const prefixOf = (executionArn: string) => `token/${executionArn}/`;

/** A token says which key it is kept under, so that one that was never given is known from one that is closed. */
const tokenOf = (key: string) => Buffer.from(JSON.stringify([key])).toString('base64');

/** Throws `InvalidToken`. */
function keyOf(token: string): string {
  try {
    const [key] = JSON.parse(Buffer.from(token, 'base64').toString()) as unknown[];
    if (typeof key === 'string' && key.startsWith('token/')) return key;
  } catch {
    // Refused below, as everything else that is none of ours.
  }
  throw new AwsError('InvalidToken', "Invalid Token: 'Invalid token'");
}

/** Task tokens, on disk from before they are given away until what followed from their result is on disk too. */
export class TaskTokens {
  readonly #state: StateNamespace;
  readonly #open = new Map<string, Open>();

  constructor(state: StateNamespace) {
    this.#state = state;
  }

  create(executionArn: string): string {
    return tokenOf(`${prefixOf(executionArn)}${randomUUID()}`);
  }

  /** Durable when it returns. `close` hands over the write that ends the token. */
  async open(token: string, close: (write: { delete: string }) => void): Promise<TaskResult> {
    const key = keyOf(token);
    const kept = await this.#state.get<Kept>(key);
    if (!kept) await this.#state.put(key, {} satisfies Kept);
    let settle: (outcome: Outcome) => void = () => undefined;
    const outcome = new Promise<Outcome>((resolve) => {
      settle = resolve;
    });
    const entry: Open = { settle, beats: [] };
    this.#open.set(key, entry);
    if (kept?.outcome) settle(kept.outcome);
    const output = outcome.then((told) => {
      if ('error' in told) throw new StateError(told.error, told.cause);
      return JSON.parse(told.output) as unknown;
    });
    // It may fail before the call that gave the token away is answered, and is awaited only then.
    output.catch(() => undefined);
    return {
      output,
      onHeartbeat: (listener) => void entry.beats.push(listener),
      close: () => {
        this.#open.delete(key);
        close({ delete: key });
      },
    };
  }

  /** Durable when it returns. Throws `InvalidToken` or `TaskTimedOut`. */
  async settle(token: string, outcome: Outcome): Promise<void> {
    const key = await this.#known(token);
    await this.#state.put(key, { outcome } satisfies Kept);
    this.#open.get(key)?.settle(outcome);
  }

  async beat(token: string): Promise<void> {
    const key = await this.#known(token);
    for (const listener of this.#open.get(key)?.beats ?? []) listener();
  }

  /** The writes that end all tokens of an execution. */
  async removalOf(executionArn: string): Promise<{ delete: string }[]> {
    return (await this.#state.list(prefixOf(executionArn))).map(({ key }) => ({ delete: key }));
  }

  async #known(token: string): Promise<string> {
    const key = keyOf(token);
    const kept = await this.#state.get<Kept>(key);
    if (kept && !kept.outcome) return key;
    throw new AwsError('TaskTimedOut', "Task Timed Out: 'Provided task does not exist anymore'");
  }
}

interface Offer {
  token: string;
  input: string;
  take(worker: string): void;
}

/** Activities: tasks that wait for a worker to fetch them. */
export class ActivityTasks {
  readonly #offers = new Map<string, Set<Offer>>();
  readonly #pollers = new Map<string, Set<() => void>>();

  /** Resolves with the worker that took it; rejects with the signal's reason. */
  offer(activityArn: string, task: { token: string; input: string }, signal: AbortSignal): Promise<string> {
    const offers = this.#offers.get(activityArn) ?? new Set();
    this.#offers.set(activityArn, offers);
    return new Promise((resolve, reject) => {
      const withdraw = () => {
        offers.delete(offer);
        reject(signal.reason as Error);
      };
      const offer: Offer = {
        ...task,
        take(worker) {
          signal.removeEventListener('abort', withdraw);
          offers.delete(offer);
          resolve(worker);
        },
      };
      if (signal.aborted) return reject(signal.reason as Error);
      signal.addEventListener('abort', withdraw, { once: true });
      offers.add(offer);
      const [poller] = this.#pollers.get(activityArn) ?? [];
      poller?.();
    });
  }

  /** Waits up to `milliseconds` for a task; undefined when none came. */
  async take(activityArn: string, worker: string, milliseconds: number) {
    if (!this.#first(activityArn)) await this.#wait(activityArn, milliseconds);
    const offer = this.#first(activityArn);
    offer?.take(worker);
    return offer && { taskToken: offer.token, input: offer.input };
  }

  /** Ends every wait. */
  stop(): void {
    for (const pollers of this.#pollers.values()) for (const end of [...pollers]) end();
  }

  #first(activityArn: string): Offer | undefined {
    const [first] = this.#offers.get(activityArn) ?? [];
    return first;
  }

  #wait(activityArn: string, milliseconds: number): Promise<void> {
    const pollers = this.#pollers.get(activityArn) ?? new Set();
    this.#pollers.set(activityArn, pollers);
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        pollers.delete(end);
        resolve();
      };
      const timer = setTimeout(end, milliseconds);
      pollers.add(end);
    });
  }
}
