import { keyOf, type ReadModel, remove } from '#shared/definition/read-model.ts';
import type { Envelope } from '#shared/messages/envelope.ts';

/** What one event does to the one row of a read model that it belongs to. */
export interface EffectOnRow {
  readonly key: string;
  readonly before?: unknown;
  readonly after?: unknown;
  /** Why the projection refuses the event, or one before it. */
  readonly error?: string;
}

/** The row before and after the last of these events, folded from this one stream; other streams may add to it. */
export function effectOn(model: ReadModel, events: readonly Envelope[], event: Envelope): EffectOnRow {
  const step = (row: unknown, each: Envelope) => {
    const after = model.project(row, each);
    return after === remove ? undefined : after;
  };
  const key = keyOf(model, event);
  try {
    const before = events
      .slice(0, -1)
      .filter((each) => keyOf(model, each) === key)
      .reduce<unknown>(step, undefined);
    return { key, before, after: step(before, event) };
  } catch (error) {
    return { key, error: error instanceof Error ? error.message : String(error) };
  }
}
