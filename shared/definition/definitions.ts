import type { AnyAggregate } from './aggregate.ts';
import type { ReadModel } from './read-model.ts';

/** An aggregate that can be folded by who does not know its types. */
export type FoldableAggregate = AnyAggregate & {
  readonly initial: unknown;
  evolve(state: never, event: never): unknown;
};

/** Code of every domain, for the few functions that look at all of them. */
export interface Definitions {
  readonly aggregates: readonly FoldableAggregate[];
  /** Read models by `domain/name`, such as `observability/alert-rules`. */
  readonly projections: Readonly<Record<string, ReadModel>>;
}

export const noDefinitions: Definitions = { aggregates: [], projections: {} };

/** A kind of stream: an aggregate's type, and its domain. */
export interface Category {
  readonly domain: string;
  readonly type: string;
}

/** A read model as the stack tells it to functions that look at all of them. */
export interface FollowedModel {
  /** `<domain>/<model>` */
  readonly name: string;
  /** Types of the aggregates it follows. */
  readonly follows: 'everything' | 'processes' | readonly string[];
  readonly table: string;
}
