import { useCallback, useMemo, useState } from 'react';
import { pageSizes } from './table-pages.ts';
import { oneOf, text, useUrlState } from './url-state.ts';

/** How a person likes a table to look. It belongs to the person, so it stays in the browser and not in the address. */
export interface TablePreferences {
  wrapLines: boolean;
  stripedRows: boolean;
  density: 'comfortable' | 'compact';
  pageSize: number;
  /** The columns in the person's order. */
  columns: readonly ColumnDisplay[];
}

export interface ColumnDisplay {
  id: string;
  visible: boolean;
}

interface SortableColumn<Item> {
  id: string;
  sort?: (item: Item) => string | number;
  hiddenAtFirst?: boolean;
}

/** The order of rows is part of the view and can be shared, so it stands in the address. */
export const sortKeys = { sort: text(), order: oneOf(['ascending', 'descending'], 'ascending') } as const;

/** The preferences of the table `id`, kept in this browser, and the order of its rows, kept in the address. */
export function useTablePreferences<Item>(id: string, columns: readonly SortableColumn<Item>[]) {
  const [stored, setStored] = useState<TablePreferences>(() => ({
    ...defaultsOf(columns),
    ...readStored(id),
  }));
  const [{ sort, order }, changeSort] = useUrlState(sortKeys);
  const sorted = columns.find((column) => column.id === sort && column.sort);
  const descending = order === 'descending';
  const change = useCallback(
    (next: TablePreferences) => {
      setStored(next);
      localStorage.setItem(storageKey(id), JSON.stringify(next));
    },
    [id],
  );
  const orderRows = useMemo(() => {
    const by = sorted?.sort;
    if (!by) return (items: readonly Item[]) => items;
    return (items: readonly Item[]) =>
      [...items].sort((left, right) => compare(by(left), by(right)) * (descending ? -1 : 1));
  }, [sorted, descending]);
  return {
    value: { ...stored, columns: displayOf(stored.columns, columns), descending },
    change,
    order: orderRows,
    sort: (column: string | undefined, down: boolean | undefined) =>
      changeSort({ sort: column ?? '', order: down ? 'descending' : 'ascending' }),
    sortingColumn: { sortingField: sorted?.id ?? '' },
  };
}

/** The person's order and choice, without columns that are gone and with those that are new. */
function displayOf<Item>(
  stored: readonly ColumnDisplay[],
  columns: readonly SortableColumn<Item>[],
): readonly ColumnDisplay[] {
  const kept = stored.filter(({ id }) => columns.some((column) => column.id === id));
  const added = columns.filter((column) => !kept.some(({ id }) => id === column.id));
  return [...kept, ...added.map((column) => ({ id: column.id, visible: !column.hiddenAtFirst }))];
}

function compare(left: string | number, right: string | number): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  return String(left).localeCompare(String(right), 'en', { numeric: true });
}

function defaultsOf<Item>(columns: readonly SortableColumn<Item>[]): TablePreferences {
  return {
    wrapLines: true,
    stripedRows: false,
    density: 'comfortable',
    pageSize: pageSizes[1],
    columns: columns.map((column) => ({ id: column.id, visible: !column.hiddenAtFirst })),
  };
}

function storageKey(id: string): string {
  return `skafu.table.${id}`;
}

function readStored(id: string): Partial<TablePreferences> {
  try {
    const parsed: unknown = JSON.parse(localStorage.getItem(storageKey(id)) ?? '{}');
    // What an older console stored in another form is of no use.
    return isPreferences(parsed) ? parsed : {};
  } catch {
    return {}; // Edited by hand: the defaults are as good.
  }
}

function isPreferences(value: unknown): value is TablePreferences {
  return typeof value === 'object' && value !== null && 'columns' in value && Array.isArray(value.columns);
}
