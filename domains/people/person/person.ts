import { aggregate, type Decision } from '#shared/definition/aggregate.ts';
import { type DomainEvent, type EventOf, event } from '#shared/messages/event.ts';
import { instant } from '#shared/messages/schema.ts';

// A person has the id by which events name them as their actor. There is a stream only for those who were forgotten.

// Events

export const PersonForgotten = event('PersonForgotten', { forgottenAt: instant });

const events = [PersonForgotten] as const;
export type PersonEvent = EventOf<(typeof events)[number]> & DomainEvent;

// State

export interface Person {
  /** What tells of them up to then is to be read no more. */
  readonly forgottenAt?: string;
}

// Evolve

const evolve = (_: Person, event: PersonEvent): Person => ({ forgottenAt: event.data.forgottenAt });

export const person = aggregate<Person, PersonEvent>('people/person', { events, initial: {}, evolve });

// Decisions

/** Also one who was forgotten before may have written since. */
export const forget: Decision<Person, { confirmation: 'forget' }, PersonEvent> = (_, __, { now }) => [
  PersonForgotten({ forgottenAt: now }),
];
