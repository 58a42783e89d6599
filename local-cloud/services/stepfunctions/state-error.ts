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

/** A failure of the state itself and not of what it called: AWS says in its cause where it happened. */
export class EvaluationError extends StateError {
  /** The same, with the state and the event that recorded its entry. */
  placed(state: string, entryId: number | undefined): StateError {
    const place = `An error occurred while executing the state '${state}' (entered at the event id #${entryId ?? 0}).`;
    return new StateError(this.error, `${place} ${this.cause}`);
  }
}

/** A task was silent for longer than its heartbeat: in the history a timeout, to Retry and Catch known by both names. */
export class HeartbeatTimeout extends StateError {
  constructor() {
    super('States.Timeout', '');
  }
}

/** A fault of the definition or its data at run time; nothing catches it. */
export function runtimeError(cause: string): StateError {
  return new EvaluationError('States.Runtime', cause);
}
