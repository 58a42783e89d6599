import { AwsError } from '../../core/errors.ts';
import type { DeployedFunction } from './function-registry.ts';

/** What an account of AWS may run at once, all functions together. */
export const accountConcurrency = 1000;
/** What reservations must leave to the functions without one. */
export const leastUnreserved = 100;

/** Why a call is throttled, in the words of `TooManyRequestsException`. */
export type ThrottleReason =
  | 'ReservedFunctionConcurrentInvocationLimitExceeded'
  | 'ConcurrentInvocationLimitExceeded';

/** Counts what runs: a function with a reservation within it, all others together within what is left of the account. */
export class Concurrency {
  readonly #all: () => DeployedFunction[];
  #unreserved = 0;

  constructor(all: () => DeployedFunction[]) {
    this.#all = all;
  }

  /** What the reservations leave. */
  unreservedLimit(): number {
    return this.#all().reduce(
      (left, { reservedConcurrency = 0 }) => left - reservedConcurrency,
      accountConcurrency,
    );
  }

  /** Takes a place, to be given back by calling the answer, or says why there is none. */
  take(deployed: DeployedFunction): (() => void) | ThrottleReason {
    const { reservedConcurrency } = deployed;
    const reserved = reservedConcurrency !== undefined;
    if (reserved && deployed.running >= reservedConcurrency)
      return 'ReservedFunctionConcurrentInvocationLimitExceeded';
    if (!reserved && this.#unreserved >= leastUnreserved && this.#unreserved >= this.unreservedLimit())
      return 'ConcurrentInvocationLimitExceeded';
    deployed.running += 1;
    if (!reserved) this.#unreserved += 1;
    return () => {
      deployed.running -= 1;
      if (!reserved) this.#unreserved -= 1;
    };
  }

  /** Throws as PutFunctionConcurrency does when a reservation leaves too little to the others. */
  requireRoom(deployed: DeployedFunction | undefined, reserved: number): void {
    if (this.unreservedLimit() + (deployed?.reservedConcurrency ?? 0) - reserved >= leastUnreserved) return;
    throw new AwsError(
      'InvalidParameterValueException',
      `Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${leastUnreserved}].`,
    );
  }
}
