import type { Catcher, Retrier, StateDefinition } from './definition.ts';
import type { StateError } from './state-error.ts';

/** Failures that only a retrier or catcher which names them takes. */
const notInAll = ['States.Runtime', 'States.DataLimitExceeded'];

/** Whether `ErrorEquals` covers an error. */
export function covers(names: string[], error: string): boolean {
  return names.some(
    (name) =>
      name === error ||
      (name === 'States.ALL' && !notInAll.includes(error)) ||
      (name === 'States.TaskFailed' && error !== 'States.Timeout' && !notInAll.includes(error)),
  );
}

/** Counts the attempts of one visit to a state, retrier by retrier. */
export interface Retries {
  /** Milliseconds to wait before the next attempt, or undefined when there is none. */
  next(error: StateError): number | undefined;
  /** Retries so far, `$$.State.RetryCount`. */
  readonly count: number;
}

export function createRetries(state: StateDefinition, random: () => number = Math.random): Retries {
  const used = new Map<Retrier, number>();
  let count = 0;
  return {
    next(error) {
      const retrier = state.Retry?.find((each) => covers(each.ErrorEquals, error.error));
      if (!retrier) return undefined;
      const attempts = used.get(retrier) ?? 0;
      if (attempts >= (retrier.MaxAttempts ?? 3)) return undefined;
      used.set(retrier, attempts + 1);
      count += 1;
      return delayOf(retrier, attempts, random);
    },
    get count() {
      return count;
    },
  };
}

function delayOf(retrier: Retrier, attempts: number, random: () => number): number {
  const seconds = (retrier.IntervalSeconds ?? 1) * (retrier.BackoffRate ?? 2) ** attempts;
  const milliseconds = Math.min(seconds, retrier.MaxDelaySeconds ?? Number.POSITIVE_INFINITY) * 1000;
  return retrier.JitterStrategy === 'FULL' ? random() * milliseconds : milliseconds;
}

export function catcherOf(state: StateDefinition, error: StateError): Catcher | undefined {
  return state.Catch?.find((each) => covers(each.ErrorEquals, error.error));
}
