/** What rows are ordered by. */
export type SortValue = string | number;

/** The order of a table's rows: by which column, and which way. */
export interface RowOrder {
  column: string;
  descending: boolean;
}

/**
 * A row's place in another order, for tables of a hundred thousand rows: every value is read once, numbers and texts
 * that are numbers compare as such, and equal rows keep their places.
 */
export function sortRows<Row>(
  rows: readonly Row[],
  by: (row: Row) => SortValue,
  descending: boolean,
): readonly Row[] {
  const keyed = rows.map((row) => ({ row, key: keyOf(by(row)) }));
  const direction = descending ? -1 : 1;
  keyed.sort((left, right) => compare(left.key, right.key) * direction);
  return keyed.map(({ row }) => row);
}

function keyOf(value: SortValue): SortValue {
  if (typeof value === 'number' || value.trim() === '') return value;
  const number = Number(value);
  return Number.isNaN(number) ? value : number;
}

/** Numbers come before texts; texts compare by code units, which orders times and is quick. */
function compare(left: SortValue, right: SortValue): number {
  if (typeof left === typeof right) return left < right ? -1 : left > right ? 1 : 0;
  return typeof left === 'number' ? -1 : 1;
}
