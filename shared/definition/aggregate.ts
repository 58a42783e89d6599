import type { Actor } from '../messages/envelope.ts';
import type { AnyEventDefinition, DomainEvent } from '../messages/event.ts';
import { upcasterOf } from '../messages/upcast.ts';

/** What a decision may know besides state and intent. The only clock it has is `now`. */
export interface DecisionContext {
  readonly actor: Actor;
  /** RFC 3339, UTC, milliseconds. */
  readonly now: string;
}

/**
 * State and intent in, events out. Already done means no events; not allowed means `throw refused(…)`.
 * Pure: it may run several times for one command when two writers meet.
 */
export type Decision<State, Input, Event extends DomainEvent = DomainEvent> = (
  state: State,
  input: Input,
  context: DecisionContext,
) => readonly Event[];

/** A consistency boundary: its events, the state that decisions need, and how one event changes it. */
export interface Aggregate<State, Event extends DomainEvent = DomainEvent> {
  readonly domain: string;
  /** Kebab-case; also the word in routes (`{alertRuleId}` for `alert-rule`) and in stream names. */
  readonly type: string;
  readonly events: readonly AnyEventDefinition[];
  readonly initial: State;
  evolve(state: State, event: Event): State;
  /**
   * Values that at most one stream of this type may have within a tenant, by their name; absent while it has none. Each
   * costs its commit more: see `KeyChanges`.
   */
  readonly unique?: Readonly<Record<string, (state: State) => string | undefined>>;
}

/** Any aggregate, where only its name and events matter. */
export type AnyAggregate = Pick<Aggregate<unknown>, 'domain' | 'type' | 'events'>;

/** Defines an aggregate; `domain/type` is where it lives, for example `observability/alert-rule`. */
export function aggregate<State, Event extends DomainEvent>(
  name: `${string}/${string}`,
  parts: {
    events: readonly AnyEventDefinition[];
    initial: NoInfer<State>;
    evolve: (state: State, event: Event) => State;
    unique?: Readonly<Record<string, (state: NoInfer<State>) => string | undefined>>;
  },
): Aggregate<State, Event> {
  const [domain = '', type = ''] = name.split('/');
  return { domain, type, ...parts };
}

/** Folds events, oldest first and of whatever version, into the state they lead to. */
export function fold<State, Event extends DomainEvent>(
  from: Aggregate<State, Event>,
  events: readonly DomainEvent[],
  state: State = from.initial,
): State {
  // The store answers events by name; that they are this aggregate's own is what the stream's type says.
  const upcast = upcasterOf(from.events);
  return (events as readonly Event[]).reduce((folded, next) => from.evolve(folded, upcast(next)), state);
}

/** The path parameter that names a stream of this aggregate: `alertRuleId` for `alert-rule`. */
export function idParameter(of: { type: string }): string {
  return `${of.type.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())}Id`;
}
