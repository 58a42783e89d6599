import type { HistoryEvent } from './history.ts';
import type { Journal } from './journal.ts';

/** A task that is in the history as scheduled and has not ended. */
export interface PendingTask {
  /** What it was called with, after `Parameters`. */
  input: unknown;
  /** Epoch milliseconds. */
  scheduledAt: number;
  timeoutSeconds?: number;
  heartbeatSeconds?: number;
  /** With which its result is told, where it waits for that. */
  token?: string;
  /** The service has taken the request; what is left is to wait. */
  submitted?: boolean;
  /** The name of the execution that `.sync` waits for. */
  childName?: string;
  childArn?: string;
  /** The worker that took the activity. */
  started?: boolean;
}

/** Where a line of states stands: what it takes to go on after a restart without doing a recorded step again. */
export interface Position {
  /** The state that is next, or under way. */
  state: string;
  input: unknown;
  /** Epoch milliseconds of the first time it was entered. */
  enteredAt: number;
  variables: Record<string, unknown>;
  /** The last event of this line, which its next one follows. */
  eventId: number;
  /** The event that recorded the entry of the state; absent before that. */
  entryId?: number;
  /** How often each retrier of the state was used. */
  retries?: number[];
  /** Epoch milliseconds of the next attempt. */
  retryAt?: number;
  task?: PendingTask;
  /** The lines within the state have begun. */
  nested?: boolean;
  /** What the line gave, once it has ended. */
  ended?: { output: unknown; eventId: number };
}

/**
 * One sequence of states: the execution itself, a branch of a Parallel state, or one item of a Map state. The path
 * names it within the execution: empty for the execution itself, then `/0`, `/0/2` and so on.
 */
export class Line {
  readonly path: string;
  readonly position: Position;
  readonly #journal: Journal;

  constructor(path: string, position: Position, journal: Journal) {
    this.path = path;
    this.position = position;
    this.#journal = journal;
  }

  /** Appends to the history, after the last event of this line. */
  record(type: string, details: Record<string, unknown> = {}): HistoryEvent {
    const event = this.#journal.record(type, details, this.position.eventId);
    this.change({ eventId: event.id });
    return event;
  }

  /** Appends an event that the next one of this line does not follow: AWS has some stand beside the line. */
  recordAside(type: string, details: Record<string, unknown> = {}): HistoryEvent {
    return this.#journal.record(type, details, this.position.eventId);
  }

  change(fields: { [Name in keyof Position]?: Position[Name] | undefined }): void {
    Object.assign(this.position, fields);
    this.#journal.changed(this);
  }

  /** Stands before another state. */
  moveTo(state: string, input: unknown, variables: Record<string, unknown>, enteredAt: number): void {
    this.forgetAttempt();
    this.change({ state, input, variables, enteredAt, entryId: undefined, retries: undefined });
  }

  /** The state is tried anew: what belonged to the last attempt is gone. */
  forgetAttempt(): void {
    if (this.position.nested) this.#journal.forgetWithin(this.path);
    this.change({ task: undefined, nested: undefined, retryAt: undefined });
  }

  /** The line within that was begun before, or a new one. */
  child(index: number): Line | undefined {
    return this.#journal.lineAt(`${this.path}/${index}`);
  }

  /** A line within, whose first event follows the last one of `after`. */
  beginChild(index: number, state: string, input: unknown, enteredAt: number, after: Line = this): Line {
    const { variables } = this.position;
    const { eventId } = after.position;
    return this.#journal.begin(`${this.path}/${index}`, { state, input, enteredAt, variables, eventId });
  }

  /** The next event follows the last one of the lines within. */
  join(lines: readonly (Line | undefined)[]): void {
    const ids = lines.map((line) => line?.position.ended?.eventId ?? line?.position.eventId ?? 0);
    this.change({ eventId: ids.reduce((last, id) => Math.max(last, id), this.position.eventId) });
  }

  /** Resolves once all that has happened so far is on disk. */
  save(): Promise<void> {
    return this.#journal.save();
  }
}
