import { observeElementRect, useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type MouseEvent, useEffect, useRef, useState } from 'react';
import { type Folding, hasChildren, isOpen, rowOf, type SpanIndex } from './span-index.ts';
import type { Zoom } from './trace-state.ts';
import { keyAction } from './waterfall-keys.ts';
import { rowHeight, rowIdOf, WaterfallRow } from './waterfall-row.tsx';
import { WaterfallRuler } from './waterfall-ruler.tsx';
import './waterfall.css';

/** In pixels. */
const usualHeight = 600;

/** A table whose rows fold, and which has the focus as a whole. */
function treeGrid(rowCount: number, activeRow: string) {
  return {
    role: 'treegrid',
    tabIndex: 0,
    'aria-label': 'Spans',
    'aria-rowcount': rowCount,
    'aria-activedescendant': activeRow,
  };
}

/**
 * The spans of a trace as a tree beside their bars in time. Only the rows in sight are drawn. The grid holds the focus
 * and names the active row, so that a row that scrolls away does not take the focus with it.
 */
export function Waterfall(props: {
  index: SpanIndex;
  rows: Int32Array;
  folding: Folding;
  /** The places that a search has found; without one, every row is shown for itself. */
  found: ReadonlySet<number> | undefined;
  colors: ReadonlyMap<string, string>;
  zoom: Zoom;
  selected: string;
  onZoom: (zoom: Zoom) => void;
  onFold: (id: string) => void;
  onSelect: (id: string) => void;
}) {
  const { index, rows, folding, found, colors, zoom, selected, onFold, onSelect } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [activePlace, setActivePlace] = useState(() => index.places.get(selected) ?? 0);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    // Before there is a layout, as many rows are drawn as a window has room for.
    observeElementRect: (instance, tell) =>
      observeElementRect(instance, (rect) => tell({ ...rect, height: rect.height || usualHeight })),
    initialRect: { width: 0, height: usualHeight },
  });
  const drawn = virtual.getVirtualItems();
  // Rows that scroll away lend their elements to those that come: to make new ones takes several times as long.
  const slots = 2 ** Math.ceil(Math.log2(drawn.length + 1));
  const activeRow = Math.max(0, rowOf(rows, activePlace));

  const selectedPlace = index.places.get(selected);
  useEffect(() => {
    if (selectedPlace === undefined) return;
    setActivePlace(selectedPlace);
    const row = rowOf(rows, selectedPlace);
    if (row >= 0) virtual.scrollToIndex(row);
  }, [selectedPlace, rows, virtual]);

  const act = (row: number, action: ReturnType<typeof keyAction>): void => {
    const span = index.spans[rows[row] ?? -1];
    if (!action || !span) return;
    if (action === 'fold') onFold(span.id);
    else if (action === 'open') onSelect(span.id);
    else {
      setActivePlace(rows[action.move] ?? 0);
      virtual.scrollToIndex(action.move);
    }
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const span = index.spans[rows[activeRow] ?? -1];
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 1);
    const open = span !== undefined && isOpen(folding, span);
    const action = keyAction({ key: event.key, row: activeRow, rows, index, open, foldable: !found, page });
    if (!action) return;
    event.preventDefault();
    act(activeRow, action);
  };

  const onClick = (event: MouseEvent): void => {
    const target = event.target instanceof Element ? event.target : undefined;
    const row = Number(target?.closest<HTMLElement>('[data-row]')?.dataset['row'] ?? -1);
    if (row < 0) return;
    setActivePlace(rows[row] ?? 0);
    act(row, target?.closest('[data-fold]') && !found ? 'fold' : 'open');
  };

  return (
    <div className="skafu-waterfall">
      <div className="skafu-span-heading" aria-hidden="true">
        <div className="skafu-span-name">Span</div>
        <WaterfallRuler zoom={zoom} onZoom={props.onZoom} />
        <div className="skafu-span-length">Length</div>
      </div>
      <div ref={scroller} className="skafu-span-scroller">
        <table
          {...treeGrid(rows.length + 1, rowIdOf(activeRow))}
          style={{ blockSize: virtual.getTotalSize() }}
          onKeyDown={onKeyDown}
          onClick={onClick}
        >
          <thead className="skafu-unseen">
            <tr aria-rowindex={1}>
              <th scope="col">Span</th>
              <th scope="col">Time</th>
              <th scope="col">Length</th>
            </tr>
          </thead>
          <tbody>
            {drawn.map(({ index: row, start }) => {
              const place = rows[row] ?? 0;
              const span = index.spans[place];
              if (!span) return null;
              return (
                <WaterfallRow
                  key={row % slots}
                  span={span}
                  row={row}
                  top={start}
                  color={colors.get(span.service) ?? 'currentcolor'}
                  zoom={zoom}
                  open={hasChildren(index, place) ? found !== undefined || isOpen(folding, span) : undefined}
                  active={row === activeRow}
                  selected={span.id === selected}
                  aside={found !== undefined && !found.has(place)}
                />
              );
            })}
          </tbody>
        </table>
      </div>
    </div>
  );
}
