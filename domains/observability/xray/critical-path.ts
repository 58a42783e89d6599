import type { PlacedSpan } from './span-tree.ts';

/** Those who tell of a span's ends read different clocks. */
const tolerance = 2;

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
  const waiting = [{ span: first, until: endOf(first) }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { span } = next;
    path.add(span.id);
    let { until } = next;
    const byEnd = [...(children.get(span.id) ?? [])].sort((one, other) => endOf(other) - endOf(one));
    for (const child of byEnd) {
      // It ended after what followed had begun, so nobody waited for its end; or it is work for later.
      if (endOf(child) > until + tolerance) continue;
      waiting.push({ span: child, until: endOf(child) });
      until = Math.min(until, child.start);
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
