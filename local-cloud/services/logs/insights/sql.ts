import { type DuckDBValue, listValue } from '@duckdb/node-api';
import type { Span } from './malformed.ts';

/** What an expression yields. `any` is the text of a JSON value, which is a number where a number is asked for. */
export type Type = 'number' | 'text' | 'boolean' | 'time' | 'any';

export interface Sql {
  sql: string;
  type: Type;
}

/** The values of one statement. Equal values share a parameter, so that DuckDB sees equal expressions as one. */
export class Bindings {
  readonly values: Record<string, DuckDBValue> = {};
  /** Regular expressions among the values: only RE2 itself can tell whether they are sound. */
  readonly patterns = new Map<string, Span>();
  readonly #names = new Map<string, string>();

  bind(value: string | number | bigint | readonly string[]): string {
    const key = Array.isArray(value) ? JSON.stringify(value) : `${typeof value}:${value}`;
    const known = this.#names.get(key);
    if (known) return known;
    const name = `p${this.#names.size}`;
    this.values[name] = typeof value === 'object' ? listValue([...value]) : value;
    this.#names.set(key, `$${name}`);
    return `$${name}`;
  }

  bindPattern(source: string, at: Span): string {
    this.patterns.set(source, at);
    return this.bind(source);
  }
}

const TIME_TEXT = "'%Y-%m-%d %H:%M:%S.%g'";

/** A number as CloudWatch writes it: whole where it is whole, else four decimals at most. */
function numberText(sql: string): string {
  return `(CASE WHEN abs(${sql}) < 1e15 AND ${sql} = round(${sql}) THEN CAST(${sql} AS BIGINT)::VARCHAR ELSE round(${sql}, 4)::VARCHAR END)`;
}

export function asText({ sql, type }: Sql): string {
  switch (type) {
    case 'number':
      return numberText(sql);
    case 'time':
      return `strftime(make_timestamp_ms(${sql}), ${TIME_TEXT})`;
    case 'boolean':
      return `(CASE ${sql} WHEN true THEN '1' WHEN false THEN '0' END)`;
    default:
      return sql;
  }
}

export function asNumber({ sql, type }: Sql): string {
  switch (type) {
    case 'number':
      return sql;
    case 'time':
      return `(${sql})::DOUBLE`;
    case 'boolean':
      return `(${sql})::INTEGER::DOUBLE`;
    default:
      return `TRY_CAST(${sql} AS DOUBLE)`;
  }
}

export function asBoolean({ sql, type }: Sql): string {
  switch (type) {
    case 'boolean':
      return sql;
    case 'number':
    case 'time':
      return `(${sql} <> 0)`;
    default:
      return `(${sql} NOT IN ('', '0', 'false'))`;
  }
}

/** The last time there is, as in JavaScript. */
const MOST_MILLISECONDS = '8.64e15';

/** Milliseconds since the epoch; what is no whole number of them is cut, and what is no time is no value. */
export function asTime(value: Sql): string {
  if (value.type === 'time') return value.sql;
  const milliseconds = `trunc(${asNumber(value)})`;
  return `(CASE WHEN abs(${milliseconds}) <= ${MOST_MILLISECONDS} THEN ${milliseconds}::BIGINT END)`;
}

/** Numbers first, in their order; then texts in theirs. */
export function orderBy(value: Sql, isDescending: boolean): string {
  const direction = isDescending ? 'DESC NULLS LAST' : 'ASC NULLS LAST';
  return value.type === 'any'
    ? `TRY_CAST(${value.sql} AS DOUBLE) ${direction}, ${value.sql} ${direction}`
    : `${value.sql} ${direction}`;
}
