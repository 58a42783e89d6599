import type { Catcher, Retrier, StateDefinition } from './definition.ts';
import { HeartbeatTimeout, type StateError } from './state-error.ts';

/**
 * Whether `ErrorEquals` covers a failure. `States.Runtime` always fails the execution, and `States.DataLimitExceeded` is
 * covered by its own name alone: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
export function covers(names: readonly string[], failure: StateError): boolean {
  const { error } = failure;
  if (error === 'States.Runtime') return false;
  const isLimit = error === 'States.DataLimitExceeded';
  return names.some(
    (name) =>
      name === error ||
      (name === 'States.HeartbeatTimeout' && failure instanceof HeartbeatTimeout) ||
      (name === 'States.ALL' && !isLimit) ||
      (name === 'States.TaskFailed' && error !== 'States.Timeout' && !isLimit),
  );
}

/** Counts the attempts of one visit to a state, retrier by retrier. */
export interface Retries {
  /** Milliseconds to wait before the next attempt, or undefined when there is none. */
  next(error: StateError): number | undefined;
  /** Retries so far, `$$.State.RetryCount`. */
  readonly count: number;
  /** How often each retrier was used, to go on with after a restart. */
  readonly used: number[];
}

export function createRetries(
  state: StateDefinition,
  before: readonly number[] = [],
  random: () => number = Math.random,
): Retries {
  const retriers = state.Retry ?? [];
  const used = retriers.map((_, index) => before[index] ?? 0);
  return {
    next(error) {
      const index = retriers.findIndex((each) => covers(each.ErrorEquals, error));
      const retrier = retriers[index];
      const attempts = used[index] ?? 0;
      if (!retrier || attempts >= (retrier.MaxAttempts ?? 3)) return undefined;
      used[index] = attempts + 1;
      return delayOf(retrier, attempts, random);
    },
    get count() {
      return used.reduce((sum, each) => sum + each, 0);
    },
    get used() {
      return [...used];
    },
  };
}

function delayOf(retrier: Retrier, attempts: number, random: () => number): number {
  const seconds = (retrier.IntervalSeconds ?? 1) * (retrier.BackoffRate ?? 2) ** attempts;
  const milliseconds = Math.min(seconds, retrier.MaxDelaySeconds ?? Number.POSITIVE_INFINITY) * 1000;
  return retrier.JitterStrategy === 'FULL' ? random() * milliseconds : milliseconds;
}

export function catcherOf(state: StateDefinition, error: StateError): Catcher | undefined {
  return state.Catch?.find((each) => covers(each.ErrorEquals, error));
}
