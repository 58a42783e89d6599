import { defaultRangeExtractor, observeElementRect, useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef } from 'react';
import { type RowOrder, type SortValue, sortRows } from './virtual-rows.ts';

/** Height of a closed row and of the heading, with the line below, in pixels. */
const rowHeight = 33;
const headerRoom = 33;

/** The rows in the order that the table shows. */
export function useOrdered<Row>(
  rows: readonly Row[],
  columns: readonly { id: string; sort?: (row: Row) => SortValue }[],
  order: RowOrder | undefined,
): readonly Row[] {
  const by = columns.find(({ id }) => id === order?.column)?.sort;
  const descending = order?.descending ?? false;
  return useMemo(() => (by ? sortRows(rows, by, descending) : rows), [rows, by, descending]);
}

/** Finds which rows are in sight. The active one always exists, so that it keeps the focus wherever one scrolls. */
export function useVirtualRows<Row>(given: {
  ordered: readonly Row[];
  rowKey: (row: Row) => string | number;
  active: number;
  height: number;
}) {
  const { ordered, rowKey, active, height } = given;
  const frame = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer<HTMLDivElement, Element>({
    count: ordered.length,
    getScrollElement: () => frame.current,
    getItemKey: (index) => {
      const row = ordered[index];
      return row === undefined ? index : rowKey(row);
    },
    estimateSize: () => rowHeight,
    // Rows without a layout, as before the first paint, have the height of closed ones.
    measureElement: (element) => Math.round(element.getBoundingClientRect().height) || rowHeight,
    observeElementRect: (instance, tell) =>
      observeElementRect(instance, (rect) => tell({ ...rect, height: rect.height || height })),
    initialRect: { width: 0, height },
    overscan: 10,
    scrollMargin: headerRoom,
    scrollPaddingStart: headerRoom,
    rangeExtractor: (range) => {
      const indexes = defaultRangeExtractor(range);
      if (indexes.includes(active) || active >= range.count) return indexes;
      return [...indexes, active].sort((left, right) => left - right);
    },
  });
  return { frame, virtualizer, headerRoom };
}
