/** A failure inside an execution, by the name that Retry and Catch see. */
export class StateError extends Error {
  readonly error: string;
  override readonly cause: string;

  constructor(error: string, cause: string) {
    super(`${error}: ${cause}`);
    this.error = error;
    this.cause = cause;
  }
}

/** A fault of the definition or its data at run time; `States.ALL` does not catch it. */
export function runtimeError(cause: string): StateError {
  return new StateError('States.Runtime', cause);
}
