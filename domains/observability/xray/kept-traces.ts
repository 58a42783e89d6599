import type { LoadedTrace } from './load-trace.ts';

/** How long the pages after the first may come from memory, and how many spans that memory holds. */
const lifetimeMilliseconds = 60_000;
const maximumSpans = 250_000;

/**
 * Keeps large traces between the pages of one reader, for each page needs the order of the whole. An instance of the
 * function that has not read the trace reads it again: slower, and the same.
 */
export function createKeptTraces(now: () => number = Date.now) {
  const kept = new Map<string, { trace: LoadedTrace; until: number }>();
  return {
    /** The trace, if it was read a short while ago. */
    get(id: string): LoadedTrace | undefined {
      const entry = kept.get(id);
      return entry && entry.until > now() ? entry.trace : undefined;
    },
    put(trace: LoadedTrace): void {
      kept.delete(trace.id);
      kept.set(trace.id, { trace, until: now() + lifetimeMilliseconds });
      let spans = 0;
      for (const [id, entry] of [...kept].reverse()) {
        spans += entry.trace.spans.length;
        if (entry.until <= now() || (spans > maximumSpans && id !== trace.id)) kept.delete(id);
      }
    },
  };
}
