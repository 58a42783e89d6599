import { setTimeout } from 'node:timers/promises';
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
const WORTH_A_PREVIEW = 50_000;
/** The part of the time that a preview covers: small beside the whole, so that it costs little. */
const PREVIEW = 16;
/** A query that is quicker shows its answer at once. */
const PATIENCE_MILLISECONDS = 300;

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

/** The answer of the newest lines; undefined where all lines are soon read anyway. */
async function preview(reader: LogReader, query: CompiledQuery, range: Range): Promise<Answer | undefined> {
  const { records, first, last } = await scan(reader, range);
  if (records < WORTH_A_PREVIEW) return undefined;
  const newest = { ...range, from: Math.ceil(last - (last - first) / PREVIEW) };
  const { results, matched } = await readRows(reader, query, newest);
  return { results, statistics: statisticsOf(query, await scan(reader, newest), results, matched) };
}

/** True when `work` takes longer than a reader should wait without seeing anything. */
async function isSlow(work: Promise<unknown>): Promise<boolean> {
  const waiting = new AbortController();
  const patience = setTimeout(PATIENCE_MILLISECONDS, true, { signal: waiting.signal });
  try {
    return await Promise.race([work.then(() => false), patience]);
  } finally {
    waiting.abort();
    // The abort itself ends the wait, and is no failure.
    patience.catch(() => undefined);
  }
}

/**
 * Answers a query, and publishes on the way what is true already: of a query that takes long first the answer of the
 * newest lines, then all rows before those that matched are counted. Statements run outside of the event loop, and
 * end when their reader is interrupted; `open` gives a second one, which whoever interrupts must know too.
 */
export async function execute(
  reader: LogReader,
  open: () => Promise<LogReader>,
  query: CompiledQuery,
  range: Range,
  publish: (answer: Answer) => void,
): Promise<void> {
  const whole = readRows(reader, query, range);
  try {
    if (await isSlow(whole)) {
      const newest = await preview(await open(), query, range);
      if (newest) publish(newest);
    }
  } finally {
    // Whatever became of the preview: nobody may close a reader that still reads.
    await whole.catch(() => undefined);
  }
  const { results, matched } = await whole;
  const statistics = statisticsOf(query, await scan(reader, range), results, matched);
  publish({ results, statistics });
  if (query.matched === undefined || matched !== undefined) return;
  publish({
    results,
    statistics: { ...statistics, recordsMatched: await countMatched(reader, query, range) },
  });
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
