import type { TraceSpan } from './types.ts';

/** The spans of a trace in the order of the waterfall, with what is needed to fold and search a hundred thousand. */
export interface SpanIndex {
  readonly spans: readonly TraceSpan[];
  /** Of each span, the place after the last one beneath it. */
  readonly ends: Int32Array;
  /** Of each span, the place of the one above it; -1 at the top. */
  readonly parents: Int32Array;
  readonly places: ReadonlyMap<string, number>;
  readonly deepest: number;
}

export function indexSpans(spans: readonly TraceSpan[]): SpanIndex {
  const ends = new Int32Array(spans.length).fill(spans.length);
  const parents = new Int32Array(spans.length).fill(-1);
  const places = new Map<string, number>();
  const above: number[] = [];
  let deepest = 0;
  for (const [place, { id, depth }] of spans.entries()) {
    while (above.length > depth) ends[above.pop() ?? 0] = place;
    parents[place] = above.at(-1) ?? -1;
    above.push(place);
    places.set(id, place);
    deepest = Math.max(deepest, depth);
  }
  return { spans, ends, parents, places, deepest };
}

/** Which spans are folded: those below a number of levels (0: none), but for those that a person has turned over. */
export interface Folding {
  readonly levels: number;
  readonly turned: ReadonlySet<string>;
}

export function isOpen({ levels, turned }: Folding, { id, depth }: TraceSpan): boolean {
  const openAtFirst = levels === 0 || depth + 1 < levels;
  return turned.has(id) ? !openAtFirst : openAtFirst;
}

/** Whether there is anything beneath the span. */
export function hasChildren({ ends }: SpanIndex, place: number): boolean {
  return (ends[place] ?? 0) > place + 1;
}

/** The places of the spans to show; with `matches` those, and what stands above them, folded or not. */
export function visibleRows(index: SpanIndex, folding: Folding, matches?: readonly number[]): Int32Array {
  return matches ? withAncestors(index, matches) : unfolded(index, folding);
}

function unfolded({ spans, ends }: SpanIndex, folding: Folding): Int32Array {
  const rows = new Int32Array(spans.length);
  let count = 0;
  for (let place = 0; place < spans.length; ) {
    const span = spans[place];
    if (!span) break;
    rows[count++] = place;
    place = isOpen(folding, span) ? place + 1 : (ends[place] ?? spans.length);
  }
  return rows.subarray(0, count);
}

function withAncestors({ spans, parents }: SpanIndex, matches: readonly number[]): Int32Array {
  const shown = new Uint8Array(spans.length);
  let count = 0;
  for (const match of matches) {
    for (let place = match; place >= 0 && !shown[place]; place = parents[place] ?? -1) {
      shown[place] = 1;
      count++;
    }
  }
  const rows = new Int32Array(count);
  let row = 0;
  for (let place = 0; place < shown.length; place++) if (shown[place]) rows[row++] = place;
  return rows;
}

/** The row that shows the span at this place; -1 where it is folded away. Rows are in the order of places. */
export function rowOf(rows: Int32Array, place: number): number {
  let [low, high] = [0, rows.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = rows[middle] ?? 0;
    if (found === place) return middle;
    if (found < place) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/** Turns over the spans above, as far as they are folded, so that the span at this place shows. */
export function revealing(
  { spans, parents }: SpanIndex,
  folding: Folding,
  place: number,
): ReadonlySet<string> {
  const turned = new Set(folding.turned);
  for (let above = parents[place] ?? -1; above >= 0; above = parents[above] ?? -1) {
    const span = spans[above];
    if (!span || isOpen(folding, span)) continue;
    if (!turned.delete(span.id)) turned.add(span.id);
  }
  return turned;
}
