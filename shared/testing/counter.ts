import { aggregate, type Decision } from '../definition/aggregate.ts';
import { type DomainEvent, type EventOf, event } from '../messages/event.ts';
import { refused } from '../messages/problem.ts';
import { integer } from '../messages/schema.ts';

/** The smallest aggregate that is still one, for the kernel's own tests: it counts up to a limit. */
export const Counted = event('Counted', { by: integer() });
export const Closed = event('Closed', {});
export type CounterEvent = EventOf<typeof Counted | typeof Closed> & DomainEvent;

export interface Counter {
  readonly total: number;
  readonly closed: boolean;
}

export const counter = aggregate<Counter, CounterEvent>('testing/counter', {
  events: [Counted, Closed],
  initial: { total: 0, closed: false },
  evolve: (state, event) =>
    event.type === 'Closed' ? { ...state, closed: true } : { ...state, total: state.total + event.data.by },
});

export const count: Decision<Counter, { by: number }, CounterEvent> = (state, { by }) => {
  if (state.closed) throw refused('counter-closed', 'The counter is closed.');
  return by === 0 ? [] : [Counted({ by })];
};

export const close: Decision<Counter, object, CounterEvent> = (state) => (state.closed ? [] : [Closed({})]);
