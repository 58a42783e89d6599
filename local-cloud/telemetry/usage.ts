import type { DuckDBConnection } from '@duckdb/node-api';
import type { Usage } from '../core/telemetry.ts';
import type { Database } from './database.ts';
import type { UsageQuery, UsageSum } from './types.ts';
import type { WriteBuffer } from './write-buffer.ts';

const HOUR = 3_600_000;
const FLUSH_AFTER_MILLISECONDS = 15_000;
/** As long as AWS Cost Explorer shows: fourteen months. */
const RETENTION_MILLISECONDS = 14 * 31 * 24 * HOUR;
const KEY = 'hour, service, usage_type, operation, resource';

type Kept = Usage & { hour: number };

/**
 * Sums usage by the hour in memory and appends the sums now and then, so that a request costs one addition. Several
 * rows of one hour and key add up; past hours are joined into one row each.
 */
export function createUsageMeter(buffer: WriteBuffer) {
  let sums = new Map<string, Kept>();
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    const pending = sums;
    sums = new Map();
    for (const { hour, service, usageType, operation, resource, quantity } of pending.values()) {
      buffer.add('usage_hours', [BigInt(hour), service, usageType, operation, resource, quantity]);
    }
  }

  return {
    add(use: Usage): void {
      if (!Number.isFinite(use.quantity) || !Number.isFinite(use.time) || use.quantity === 0) return;
      const hour = Math.floor(use.time / HOUR) * HOUR;
      const key = [hour, use.service, use.usageType, use.operation, use.resource].join('\n');
      const sum = sums.get(key);
      if (sum) sum.quantity += use.quantity;
      else sums.set(key, { ...use, hour });
      timer ??= setTimeout(flush, FLUSH_AFTER_MILLISECONDS).unref();
    },
    flush,
  };
}

/** Traces remembered, so that the segments of one trace count it once. */
const RECENT_TRACES = 20_000;

/** Counts each trace for the bill at its first segment. */
export function createTraceCounter(add: (use: Usage) => void): (traceId: string) => void {
  const recent = new Set<string>();
  return (traceId) => {
    if (recent.has(traceId)) return;
    recent.add(traceId);
    const [oldest] = recent.size > RECENT_TRACES ? recent : [];
    if (oldest !== undefined) recent.delete(oldest);
    add({
      service: 'AWS X-Ray',
      usageType: 'USE1-XRay-TracesStored',
      operation: 'PutTraceSegments',
      resource: '',
      quantity: 1,
      time: Date.now(),
    });
  };
}

/** Joins the rows of every hour that is over, and forgets what no bill asks for any more. */
export async function compactUsage({ instance }: Database, now: number): Promise<void> {
  const connection = await instance.connect();
  const over = BigInt(Math.floor(now / HOUR) * HOUR);
  try {
    await connection.run('DELETE FROM usage_hours WHERE hour < $before', {
      before: BigInt(now - RETENTION_MILLISECONDS),
    });
    await connection.run('BEGIN');
    try {
      await connection.run(
        `CREATE TEMP TABLE joined_usage AS SELECT ${KEY}, fsum(quantity) AS quantity
         FROM usage_hours WHERE hour < $over GROUP BY ALL`,
        { over },
      );
      await connection.run('DELETE FROM usage_hours WHERE hour < $over', { over });
      await connection.run('INSERT INTO usage_hours SELECT * FROM joined_usage');
      await connection.run('DROP TABLE joined_usage');
      await connection.run('COMMIT');
    } catch (error) {
      await connection.run('ROLLBACK');
      throw error;
    }
  } finally {
    connection.closeSync();
  }
}

const PERIODS = { hour: HOUR, day: 24 * HOUR };

/** Sums of each key in the periods of the query, in order of time. */
export async function readUsage(connection: DuckDBConnection, query: UsageQuery): Promise<UsageSum[]> {
  const period = query.by === 'whole' ? undefined : PERIODS[query.by];
  const time = period === undefined ? '$from' : `hour // ${period} * ${period}`;
  const reader = await connection.runAndReadAll(
    `SELECT (${time})::DOUBLE AS time, service, usage_type, operation,
       ${query.byResource ? 'resource' : "''"} AS resource, fsum(quantity)
     FROM usage_hours WHERE hour >= $from AND hour < $to GROUP BY 1, 2, 3, 4, 5 ORDER BY 1`,
    { from: BigInt(query.from), to: BigInt(query.to) },
  );
  return reader.getRowsJS().map((row) => {
    const [time, service, usageType, operation, resource, quantity] = row as [
      number,
      string,
      string,
      string,
      string,
      number,
    ];
    return { time, service, usageType, operation, resource, quantity };
  });
}
