import { setMaxListeners } from 'node:events';
import type { Clock } from '../../core/clock.ts';
import type { MachineDefinition } from './definition.ts';
import type { ExecutionSpan } from './execution-trace.ts';
import type { ContextObject } from './expressions.ts';
import type { Line } from './line.ts';

/** One call of a Task state on another service. */
export interface TaskCall {
  /** The Resource ARN. */
  resource: string;
  input: unknown;
  traceHeader?: string;
}

/** How a task that does not end with its call tells its result. */
export interface TaskResult {
  /** Rejects with a `StateError` when the task failed. */
  output: Promise<unknown>;
  /** Called at each sign of life. */
  onHeartbeat(listener: () => void): void;
  /** The token is not taken any more, once what comes next is on disk. */
  close(): void;
}

/** Everything a running line of states needs besides its data. */
export interface Run {
  /** `Execution` and `StateMachine` of the context object, and `Map` within an item. */
  context: ContextObject;
  /** What the states that run now are part of. */
  span: ExecutionSpan;
  /** Aborts with the reason: a `StateError`, or `Interrupted` when the process ends. */
  signal: AbortSignal;
  callTask(call: TaskCall): Promise<unknown>;
  tasks: WaitingTasks;
  clock: Clock;
  /** The name of the execution, for those who wait for the clock. */
  name: string;
  /** Called at each state that is entered, and again at each retry of it. */
  transitioned?(): void;
}

/** The tasks whose result comes from elsewhere. */
export interface WaitingTasks {
  newToken(): string;
  /** Durable when it returns: from then on the token is taken. */
  open(token: string): Promise<TaskResult>;
  /** Offers an activity to its workers until one takes it or the signal aborts. */
  offerActivity(
    activityArn: string,
    task: { token: string; input: string },
    signal: AbortSignal,
  ): Promise<string>;
  /** Starts an execution and answers as StartExecution does in an integration; one that stands already where it may. */
  startChild(call: TaskCall, name: string, mayStand: boolean): Promise<{ answer: unknown; arn: string }>;
  /** Answers a child when it has ended, as DescribeExecution does in an integration. Stops it on abort. */
  endOfChild(
    arn: string,
    signal: AbortSignal,
  ): Promise<{ succeeded: boolean; description: Record<string, unknown> }>;
}

/** The process is ending: the execution stops here and goes on after the next start. */
export class Interrupted extends Error {}

/** Runs the states of a machine (or a branch) from where its line stands and answers its output. */
export type RunStates = (machine: MachineDefinition, line: Line, run: Run) => Promise<unknown>;

/** Settles as the promise does, or rejects with the signal's reason once that is aborted. */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** Waits, or rejects with the signal's reason. */
export function sleep({ clock, name, signal }: Run, milliseconds: number): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason as Error);
    const abort = (): void => {
      callOff();
      reject(signal.reason as Error);
    };
    const callOff = clock.after(milliseconds, `the execution ${name}`, () => {
      signal.removeEventListener('abort', abort);
      resolve();
    });
    signal.addEventListener('abort', abort, { once: true });
  });
}

/** A run whose signal also aborts on its own, for a timeout or the failure of a sibling. */
export function childRun(run: Run): { run: Run; abort(reason: Error): void; release(): void } {
  const controller = createAbortController();
  const forward = (): void => controller.abort(run.signal.reason);
  if (run.signal.aborted) forward();
  run.signal.addEventListener('abort', forward, { once: true });
  return {
    run: { ...run, signal: controller.signal },
    abort: (reason) => controller.abort(reason),
    release: () => run.signal.removeEventListener('abort', forward),
  };
}

/** Every line and task of an execution listens to its signal, so many listeners are no leak. */
export function createAbortController(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}
