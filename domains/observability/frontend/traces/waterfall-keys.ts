import type { SpanIndex } from './span-index.ts';
import { hasChildren, rowOf } from './span-index.ts';

/** What a key does in the tree: moves to a row, folds or unfolds the active one, or opens its details. */
export type KeyAction = { move: number } | 'fold' | 'open' | undefined;

/** The keys of a tree grid, as WAI-ARIA's pattern has them. */
export function keyAction(given: {
  key: string;
  row: number;
  rows: Int32Array;
  index: SpanIndex;
  /** Whether the active row is unfolded. */
  open: boolean;
  /** Folding is off while a search decides what shows. */
  foldable: boolean;
  page: number;
}): KeyAction {
  const { key, row, rows, index, open, foldable, page } = given;
  const place = rows[row];
  if (place === undefined) return undefined;
  const last = rows.length - 1;
  const to = (target: number): KeyAction => ({ move: Math.min(last, Math.max(0, target)) });
  switch (key) {
    case 'ArrowDown':
      return to(row + 1);
    case 'ArrowUp':
      return to(row - 1);
    case 'PageDown':
      return to(row + page);
    case 'PageUp':
      return to(row - page);
    case 'Home':
      return to(0);
    case 'End':
      return to(last);
    case 'Enter':
    case ' ':
      return 'open';
    case 'ArrowRight':
      if (!hasChildren(index, place)) return undefined;
      return open || !foldable ? to(row + 1) : 'fold';
    case 'ArrowLeft': {
      if (foldable && open && hasChildren(index, place)) return 'fold';
      const above = rowOf(rows, index.parents[place] ?? -1);
      return above < 0 ? undefined : to(above);
    }
    default:
      return undefined;
  }
}
