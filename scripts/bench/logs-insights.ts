import { mkdirSync } from 'node:fs';
import type { DuckDBValue } from '@duckdb/node-api';
import { createTestCloud } from '../../local-cloud/core/testing.ts';
import { compileQuery } from '../../local-cloud/services/logs/insights/compile.ts';
import { execute } from '../../local-cloud/services/logs/insights/execute.ts';
import { type LogReader, openTelemetry } from '../../local-cloud/telemetry/index.ts';
import { type LogLoad, writeLogLines } from './log-lines.ts';
import { median } from './statistics.ts';

/** A query of Logs Insights beside SQL written by hand for the same answer. Times in milliseconds. */
export interface InsightsFigure {
  readonly name: string;
  /** Until the rows stand, when they can be asked for. */
  readonly rows: number;
  /** Until the query is complete, with the counts that CloudWatch tells: scanned, matched, bytes. */
  readonly complete: number;
  /** The rows by hand. */
  readonly raw: number;
  /** The rows and the same counts by hand. */
  readonly rawWithCounts: number;
  /** Rate of our rows through rate of those by hand; median over the rounds. */
  readonly rowsRatio: number;
  /** The same of all the work. */
  readonly ratio: number;
}

interface Contest {
  readonly name: string;
  readonly query: string;
  readonly rows: string;
  /** Counts the lines that match, where that is not told with the rows. */
  readonly matched?: string;
}

const jsonText = (name: string) => `((CASE WHEN is_document THEN message END)->>'$.${name}')`;
const LINES = 'FROM log_lines WHERE group_name = $group AND time BETWEEN $from AND $to';
const ERRORS = `${LINES} AND ${jsonText('level')} = 'ERROR'`;
const PARSED = `${LINES} AND message LIKE '%user=%'`;
const STATUS = "regexp_extract(message, 'status=(.*?) took (.*?) ms', 1)";
const TOOK = "regexp_extract(message, 'status=(.*?) took (.*?) ms', 2)";

const CONTESTS: readonly Contest[] = [
  {
    name: 'fields | filter | sort | limit',
    query: 'fields @timestamp, level, duration | filter level = "ERROR" | sort @timestamp desc | limit 100',
    rows: `SELECT time, message->>'$.level', message->>'$.duration', sequence FROM (SELECT * ${ERRORS} ORDER BY time DESC LIMIT 100)`,
    matched: `SELECT count(*) ${ERRORS}`,
  },
  {
    name: 'stats count(*) by bin(5m)',
    query: 'stats count(*) by bin(5m)',
    rows: `SELECT time // 300000 * 300000, count(*) ${LINES} GROUP BY 1 ORDER BY 1 DESC LIMIT 1000`,
  },
  {
    name: 'stats pct(duration, 95) by bin(1m), level',
    query: 'stats pct(duration, 95) by bin(1m), level | limit 10000',
    rows: `SELECT time // 60000 * 60000, ${jsonText('level')}, quantile_cont(TRY_CAST(${jsonText('duration')} AS DOUBLE), 0.95)
      ${LINES} GROUP BY 1, 2 ORDER BY 1 DESC, 2 LIMIT 10000`,
  },
  {
    name: 'filter like | parse | stats',
    query:
      'filter @message like "user=" | parse @message "status=* took * ms" as status, took | stats count(*), avg(took) by status',
    rows: `SELECT ${STATUS}, count(*), avg(TRY_CAST(${TOOK} AS DOUBLE)) ${PARSED} GROUP BY 1 ORDER BY 1`,
  },
];

const SCANNED = `SELECT count(*), sum(size) ${LINES}`;

/** The values of those that a statement names. */
function valuesFor(statement: string, { group, from, to }: LogLoad): Record<string, DuckDBValue> {
  const all: Record<string, DuckDBValue> = { group, from: BigInt(from), to: BigInt(to) };
  return Object.fromEntries(Object.entries(all).filter(([name]) => statement.includes(`$${name}`)));
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** One for the query, and one for the preview of a query that takes long. */
interface Readers {
  reader: LogReader;
  second: LogReader;
}

/** Our query: when its rows stood, when it was complete, and how many rows it gave. */
async function runOurs({ reader, second }: Readers, query: string, load: LogLoad) {
  const started = performance.now();
  const compiled = compileQuery(query, { accountId: '0', region: 'r', groups: 1, limit: 1_000 });
  const range = { groups: [load.group], from: load.from, to: load.to };
  let rows = 0;
  let count = 0;
  await execute(
    reader,
    async () => second,
    compiled,
    range,
    ({ results, statistics }) => {
      // A preview covers less; the first answer that covers all has the rows.
      if (statistics.recordsScanned === load.lines && rows === 0) rows = performance.now() - started;
      count = results.length;
    },
  );
  return { rows, complete: performance.now() - started, count };
}

async function holdInsights(
  readers: Readers,
  { name, query, rows, matched }: Contest,
  load: LogLoad,
  rounds: number,
): Promise<InsightsFigure> {
  const { reader } = readers;
  const figures: { rows: number; complete: number; raw: number; rawWithCounts: number }[] = [];
  for (let round = -1; round < rounds; round += 1) {
    let given = 0;
    const byHand = async () => {
      const raw = await timed(async () => {
        given = (await reader.read(rows, valuesFor(rows, load))).length;
      });
      const counts = await timed(async () => {
        await reader.read(SCANNED, valuesFor(SCANNED, load));
        if (matched) await reader.read(matched, valuesFor(matched, load));
      });
      return { raw, rawWithCounts: raw + counts };
    };
    // Each goes first every other time.
    const first = round % 2 === 0 ? await byHand() : undefined;
    const { count, ...ours } = await runOurs(readers, query, load);
    const raw = first ?? (await byHand());
    if (count !== given) throw new Error(`${name}: ${count} rows, and ${given} by hand.`);
    if (round >= 0) figures.push({ ...ours, ...raw });
  }
  return {
    name,
    rows: median(figures.map((figure) => figure.rows)),
    complete: median(figures.map((figure) => figure.complete)),
    raw: median(figures.map((figure) => figure.raw)),
    rawWithCounts: median(figures.map((figure) => figure.rawWithCounts)),
    rowsRatio: median(figures.map((figure) => figure.raw / figure.rows)),
    ratio: median(figures.map((figure) => figure.rawWithCounts / figure.complete)),
  };
}

/** Loads log lines through the telemetry store, and compares Insights queries with SQL by hand on the same table. */
export async function measureLogsInsights(
  folder: string,
  rounds: number,
  lines = 1_000_000,
): Promise<{ linesPerSecond: number; figures: InsightsFigure[] }> {
  mkdirSync(folder, { recursive: true });
  const { logger, remove } = createTestCloud();
  const telemetry = await openTelemetry(folder, logger);
  try {
    const to = Math.floor(Date.now() / 60_000) * 60_000;
    const load = { group: '/bench/app', from: to - 24 * 3_600_000, to, lines };
    const loading = await timed(async () => {
      await writeLogLines(telemetry, load);
      await telemetry.logEvents({ group: load.group, limit: 1 });
    });
    const readers = { reader: await telemetry.logReader(), second: await telemetry.logReader() };
    try {
      const figures: InsightsFigure[] = [];
      for (const contest of CONTESTS) figures.push(await holdInsights(readers, contest, load, rounds));
      return { linesPerSecond: (lines / loading) * 1_000, figures };
    } finally {
      readers.reader.close();
      readers.second.close();
    }
  } finally {
    await telemetry.close();
    remove();
  }
}
