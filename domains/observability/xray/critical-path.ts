import type { PlacedSpan } from './span-tree.ts';

/** Those who tell of a span's ends read different clocks: by this much, and this part of its length, it may be off. */
const tolerance = { milliseconds: 2, share: 0.02 };
/** How many siblings are looked at to know a phase. */
const closeSiblings = 20;

/**
 * The ids of the spans that decided when the request was answered: from the end of the first span backwards, always
 * the one that ended last before what followed could begin. What goes on after the answer is not on the path.
 *
 * @param spans in the order of the waterfall
 */
export function criticalPath(spans: readonly PlacedSpan[]): Set<string> {
  const path = new Set<string>();
  const [first] = spans;
  if (!first) return path;
  const children = childrenOf(spans);
  const waiting = [first];
  for (let span = waiting.pop(); span; span = waiting.pop()) {
    path.add(span.id);
    const byEnd = [...(children.get(span.id) ?? [])].sort((one, other) => endOf(other) - endOf(one));
    let until = endOf(span);
    for (const [place, child] of byEnd.entries()) {
      // It ended after what followed had begun, so nobody waited for its end; or it is work for later.
      const slack = tolerance.milliseconds + tolerance.share * (child.duration ?? 0);
      if (endOf(child) > until + slack) continue;
      waiting.push(child);
      const isPhase =
        !children.has(child.id) &&
        byEnd
          .slice(place + 1, place + closeSiblings)
          .some((sibling) => children.has(sibling.id) && sibling.start >= child.start);
      // Lambda tells its phases beside the work that was done in them: that work is still to be followed.
      if (!isPhase) until = Math.min(until, child.start);
    }
  }
  return path;
}

function endOf({ start, duration = 0 }: PlacedSpan): number {
  return start + duration;
}

function childrenOf(spans: readonly PlacedSpan[]): Map<string, PlacedSpan[]> {
  const children = new Map<string, PlacedSpan[]>();
  for (const span of spans) {
    if (span.parentId === undefined) continue;
    const siblings = children.get(span.parentId);
    if (siblings) siblings.push(span);
    else children.set(span.parentId, [span]);
  }
  return children;
}
