import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { indexSpans, revealing, rowOf, visibleRows } from './span-index.ts';
import { matchingSpans } from './span-search.ts';
import { spans } from './testing.ts';
import type { TraceSpan } from './types.ts';
import { keyAction } from './waterfall-keys.ts';

const index = indexSpans(spans);
const open = { levels: 0, turned: new Set<string>() };

describe('the rows of a waterfall', () => {
  test('are all spans while nothing is folded', () => {
    expect([...visibleRows(index, open)]).toEqual([0, 1, 2, 3]);
    expect(index.deepest).toBe(2);
  });

  test('leave out what is beneath a folded span', () => {
    expect([...visibleRows(index, { levels: 0, turned: new Set(['POST /alert-rules']) })]).toEqual([0, 1, 3]);
    expect([...visibleRows(index, { levels: 1, turned: new Set() })]).toEqual([0, 3]);
    expect([...visibleRows(index, { levels: 1, turned: new Set(['define-alert-rule']) })]).toEqual([0, 1, 3]);
  });

  test('reveal a span by unfolding what is above it', () => {
    const folding = { levels: 1, turned: new Set<string>() };
    expect([...visibleRows(index, { levels: 1, turned: revealing(index, folding, 2) })]).toEqual([
      0, 1, 2, 3,
    ]);
  });

  test('are the matches of a search with what is above them', () => {
    const matches = matchingSpans(spans, 'all', 'somebody was FIRST');
    expect(matches).toEqual([2]);
    expect([...visibleRows(index, { levels: 1, turned: new Set() }, matches)]).toEqual([0, 1, 2]);
    expect(matchingSpans(spans, 'failed', '')).toEqual([1]);
    expect(matchingSpans(spans, 'all', ' ')).toBeUndefined();
  });

  test('are found by their place', () => {
    const rows = Int32Array.from([0, 3, 9]);
    expect([0, 3, 9, 5].map((place) => rowOf(rows, place))).toEqual([0, 1, 2, -1]);
  });
});

test('however spans are folded, each row follows one that is above it, and all come back', () => {
  const anyDepths = fc.array(fc.nat(5), { maxLength: 60 });
  fc.assert(
    fc.property(anyDepths, fc.nat(6), (steps, levels) => {
      let depth = -1;
      const tree: TraceSpan[] = steps.map((step, place) => {
        depth = Math.min(step, depth + 1);
        return { id: `${place}`, depth, name: '', kind: 'segment', service: '', start: 0 };
      });
      const indexed = indexSpans(tree);
      const rows = visibleRows(indexed, { levels, turned: new Set() });
      for (const place of rows) {
        const above = indexed.parents[place] ?? -1;
        expect(above === -1 || rowOf(rows, above) >= 0).toBe(true);
        if (levels > 0) expect(tree[place]?.depth).toBeLessThan(levels);
      }
      expect(visibleRows(indexed, open)).toHaveLength(tree.length);
    }),
  );
});

describe('a key in the tree', () => {
  const rows = visibleRows(index, open);
  const press = (key: string, row: number, more: { open?: boolean; foldable?: boolean } = {}) =>
    keyAction({ key, row, rows, index, open: true, foldable: true, page: 2, ...more });

  test('moves within the rows', () => {
    expect(['ArrowDown', 'ArrowUp', 'Home', 'End', 'PageDown', 'PageUp'].map((key) => press(key, 1))).toEqual(
      [2, 0, 0, 3, 3, 0].map((move) => ({ move })),
    );
    expect(press('ArrowDown', 3)).toEqual({ move: 3 });
  });

  test('folds, unfolds, and goes up and down the tree', () => {
    expect(press('ArrowLeft', 1)).toBe('fold');
    expect(press('ArrowLeft', 2)).toEqual({ move: 1 });
    expect(press('ArrowRight', 1)).toEqual({ move: 2 });
    expect(press('ArrowRight', 1, { open: false })).toBe('fold');
    expect(press('ArrowRight', 2)).toBeUndefined();
    expect(press('ArrowLeft', 3)).toBeUndefined();
    expect(press('ArrowLeft', 1, { foldable: false })).toEqual({ move: 0 });
  });

  test('opens details, and leaves other keys alone', () => {
    expect(press('Enter', 0)).toBe('open');
    expect(press('x', 0)).toBeUndefined();
    expect(press('Enter', 9)).toBeUndefined();
  });
});
