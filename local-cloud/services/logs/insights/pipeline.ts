import type { Use } from './fields.ts';
import type { Sql } from './sql.ts';

/** A name of the query, as SQL over the rows it stands in. Compiled at each use: what is shown is computed last. */
export type Definition = (use: Use) => Sql;

/** The rows between two commands: a relation, what is asked of it, and what its names mean. */
export interface Rows {
  from: string;
  where: string[];
  order: string[];
  limit: number | undefined;
  names: Map<string, Definition>;
  /** What `fields` and `display` asked to see since the rows began. */
  shown: string[];
  /** False behind a `stats`: its results have no message and no pointer. */
  areLines: boolean;
  /** Results of a `stats` carry how many lines went into all of them in a column `matched`. */
  isMatchedTold: boolean;
}

export function whereOf({ where }: Rows): string {
  return where.length > 0 ? ` WHERE ${where.join(' AND ')}` : '';
}

/** Lines are in order of time, newest first, unless sorted; results of `stats` have no order of their own. */
export function orderOf({ order, areLines }: Rows): string {
  const keys = areLines ? [...order, 'time DESC', 'sequence DESC'] : order;
  return keys.length > 0 ? ` ORDER BY ${keys.join(', ')}` : '';
}

/** Ends what was asked so far, so that the next command sees its result. The order stays. */
export function settle(rows: Rows): void {
  const limit = rows.limit === undefined ? '' : `${orderOf(rows)} LIMIT ${rows.limit}`;
  rows.from = `(SELECT * FROM ${rows.from}${whereOf(rows)}${limit})`;
  rows.where = [];
  rows.limit = undefined;
}
