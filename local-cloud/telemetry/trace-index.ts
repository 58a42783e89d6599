import type { DuckDBConnection } from '@duckdb/node-api';
import type { Logger } from '../core/logger.ts';
import type { Database } from './database.ts';
import type { Span } from './segment-spans.ts';
import { readSpanRows } from './trace-reads.ts';
import { summarize, type TraceRows } from './trace-summary.ts';
import { appendRows, type Row } from './write-buffer.ts';

/** So many new spans are looked at in one step, between which others have their turn. */
const SPANS_PER_STEP = 20_000;
const SHORTEST_DELAY_MILLISECONDS = 1_000;
/** Traces that go on coming in are derived again and again; this bounds the share of time that it takes. */
const DELAY_BY_DURATION = 10;

const NEW_TRACES = `SELECT DISTINCT trace_id FROM trace_spans WHERE sequence > $from AND sequence <= $to`;
const DERIVED = ['trace_summaries', 'trace_calls', 'trace_values'];

/** Keeps the derived tables up with the spans that come in. */
export interface TraceIndex {
  /** Says that spans were recorded: within seconds they are looked at. */
  notice(): void;
  /** Everything written before this call is in the derived tables when it resolves. */
  refresh(): Promise<void>;
  /** Runs what must not meet a refresh. */
  alone(work: (connection: DuckDBConnection) => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

/** Where it stands is read from the tables themselves, so that nothing is missed after a crash. */
export async function openTraceIndex(
  database: Database,
  flush: () => Promise<void>,
  logger: Logger,
): Promise<TraceIndex> {
  const connection = await database.instance.connect();
  let done = await highest(connection, 'SELECT max(revision) FROM trace_summaries');
  let queue: Promise<void> = Promise.resolve();
  let waiting: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let delay = SHORTEST_DELAY_MILLISECONDS;
  let isClosed = false;

  async function catchUp(): Promise<void> {
    await flush();
    const began = performance.now();
    const until = await highest(connection, 'SELECT max(sequence) FROM trace_spans');
    while (done < until) done = await step(connection, done);
    delay = Math.max(SHORTEST_DELAY_MILLISECONDS, (performance.now() - began) * DELAY_BY_DURATION);
  }

  function enqueue(work: () => Promise<void>): Promise<void> {
    const next = queue.then(work);
    queue = next.catch(() => undefined);
    return next;
  }

  /** Those who ask while one waits for its turn share it: it will see what they have recorded. */
  function refresh(): Promise<void> {
    waiting ??= enqueue(() => {
      waiting = undefined;
      return catchUp();
    });
    return waiting;
  }

  return {
    notice() {
      if (isClosed) return;
      timer ??= setTimeout(() => {
        timer = undefined;
        refresh().catch((error: unknown) =>
          logger.error('Traces could not be summarized.', { reason: String(error) }),
        );
      }, delay);
    },
    refresh,
    alone: (work) => enqueue(() => work(connection)),
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await queue;
      connection.closeSync();
    },
  };
}

export async function highest(connection: DuckDBConnection, query: string): Promise<bigint> {
  const [row] = (await connection.runAndReadAll(query)).getRows();
  return typeof row?.[0] === 'bigint' ? row[0] : 0n;
}

/** Derives the traces of the next new spans anew, all or none. Answers how far it has come. */
async function step(connection: DuckDBConnection, from: bigint): Promise<bigint> {
  const to = await highest(
    connection,
    `SELECT max(sequence) FROM (
       SELECT sequence FROM trace_spans WHERE sequence > ${from} ORDER BY sequence LIMIT ${SPANS_PER_STEP})`,
  );
  const traces = new Map<string, Span[]>();
  for (const span of await readSpanRows(connection, `trace_id IN (${NEW_TRACES})`, { from, to })) {
    const spans = traces.get(span.traceId);
    if (spans) spans.push(span);
    else traces.set(span.traceId, [span]);
  }
  const rows = [...traces].map(([traceId, spans]) => summarize(traceId, to, spans));
  await replace(connection, { from, to }, rows);
  return to;
}

async function replace(
  connection: DuckDBConnection,
  range: { from: bigint; to: bigint },
  rows: readonly TraceRows[],
): Promise<void> {
  await connection.run('BEGIN');
  try {
    for (const table of DERIVED) {
      await connection.run(`DELETE FROM ${table} WHERE trace_id IN (${NEW_TRACES})`, range);
    }
    const tables: [string, Row[]][] = [
      ['trace_summaries', rows.map(({ summary }) => summary)],
      ['trace_calls', rows.flatMap(({ calls }) => calls)],
      ['trace_values', rows.flatMap(({ values }) => values)],
    ];
    for (const [table, all] of tables) await appendRows(connection, table, all);
    await connection.run('COMMIT');
  } catch (error) {
    await connection.run('ROLLBACK');
    throw error;
  }
}
