import type { Envelope } from '../messages/envelope.ts';
import type { DomainEvent } from '../messages/event.ts';
import type { Aggregate, Decision } from './aggregate.ts';
import type { CommandPart } from './command.ts';
import type { Definitions } from './definitions.ts';
import type { Rows } from './query.ts';
import type { ReadModel } from './read-model.ts';

/** An event of AWS itself, from the account's default bus. */
export interface PlatformEvent {
  readonly id: string;
  readonly source: string;
  readonly 'detail-type': string;
  readonly time: string;
  readonly resources: readonly string[];
  readonly detail: unknown;
}

/** What a reactor can do besides calling the world. */
export interface ReactionContext {
  readonly environment: string;
  /** The tenant to whom the installation belongs. */
  readonly installationTenant: string;
  /** Code of every domain, as far as the reactor uses it. */
  readonly definitions: Definitions;
  /** The aggregate's state and version as they stand in the store now; version 0 when it has no events. */
  load<State, Event extends DomainEvent>(
    of: Aggregate<State, Event>,
    tenant: string,
    id: string,
  ): Promise<{ state: State; version: number }>;
  /** Every event of the stream, oldest first: for reactions that tell what happened rather than how things stand. */
  history(of: { readonly type: string }, tenant: string, id: string): Promise<readonly Envelope[]>;
  /** Decides and records on another aggregate, in the name of this reactor. Repeating it does no harm. */
  execute<State, Input, Event extends DomainEvent>(
    on: Aggregate<State, Event>,
    tenant: string,
    id: string,
    decide: Decision<State, Input, Event>,
    input: Input,
  ): Promise<{ version: number }>;
  /** The rows of a read model that the reactor names. They follow the events, so the newest may not be among them yet. */
  rows<Row>(of: ReadModel<Row>, tenant: string): Promise<Rows<Row>>;
}

/**
 * Parts of the platform that a reactor can stand on: those of commands, `read-models` (the right to read every domain's
 * rows and positions by their keys, as `READ_MODELS`), `events-bus` (the right to put events there, as `EVENTS_BUS`),
 * `rebuilds` (the right to write every read model's tables and to read the whole store), and `projections` (the code of
 * every domain's read models, as `definitions`).
 */
export type ReactorPart = CommandPart | 'read-models' | 'events-bus' | 'rebuilds' | 'projections';

/** What a reactor stands on besides the event store. */
export interface ReactorParts {
  readonly readModels?: Readonly<Record<string, ReadModel>>;
  readonly uses?: readonly ReactorPart[];
}

/** Reacts to an aggregate: is given its current state, whatever event woke it. */
export interface AggregateReactor<State = never> extends ReactorParts {
  readonly kind: 'reactor';
  readonly follows: Aggregate<State, never>;
  readonly react: (
    subject: { tenant: string; id: string; state: State; version: number; event: Envelope },
    context: ReactionContext,
  ) => Promise<void>;
}

/** Reacts to an event of AWS on the default bus. */
export interface PlatformReactor extends ReactorParts {
  readonly kind: 'reactor';
  /** EventBridge pattern. */
  readonly pattern: (names: { environment: string }) => Readonly<Record<string, unknown>>;
  readonly react: (event: PlatformEvent, context: ReactionContext) => Promise<void>;
}

/** Takes what the errors bus is told, many at a time, however much there is. */
export interface ErrorsReactor extends ReactorParts {
  readonly kind: 'reactor';
  readonly gathers: 'errors';
  readonly react: (events: readonly PlatformEvent[], context: ReactionContext) => Promise<void>;
}

/** Acts by the clock, on what read models say is due. */
export interface ScheduledReactor extends ReactorParts {
  readonly kind: 'reactor';
  /** EventBridge's rate, such as `1 minute`. */
  readonly every: string;
  readonly react: (event: PlatformEvent, context: ReactionContext) => Promise<void>;
}

type Followed = { readonly domain: string; readonly type: string };

/** The aggregates whose events wake a reactor: what it follows, and where it is a process manager, its own processes. */
export function wakingAggregates({
  follows,
  process,
}: {
  follows: Followed;
  process?: Followed;
}): Followed[] {
  return process ? [follows, process] : [follows];
}

export type AnyReactor = { readonly kind: 'reactor' } & ReactorParts &
  (
    | { readonly follows: Followed; readonly process?: Followed }
    | Pick<PlatformReactor, 'pattern'>
    | Pick<ErrorsReactor, 'gathers'>
    | Pick<ScheduledReactor, 'every'>
  );

/**
 * Defines a reactor on an aggregate. It acts on the current state and runs again when that changed while it acted, so
 * duplicates and disorder of events do no harm. A replay of events never runs it.
 */
export function reactor<State, Event extends DomainEvent>(
  parts: ReactorParts & {
    follows: Aggregate<State, Event>;
    react: AggregateReactor<State>['react'];
  },
): AggregateReactor<State> {
  return { kind: 'reactor', ...parts, follows: parts.follows as unknown as Aggregate<State, never> };
}

/** Defines a reactor on events of AWS itself. */
export function platformReactor(parts: Omit<PlatformReactor, 'kind'>): PlatformReactor {
  return { kind: 'reactor', ...parts };
}

/** Defines a reactor on the errors bus. Its own failures are logged and tried again, and never put on that bus. */
export function errorsReactor(parts: Omit<ErrorsReactor, 'kind' | 'gathers'>): ErrorsReactor {
  return { kind: 'reactor', gathers: 'errors', ...parts };
}

/** Defines a reactor on the clock. What a missed firing would have done, the next one does. */
export function scheduledReactor(parts: Omit<ScheduledReactor, 'kind'>): ScheduledReactor {
  return { kind: 'reactor', ...parts };
}
