import { type Aggregate, fold } from '#shared/definition/aggregate.ts';
import type { FoldableAggregate } from '#shared/definition/definitions.ts';
import type { Envelope } from '#shared/messages/envelope.ts';

/** What a stream was before its last event, and what that event made of it. */
export function stateAt(
  of: FoldableAggregate,
  events: readonly Envelope[],
): { before: unknown; state: unknown } {
  // Its type says that the events are its own, and nothing here looks into the state.
  const aggregate = of as unknown as Aggregate<unknown>;
  const before = fold(aggregate, events.slice(0, -1));
  return { before, state: fold(aggregate, events.slice(-1), before) };
}
