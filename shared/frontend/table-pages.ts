import { useState } from 'react';

/** Rows on one page of a table: a browser draws so many at once, and people look through so many. */
export const pageSizes = [25, 50, 100] as const;

export interface TablePages<Item> {
  /** The rows of the page that is shown. */
  rows: readonly Item[];
  /** From 1. */
  page: number;
  count: number;
  /** The page that is shown has no room for further rows. */
  isFull: boolean;
  go: (page: number) => void;
}

/**
 * Cuts the rows of a list into pages. A page beyond the last one is the last until more rows have come, so that whoever
 * asks for more lands where they begin. Another `list`, by its name, begins at its first page.
 */
export function useTablePages<Item>(rows: readonly Item[], size: number, list: string): TablePages<Item> {
  const [wanted, setWanted] = useState({ list, page: 1 });
  const count = Math.max(1, Math.ceil(rows.length / size));
  const page = wanted.list === list ? Math.min(wanted.page, count) : 1;
  const shown = rows.slice((page - 1) * size, page * size);
  return {
    rows: shown,
    page,
    count,
    isFull: shown.length === size,
    go: (next) => setWanted({ list, page: next }),
  };
}
