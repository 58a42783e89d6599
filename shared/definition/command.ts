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
  /** The aggregate whose id this one bears: the command may begin the stream, once that other thing exists. */
  readonly existsWith?: { readonly type: string } | undefined;
  /** The id comes from elsewhere, such as a user's: the command may begin the stream. */
  readonly mayBegin?: boolean | undefined;
  /** What is answered besides stream and version, such as a secret that is told this once. A retry is answered alike. */
  readonly answer?: ((subject: AnsweredSubject<State>) => Promise<object>) | undefined;
  /** What it changes serves every tenant, so only the installation's own may: others get 403. */
  readonly installationOnly?: boolean | undefined;
  readonly uses: readonly CommandPart[];
}

/** The aggregate as it stands after the command. */
export interface AnsweredSubject<State> {
  readonly tenant: string;
  readonly id: string;
  readonly state: State;
}

/** Parts of the platform that a command or a reactor can stand on. `keys` holds what secrets are derived from, as `KEYS_TABLE`. */
export type CommandPart = 'keys';

/** Any command, where only its outside matters. */
export type AnyCommand = Pick<Command, 'kind' | 'route' | 'roles' | 'input' | 'uses'> & {
  readonly aggregate: { domain: string; type: string };
};

/**
 * Defines a command. A route that holds the aggregate's id (`{alertId}`) acts on that stream and answers 404 when it
 * has no events, unless it `existsWith` another or `mayBegin` it; a route without it starts a new stream.
 */
export function command<State, const F extends Fields, Event extends DomainEvent>(parts: {
  route: string;
  roles: readonly Role[];
  input: F;
  aggregate: Aggregate<State, Event>;
  decide: Decision<State, ValueOf<F>, NoInfer<Event>>;
  existsWith?: { readonly type: string } | undefined;
  mayBegin?: boolean | undefined;
  answer?: ((subject: AnsweredSubject<State>) => Promise<object>) | undefined;
  installationOnly?: boolean | undefined;
  uses?: readonly CommandPart[];
}): Command<State, ValueOf<F>, Event> {
  return { kind: 'command', uses: [], ...parts, input: object(parts.input) };
}
