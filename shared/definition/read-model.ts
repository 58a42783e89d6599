import type { Envelope } from '../messages/envelope.ts';
import type { DomainEvent } from '../messages/event.ts';
import { upcasterOf } from '../messages/upcast.ts';
import type { Aggregate } from './aggregate.ts';

/** Answered by a projection when the row is to go. */
export const remove: unique symbol = Symbol('remove');

/** An event of an aggregate in its envelope. */
export type Recorded<Event extends DomainEvent> =
  Event extends DomainEvent<infer Type, infer Data> ? Envelope<Type, Data> : never;

/** Where a row shows: the name of its list, and the text by which the list is ordered. */
export interface ListPlace {
  readonly list: string;
  readonly order: string;
}

export type Projections<Row, Event extends DomainEvent> = {
  readonly [Type in Event['type']]?: (
    row: Row | undefined,
    event: Recorded<Extract<Event, { type: Type }>>,
  ) => Row | undefined | typeof remove;
};

/** A table that follows one aggregate: its rows, how each event changes them, and in which list they stand. */
export interface ReadModel<Row = unknown> {
  readonly kind: 'read-model';
  readonly follows: { readonly domain: string; readonly type: string };
  /** The row an event belongs to. Absent: one row per stream, its key the stream's id. */
  readonly key: ((event: Envelope) => string) | undefined;
  /** The list a row stands in, and its place there. */
  listed(row: Row): ListPlace;
  /** Answers the row after the event; `undefined` where there is none to keep. */
  project(row: Row | undefined, event: Envelope): Row | undefined | typeof remove;
}

/**
 * Defines a read model. Event types without a projection leave the row as it is, but still move the model's position,
 * so a model never waits for an event it does not care about.
 */
export function readModel<Row, State, Event extends DomainEvent>(parts: {
  follows: Aggregate<State, Event>;
  key?: (event: Recorded<Event>) => string;
  listed: (row: Row) => ListPlace;
  project: Projections<Row, Event>;
}): ReadModel<Row> {
  // The bus rule matches this aggregate alone, so an envelope that arrives is one of its events.
  const projections = parts.project as Readonly<
    Record<string, ((row: Row | undefined, event: Envelope) => Row | undefined | typeof remove) | undefined>
  >;
  const upcast = upcasterOf(parts.follows.events);
  const key = parts.key as ((event: Envelope) => string) | undefined;
  return {
    kind: 'read-model',
    follows: { domain: parts.follows.domain, type: parts.follows.type },
    key: key && ((event) => key(upcast(event))),
    listed: parts.listed,
    project: (row, event) => {
      const step = projections[event.type];
      return step ? step(row, upcast(event)) : row;
    },
  };
}
