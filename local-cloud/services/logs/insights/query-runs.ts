import { randomUUID } from 'node:crypto';
import type { Logger } from '../../../core/logger.ts';
import type { LogReader, TelemetryStore } from '../../../telemetry/index.ts';
import type { CompiledQuery } from './compile.ts';
import { type Answer, execute, type Range } from './execute.ts';

export type QueryStatus = 'Scheduled' | 'Running' | 'Complete' | 'Failed' | 'Cancelled' | 'Timeout';

export interface QueryRun extends Answer {
  readonly id: string;
  readonly text: string;
  readonly groups: readonly string[];
  /** Epoch milliseconds. */
  readonly created: number;
  status: QueryStatus;
  /** Milliseconds until it ended, or until now. */
  duration(): number;
}

export interface QueryRuns {
  start(text: string, query: CompiledQuery, range: Range): QueryRun;
  get(id: string): QueryRun | undefined;
  /** Newest first. */
  all(): QueryRun[];
  /** False when it had ended already. */
  stop(id: string): boolean;
  /** How many have not ended. */
  pending(): number;
  /** Ends everything and waits for it. */
  close(): Promise<void>;
}

/** More would only take turns on the same processors. */
const AT_ONCE = 2;
const MOST_KEPT = 100;
const TIMEOUT_MILLISECONDS = 60 * 60_000;

interface Work {
  run: QueryRun;
  query: CompiledQuery;
  range: Range;
  readers: Set<LogReader>;
  end(status: QueryStatus): void;
}

interface Options {
  /** Milliseconds. */
  timeout?: number;
  /** Called when a query has ended, however it did. */
  ended?(run: QueryRun): void;
}

/** Runs queries, a few at a time and the others in the order in which they came, and keeps the newest results. */
export function createQueryRuns(
  store: TelemetryStore,
  logger: Logger,
  { timeout = TIMEOUT_MILLISECONDS, ended }: Options = {},
): QueryRuns {
  const runs = new Map<string, Work>();
  const waiting: Work[] = [];
  const working = new Set<Promise<void>>();

  const hasEnded = ({ run }: Work) => run.status !== 'Scheduled' && run.status !== 'Running';

  async function open(work: Work): Promise<LogReader> {
    const reader = await store.logReader();
    work.readers.add(reader);
    // Stopped while the reader was opened: there was nothing yet to interrupt.
    if (hasEnded(work)) throw new Error('The query has ended.');
    return reader;
  }

  async function perform(work: Work): Promise<void> {
    if (hasEnded(work)) return;
    work.run.status = 'Running';
    const timer = setTimeout(() => work.end('Timeout'), timeout);
    try {
      await execute(
        await open(work),
        () => open(work),
        work.query,
        work.range,
        (answer) => {
          if (!hasEnded(work)) Object.assign(work.run, answer);
        },
      );
      work.end('Complete');
    } catch (error) {
      // An interrupt is how a query ends that was stopped, and nothing to tell.
      if (hasEnded(work)) return;
      logger.warn('A query of logs failed.', { query: work.run.text, reason: String(error) });
      work.end('Failed');
    } finally {
      clearTimeout(timer);
      for (const reader of work.readers) reader.close();
      work.readers.clear();
    }
  }

  function next(): void {
    while (working.size < AT_ONCE) {
      const work = waiting.shift();
      if (!work) return;
      const performing = perform(work).finally(() => {
        working.delete(performing);
        next();
      });
      working.add(performing);
    }
  }

  function forgetOldest(): void {
    for (const [id, work] of runs) {
      if (runs.size <= MOST_KEPT) return;
      if (hasEnded(work)) runs.delete(id);
    }
  }

  return {
    start(text, query, range) {
      const created = Date.now();
      let endedAt: number | undefined;
      const run: QueryRun = {
        id: randomUUID(),
        text,
        groups: range.groups,
        created,
        status: 'Scheduled',
        results: [],
        statistics: { recordsMatched: 0, recordsScanned: 0, bytesScanned: 0 },
        duration: () => (endedAt ?? Date.now()) - created,
      };
      const work: Work = {
        run,
        query,
        range,
        readers: new Set(),
        end(status) {
          if (hasEnded(work)) return;
          run.status = status;
          endedAt = Date.now();
          for (const reader of work.readers) reader.interrupt();
          ended?.(run);
        },
      };
      runs.set(run.id, work);
      forgetOldest();
      waiting.push(work);
      next();
      return run;
    },
    get: (id) => runs.get(id)?.run,
    all: () => [...runs.values()].map(({ run }) => run).reverse(),
    stop(id) {
      const work = runs.get(id);
      if (!work || hasEnded(work)) return false;
      work.end('Cancelled');
      return true;
    },
    pending: () => [...runs.values()].filter((work) => !hasEnded(work)).length,
    async close() {
      for (const work of runs.values()) work.end('Cancelled');
      waiting.length = 0;
      await Promise.all(working);
    },
  };
}
