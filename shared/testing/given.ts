import { deepStrictEqual, fail } from 'node:assert/strict';
import { type Aggregate, type Decision, type DecisionContext, fold } from '../definition/aggregate.ts';
import type { DomainEvent } from '../messages/event.ts';
import { Problem } from '../messages/problem.ts';

const context: DecisionContext = { actor: { type: 'user', id: 'somebody' }, now: '2026-01-02T03:04:05.678Z' };

/**
 * Tests decisions in plain values.
 *
 * @example
 * const given = givenEventsOf(alert);
 * given(raised).when(acknowledge, { episode: 1 }).thenRecords(AlertAcknowledged({ episode: 1 }));
 */
export function givenEventsOf<State, Event extends DomainEvent>(aggregate: Aggregate<State, Event>) {
  return (...history: readonly Event[]) => ({
    when<Input>(decide: Decision<State, Input, Event>, input: Input, changed: Partial<DecisionContext> = {}) {
      const decision = () => decide(fold(aggregate, history), input, { ...context, ...changed });
      return {
        /** Exactly these events, in this order. */
        thenRecords: (...expected: readonly Event[]) => deepStrictEqual(plain(decision()), plain(expected)),
        /** Already done: no events, no complaint. */
        thenNothing: () => deepStrictEqual(decision(), []),
        /** Not allowed, told with this slug. */
        thenRefused: (slug: string) => {
          try {
            decision();
          } catch (error) {
            if (!(error instanceof Problem)) throw error;
            deepStrictEqual(error.slug, slug);
            return;
          }
          fail(`It should have been refused with ${slug}, but was allowed.`);
        },
      };
    },
  });
}

/** Events as they are stored: absent fields are absent. */
const plain = (events: readonly DomainEvent[]) => JSON.parse(JSON.stringify(events)) as unknown;
