import type { DuckDBValue } from '@duckdb/node-api';
import type { LogReader } from '../../../telemetry/index.ts';
import type { CompiledQuery } from './compile.ts';
import { malformed } from './malformed.ts';
import { pointerTo } from './pointer.ts';

export interface ResultField {
  field: string;
  value: string;
}

export interface QueryStatistics {
  recordsMatched: number;
  recordsScanned: number;
  bytesScanned: number;
}

/** What is known of a query's answer: all of it, or that of its newest lines while the rest is being read. */
export interface Answer {
  results: ResultField[][];
  statistics: QueryStatistics;
}

export interface Range {
  groups: readonly string[];
  /** Epoch milliseconds, both inclusive. */
  from: number;
  to: number;
}

/** More lines than this take long enough that somebody may ask meanwhile. */
const WORTH_A_PREVIEW = 200_000;
/** The part of the time that a preview covers: small beside the whole, so that it costs little. */
const PREVIEW = 16;

function rangeValues({ groups, from, to }: Range) {
  return {
    ...Object.fromEntries(groups.map((group, index) => [`group${index}`, group])),
    from: BigInt(from),
    to: BigInt(to),
  };
}

async function scan(reader: LogReader, range: Range) {
  const groups = range.groups.map((_, index) => `$group${index}`).join(', ');
  const [row] = await reader.read(
    `SELECT count(*)::DOUBLE, coalesce(sum(size), 0)::DOUBLE, min(time)::DOUBLE, max(time)::DOUBLE
     FROM log_lines WHERE group_name IN (${groups}) AND time BETWEEN $from AND $to`,
    rangeValues(range),
  );
  const [records, bytes, first, last] = (row ?? []).map(Number);
  return { records: records ?? 0, bytes: bytes ?? 0, first: first ?? 0, last: last ?? 0 };
}

/** A field without a value is left out, as CloudWatch leaves it out. */
function resultOf(query: CompiledQuery, row: unknown[]): ResultField[] {
  const result: ResultField[] = [];
  query.fields.forEach((field, index) => {
    const value = row[index];
    if (value !== null && value !== undefined) result.push({ field, value: String(value) });
  });
  if (query.areLines) {
    const [group, time, sequence] = row.slice(query.fields.length);
    const value = pointerTo({ group: String(group), time: Number(time), sequence: Number(sequence) });
    result.push({ field: '@ptr', value });
  }
  return result;
}

interface Rows {
  results: ResultField[][];
  /** Undefined where the rows do not tell it. */
  matched: number | undefined;
}

/** The values that a statement reads: the database refuses those that it does not. */
function valuesOf(statement: string, query: CompiledQuery, range: Range): Record<string, DuckDBValue> {
  const all: Record<string, DuckDBValue> = { ...query.values, ...rangeValues(range) };
  const read = new Set(Array.from(statement.matchAll(/\$(\w+)/g), ([, name]) => name));
  return Object.fromEntries(Object.entries(all).filter(([name]) => read.has(name)));
}

async function readRows(reader: LogReader, query: CompiledQuery, range: Range): Promise<Rows> {
  const rows = await reader.read(query.rows, valuesOf(query.rows, query, range));
  const told = query.isMatchedTold ? rows[0]?.[query.fields.length] : undefined;
  return {
    results: rows.map((row) => resultOf(query, row)),
    matched: told === undefined ? undefined : Number(told),
  };
}

async function countMatched(reader: LogReader, query: CompiledQuery, range: Range): Promise<number> {
  const statement = query.matched ?? '';
  const [row] = await reader.read(statement, valuesOf(statement, query, range));
  return Number(row?.[0] ?? 0);
}

/**
 * Answers a query. On the way it yields what is true already: of many lines first the answer of the newest ones, then
 * all rows before those that matched are counted. Each statement runs outside of the event loop, and can be interrupted.
 */
export async function* execute(
  reader: LogReader,
  query: CompiledQuery,
  range: Range,
): AsyncGenerator<Answer, void> {
  const all = await scan(reader, range);
  if (all.records > WORTH_A_PREVIEW) {
    const from = Math.ceil(all.last - (all.last - all.first) / PREVIEW);
    const newest = { ...range, from };
    const scanned = await scan(reader, newest);
    const { results, matched } = await readRows(reader, query, newest);
    yield { results, statistics: statisticsOf(query, scanned, results, matched) };
  }
  const { results, matched } = await readRows(reader, query, range);
  const statistics = statisticsOf(query, all, results, matched);
  if (query.matched === undefined || matched !== undefined) {
    yield { results, statistics };
    return;
  }
  yield { results, statistics };
  const recordsMatched = await countMatched(reader, query, range);
  yield { results, statistics: { ...statistics, recordsMatched } };
}

/** Until those that matched are counted, at least the rows shown did. */
function statisticsOf(
  query: CompiledQuery,
  scanned: { records: number; bytes: number },
  results: ResultField[][],
  matched: number | undefined,
): QueryStatistics {
  const shown = query.areLines ? results.length : 0;
  return {
    recordsMatched: query.matched === undefined ? scanned.records : (matched ?? shown),
    recordsScanned: scanned.records,
    bytesScanned: scanned.bytes,
  };
}

/** Refuses the first of a query's regular expressions that the database does not understand, before anything is answered. */
export async function checkPatterns(reader: LogReader, { patterns }: CompiledQuery): Promise<void> {
  for (const [pattern, place] of patterns) {
    try {
      await reader.read("SELECT regexp_matches('', $pattern)", { pattern });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const cause = reason.replace(/^Invalid Input Error: /, '');
      throw malformed(`The regular expression is not understood: ${cause}.`, place);
    }
  }
}
