import type { Envelope } from '../messages/envelope.ts';
import type { DomainEvent } from '../messages/event.ts';
import { upcasterOf } from '../messages/upcast.ts';
import { type ProcessEvent, processEvents, processSuffix } from '../processes/process-events.ts';
import type { AnyAggregate } from './aggregate.ts';

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

/** The aggregates whose every event a model is told of: these, all of them, or the processes of every domain. */
export type Follows =
  | 'everything'
  | 'processes'
  | readonly { readonly domain: string; readonly type: string }[];

/** A table that follows aggregates: its rows, how each event changes them, and in which list they stand. */
export interface ReadModel<Row = unknown> {
  readonly kind: 'read-model';
  readonly follows: Follows;
  /** The row an event belongs to. Absent: one row per stream, its key the stream's id. */
  readonly key: ((event: Envelope) => string) | undefined;
  /** The list a row stands in, and its place there. */
  listed(row: Row): ListPlace;
  /** Answers the row after the event; `undefined` where there is none to keep. */
  project(row: Row | undefined, event: Envelope): Row | undefined | typeof remove;
}

/** The key of the row that an event belongs to. */
export function keyOf({ key }: Pick<ReadModel, 'key'>, event: Envelope): string {
  return key ? key(event) : event.stream.id;
}

/** Whether a model is told of the events of streams of this type. */
export function isFollowed(
  { follows }: { follows: 'everything' | 'processes' | readonly (string | { readonly type: string })[] },
  type: string,
): boolean {
  if (follows === 'everything') return true;
  if (follows === 'processes') return type.endsWith(processSuffix);
  return follows.some((followed) => (typeof followed === 'string' ? followed : followed.type) === type);
}

type Followed = AnyAggregate & { evolve(state: never, event: never): unknown };
type EventsOf<From> = From extends { evolve(state: never, event: infer Event extends DomainEvent): unknown }
  ? Event
  : never;

/**
 * Defines a read model. Event types without a projection leave the row as it is, but still move the model's position,
 * so a model never waits for an event it does not care about.
 *
 * A row may join streams, also of several aggregates, where `key` says to which row each event belongs. Order is
 * promised within a stream and none between them, so such a projection must come to the same row in whichever order
 * events of different streams arrive.
 */
export function readModel<Row, const From extends Followed | readonly [Followed, ...Followed[]]>(parts: {
  follows: From;
  key?: (event: Recorded<EventsOf<Each<From>>>) => string;
  listed: (row: Row) => ListPlace;
  project: Projections<Row, EventsOf<Each<From>>>;
}): ReadModel<Row> {
  const followed: readonly Followed[] = isList(parts.follows) ? parts.follows : [parts.follows];
  const key = parts.key as ((event: Envelope) => string) | undefined;
  if (followed.length > 1 && !key)
    throw new Error('A read model of several aggregates must say the key of its rows.');
  // The bus rule matches these aggregates alone, so an envelope that arrives is one of their events.
  const projections = parts.project as Readonly<
    Record<string, ((row: Row | undefined, event: Envelope) => Row | undefined | typeof remove) | undefined>
  >;
  const upcasters = new Map(followed.map(({ type, events }) => [type, upcasterOf(events)]));
  const upcast = (event: Envelope) => upcasters.get(event.stream.type)?.(event) ?? event;
  return {
    kind: 'read-model',
    follows: followed.map(({ domain, type }) => ({ domain, type })),
    key: key && ((event) => key(upcast(event))),
    listed: parts.listed,
    project: (row, event) => {
      const step = projections[event.type];
      return step ? step(row, upcast(event)) : row;
    },
  };
}

type Each<From> = From extends readonly (infer One)[] ? One : From;

function isList(follows: Followed | readonly Followed[]): follows is readonly Followed[] {
  return Array.isArray(follows);
}

/**
 * Defines a read model of every event of every domain, as a catalogue of streams needs it. It sees events as they were
 * recorded, whatever the version of their schema.
 */
export function readModelOfEverything<Row>(parts: {
  key: (event: Envelope) => string;
  listed: (row: Row) => ListPlace;
  project: (row: Row | undefined, event: Envelope) => Row | undefined | typeof remove;
}): ReadModel<Row> {
  return { kind: 'read-model', follows: 'everything', ...parts };
}

/** Defines a read model of the processes of every domain, one row for each. */
export function readModelOfProcesses<Row>(parts: {
  listed: (row: Row) => ListPlace;
  project: Projections<Row, ProcessEvent>;
}): ReadModel<Row> {
  const ofOne = {
    domain: '',
    type: '',
    events: processEvents,
    evolve: (_: unknown, event: ProcessEvent) => event,
  };
  return { ...readModel({ follows: ofOne, ...parts }), follows: 'processes' };
}
