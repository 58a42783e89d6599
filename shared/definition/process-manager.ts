import type { DomainEvent } from '../messages/event.ts';
import type { Process } from '../processes/process.ts';
import type { ProcessEvent, ProcessSubject, StepName } from '../processes/process-events.ts';
import type { Aggregate } from './aggregate.ts';
import type { ReactionContext, ReactorParts } from './reactor.ts';
import type { Recorded } from './read-model.ts';

/** What a process does next. Reasons and what it waits for are read by people. */
export type Next =
  /** Do a step of the process manager, once more where it failed. */
  | StepName
  /** Wait for an event, and look again then, or when `until` has come. */
  | { readonly waitFor: string; readonly until?: string }
  /** Nothing is left to do. */
  | { readonly complete: string }
  /** Undo what was done, the last step first, and before it the one that failed, which may have been half done. */
  | { readonly compensate: string };

/** What a process knows when it looks at its subject. */
export interface ProcessView<State> extends ProcessSubject {
  readonly tenant: string;
  /** The subject's state as it stands in the store now. */
  readonly state: State;
}

/** One step. Both must bear being run twice: a crash may come between the deed and its record. */
export interface ProcessStep {
  run(about: StepSubject, context: ReactionContext): Promise<void>;
  /** Also asked for where the step may not have been done. Absent: it leaves nothing behind that would have to be undone. */
  compensate?(about: StepSubject, context: ReactionContext): Promise<void>;
}

export interface StepSubject extends ProcessSubject {
  readonly tenant: string;
  readonly on: string | undefined;
}

/**
 * Does several things for one subject, one after the other, over time: a reactor with a memory. Its runs are streams of
 * their own, so that everybody sees what each waits for; it goes by how things stand, whatever woke it and however often.
 */
export interface ProcessManager<Facts = never, State = never> extends ReactorParts {
  readonly kind: 'reactor';
  /** What its runs remember, from `processAggregate`. */
  readonly process: Aggregate<Process, ProcessEvent>;
  readonly follows: Aggregate<State, never>;
  /** Which of the processes about its stream an event concerns; none where it answers nothing. */
  key(event: never): string | undefined;
  /** What the decision needs to know. Nothing is done here. */
  look(view: ProcessView<State>, context: ReactionContext): Promise<Facts>;
  /** Decides what comes next; pure. `done` are the steps that stand; `now` is RFC 3339, UTC, milliseconds. */
  next(facts: Facts, done: readonly StepName[], now: string): Next;
  readonly steps: Readonly<Record<string, ProcessStep>>;
}

/** Defines a process manager. It stands in `reactors/`, and is listed among them; its process among the aggregates. */
export function processManager<Facts, State, Event extends DomainEvent>(
  parts: ReactorParts &
    Pick<ProcessManager<Facts, State>, 'process' | 'look' | 'next' | 'steps'> & {
      follows: Aggregate<State, Event>;
      key: (event: Recorded<Event>) => string | undefined;
    },
): ProcessManager<Facts, State> {
  return { kind: 'reactor', ...parts, follows: parts.follows as unknown as Aggregate<State, never> };
}
