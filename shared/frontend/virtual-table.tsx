import {
  colorBackgroundCellShaded,
  colorBackgroundContainerContent,
  colorBorderDividerDefault,
  colorBorderItemFocused,
} from '@cloudscape-design/design-tokens';
import type { VirtualItem } from '@tanstack/react-virtual';
import { type CSSProperties, type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { useOrdered, useVirtualRows } from './use-virtual-rows.ts';
import { VirtualHeader } from './virtual-header.tsx';
import type { RowOrder, SortValue } from './virtual-rows.ts';
import './virtual-table.css';

/** One column as data. */
export interface VirtualColumn<Row> {
  id: string;
  header: string;
  cell: (row: Row) => ReactNode;
  /** What to order by; columns without it cannot be sorted. */
  sort?: (row: Row) => SortValue;
  /** In pixels; columns without it share what is left. */
  width?: number;
}

/** The least width of a column that shares, the width of the button that opens a row, and what is between them. */
const leastWidth = 240;
const openerWidth = 28;
const gap = 12;

/** How far one press of a key leads from row to row. */
const steps: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: 15,
  PageUp: -15,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};

interface Props<Row> {
  /** Names the table for assistive technology. */
  label: string;
  columns: readonly VirtualColumn<Row>[];
  rows: readonly Row[];
  /** Tells a row from the others, also in another order. */
  rowKey: (row: Row) => string | number;
  /** Opens a row and shows this below it. */
  details?: (row: Row) => ReactNode;
  /** Names a row in the label of the button that opens it. */
  rowName?: (row: Row) => string;
  order: RowOrder | undefined;
  onOrder: (order: RowOrder) => void;
  /** The most that it takes, in pixels; few rows take less. */
  height?: number;
}

/**
 * A table that stays quick with hundreds of thousands of rows, since only those in sight exist; assistive technology is
 * told of all. With `details` a row opens, and arrow keys, Page Up and Down, Home and End lead from row to row.
 */
export function VirtualTable<Row>(props: Props<Row>) {
  const { label, columns, rows, rowKey, details, rowName, order, onOrder, height = 560 } = props;
  const [open, setOpen] = useState<ReadonlySet<string | number>>(new Set());
  const [chosen, setActive] = useState(0);
  const ordered = useOrdered(rows, columns, order);
  const active = Math.max(0, Math.min(chosen, ordered.length - 1));
  const { frame, virtualizer, headerRoom } = useVirtualRows({ ordered, rowKey, active, height });
  const focusIsDue = useRef(false);
  useEffect(() => {
    if (!focusIsDue.current) return;
    const opener = frame.current?.querySelector<HTMLElement>(`[data-index="${active}"] [aria-expanded]`);
    opener?.focus({ preventScroll: true });
    focusIsDue.current = false;
  }, [active, frame]);

  const walk = (event: KeyboardEvent): void => {
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = Math.min(Math.max(active + step, 0), ordered.length - 1);
    focusIsDue.current = next !== active;
    setActive(next);
    virtualizer.scrollToIndex(next);
  };
  const toggle = (key: string | number): void => {
    const next = new Set(open);
    if (!next.delete(key)) next.add(key);
    setOpen(next);
  };

  const grid = { gridTemplateColumns: tracksOf(columns, details !== undefined) };
  const total = virtualizer.getTotalSize() + headerRoom;
  return (
    <div ref={frame} className="skafu-virtual" style={{ ...colors, blockSize: Math.min(height, total + 2) }}>
      <table
        aria-label={label}
        aria-rowcount={ordered.length + 1}
        style={{ blockSize: total, minInlineSize: leastInlineOf(columns) }}
      >
        <VirtualHeader {...{ columns, grid, order, onOrder }} opens={details !== undefined} />
        {virtualizer.getVirtualItems().map((item) => {
          const row = ordered[item.index];
          if (row === undefined) return null;
          const key = rowKey(row);
          return (
            <VirtualRow
              key={key}
              {...{ item, row, columns, grid, details }}
              name={rowName?.(row) ?? `row ${item.index + 1}`}
              isOpen={open.has(key)}
              isActive={item.index === active}
              measure={virtualizer.measureElement}
              onToggle={() => toggle(key)}
              onFocus={() => setActive(item.index)}
              onKeyDown={walk}
            />
          );
        })}
      </table>
    </div>
  );
}

function VirtualRow<Row>(props: {
  item: VirtualItem;
  row: Row;
  columns: readonly VirtualColumn<Row>[];
  grid: CSSProperties;
  details: ((row: Row) => ReactNode) | undefined;
  name: string;
  isOpen: boolean;
  isActive: boolean;
  measure: (element: Element | null) => void;
  onToggle: () => void;
  onFocus: () => void;
  onKeyDown: (event: KeyboardEvent) => void;
}) {
  const { item, row, columns, grid, details, name, isOpen, isActive, measure } = props;
  return (
    <tbody
      ref={measure}
      data-index={item.index}
      data-open={isOpen || undefined}
      style={{ transform: `translateY(${item.start}px)` }}
    >
      <tr aria-rowindex={item.index + 2} style={grid}>
        {details ? (
          <td>
            <button
              type="button"
              data-virtual="opener"
              aria-expanded={isOpen}
              aria-label={`Details of ${name}`}
              tabIndex={isActive ? 0 : -1}
              onClick={props.onToggle}
              onFocus={props.onFocus}
              onKeyDown={props.onKeyDown}
            >
              <span aria-hidden="true">{isOpen ? '▾' : '▸'}</span>
            </button>
          </td>
        ) : null}
        {columns.map((column) => (
          <td key={column.id}>{column.cell(row)}</td>
        ))}
      </tr>
      {isOpen && details ? (
        <tr className="skafu-virtual-details">
          <td colSpan={columns.length + 1}>{details(row)}</td>
        </tr>
      ) : null}
    </tbody>
  );
}

const colors = {
  '--skafu-virtual-surface': colorBackgroundContainerContent,
  '--skafu-virtual-line': colorBorderDividerDefault,
  '--skafu-virtual-hover': colorBackgroundCellShaded,
  '--skafu-virtual-focus': colorBorderItemFocused,
} as CSSProperties;

function tracksOf(columns: readonly { width?: number }[], opens: boolean): string {
  const tracks = columns.map(({ width }) => (width ? `${width}px` : `minmax(${leastWidth}px, 1fr)`));
  return [...(opens ? [`${openerWidth}px`] : []), ...tracks].join(' ');
}

function leastInlineOf(columns: readonly { width?: number }[]): number {
  return columns.reduce((sum, { width = leastWidth }) => sum + width + gap, openerWidth + 2 * gap);
}
