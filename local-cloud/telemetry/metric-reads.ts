import type { DuckDBConnection } from '@duckdb/node-api';
import { dimensionsKey } from './dimensions.ts';
import type { MetricIdentity, PeriodStatistics, SeriesQuery, TimedValue } from './types.ts';

const PERIOD_START = '($from + ((time - $from) // $period) * $period)';
const SERIES = `namespace = $namespace AND name = $name AND dimensions = $dimensions
  AND time >= $from AND time < $to`;

function parameters(query: SeriesQuery): Record<string, string | bigint> {
  return {
    namespace: query.namespace,
    name: query.name,
    dimensions: dimensionsKey(query.dimensions),
    from: BigInt(query.from),
    to: BigInt(query.to),
    period: BigInt(query.period),
    ...(query.unit === undefined ? {} : { unit: query.unit }),
  };
}

function series(query: SeriesQuery): string {
  return query.unit === undefined ? SERIES : `${SERIES} AND unit = $unit`;
}

/** `fsum` is DuckDB's compensated sum: a long series of small values stays exact. */
export async function readStatistics(
  connection: DuckDBConnection,
  query: SeriesQuery,
): Promise<PeriodStatistics[]> {
  const reader = await connection.runAndReadAll(
    `SELECT ${PERIOD_START}::DOUBLE AS time, fsum(count) AS count, fsum(sum) AS sum, min(minimum) AS minimum,
       max(maximum) AS maximum, max(unit) AS unit
     FROM metric_points WHERE ${series(query)} GROUP BY 1 ORDER BY 1`,
    parameters(query),
  );
  return reader.getRowObjectsJS() as unknown as PeriodStatistics[];
}

/**
 * A value sent with a count stands for that many equal values. The ranks around `fraction * (n - 1)` are found on the
 * running count, so that a million values sent as ten pairs cost ten rows.
 */
export async function readPercentile(
  connection: DuckDBConnection,
  query: SeriesQuery,
  fraction: number,
): Promise<TimedValue[]> {
  const reader = await connection.runAndReadAll(
    `WITH ranked AS (
       SELECT ${PERIOD_START} AS start, minimum AS value, sum(count) AS weight, bool_and(minimum = maximum) AS single
       FROM metric_points WHERE ${series(query)} GROUP BY 1, 2),
     running AS (
       SELECT start, value, single, sum(weight) OVER (PARTITION BY start ORDER BY value) AS upTo,
         greatest(sum(weight) OVER (PARTITION BY start) - 1, 0) * $fraction AS rank
       FROM ranked),
     around AS (
       SELECT start, any_value(rank) AS rank, bool_and(single) AS single, max(value) AS highest,
         min(value) FILTER (upTo > floor(rank)) AS below, min(value) FILTER (upTo > ceil(rank)) AS above
       FROM running GROUP BY start)
     SELECT start::DOUBLE AS time,
       coalesce(below, highest) + (coalesce(above, highest) - coalesce(below, highest)) * (rank - floor(rank)) AS value
     FROM around WHERE single ORDER BY 1`,
    { ...parameters(query), fraction },
  );
  return reader.getRowObjectsJS() as unknown as TimedValue[];
}

export async function readMetrics(
  connection: DuckDBConnection,
  filter: { namespace?: string; name?: string; since: number },
): Promise<MetricIdentity[]> {
  const reader = await connection.runAndReadAll(
    `SELECT DISTINCT namespace, name, dimensions FROM metric_points
     WHERE time >= $since ${filter.namespace === undefined ? '' : 'AND namespace = $namespace'}
       ${filter.name === undefined ? '' : 'AND name = $name'}
     ORDER BY namespace, name, dimensions`,
    {
      since: BigInt(filter.since),
      ...(filter.namespace === undefined ? {} : { namespace: filter.namespace }),
      ...(filter.name === undefined ? {} : { name: filter.name }),
    },
  );
  return reader.getRowsJS().map(([namespace, name, dimensions]) => ({
    namespace: String(namespace),
    name: String(name),
    dimensions: JSON.parse(String(dimensions)) as Record<string, string>,
  }));
}
