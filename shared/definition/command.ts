import type { DomainEvent } from '../messages/event.ts';
import { type Fields, object, type Schema, type ValueOf } from '../messages/schema.ts';
import type { Aggregate, Decision } from './aggregate.ts';
import type { Role } from './roles.ts';

/** A command: where it is reached, by whom, with what, on which aggregate, by which decision. */
export interface Command<State = never, Input = never, Event extends DomainEvent = DomainEvent> {
  readonly kind: 'command';
  /** Method and path relative to the domain, for example `POST /alerts/{alertId}/acknowledgement`. */
  readonly route: string;
  readonly roles: readonly Role[];
  readonly input: Schema<Input>;
  readonly aggregate: Aggregate<State, Event>;
  readonly decide: Decision<State, Input, Event>;
}

/** Any command, where only its outside matters. */
export type AnyCommand = Pick<Command, 'kind' | 'route' | 'roles' | 'input'> & {
  readonly aggregate: { domain: string; type: string };
};

/**
 * Defines a command. A route that holds the aggregate's id (`{alertId}`) acts on that stream and answers 404 when it
 * has no events; a route without it starts a new stream.
 */
export function command<State, const F extends Fields, Event extends DomainEvent>(parts: {
  route: string;
  roles: readonly Role[];
  input: F;
  aggregate: Aggregate<State, Event>;
  decide: Decision<State, ValueOf<F>, NoInfer<Event>>;
}): Command<State, ValueOf<F>, Event> {
  return { kind: 'command', ...parts, input: object(parts.input) };
}
