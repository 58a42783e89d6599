import type { TelemetryStore } from '../../telemetry/index.ts';
import {
  type Input,
  missing,
  oneOf,
  optionalInteger,
  optionalText,
  requiredTime,
  validation,
} from './input.ts';
import { pageToken, readPageToken } from './paging.ts';
import { readQueries, runQueries } from './queries.ts';

const MOST_DATAPOINTS = 100_800;

interface Result {
  Id: string;
  Label: string;
  Timestamps: Date[];
  Values: number[];
  StatusCode: 'Complete' | 'PartialData';
}

/**
 * GetMetricData. A page holds at most `MaxDatapoints` points, counted over all results in their order; a result that
 * goes on in the next page is `PartialData`.
 */
export async function getMetricData(store: TelemetryStore, input: Input): Promise<object> {
  const queries = readQueries(input, 'MetricDataQueries');
  if (queries.length === 0) throw missing('MetricDataQueries');
  const from = requiredTime(input, 'StartTime');
  const to = requiredTime(input, 'EndTime');
  if (from >= to) throw validation('The parameter StartTime must be less than the parameter EndTime.');
  const ascending =
    oneOf(input, 'ScanBy', ['TimestampDescending', 'TimestampAscending']) === 'TimestampAscending';
  const most = optionalInteger(input, 'MaxDatapoints', { from: 1, to: MOST_DATAPOINTS }) ?? MOST_DATAPOINTS;
  const start = readPageToken(optionalText(input, 'NextToken', 4_096), 0);

  const found = (await runQueries(store, queries, from, to)).flatMap(({ series }) => series);
  const results: Result[] = [];
  let passed = 0;
  for (const series of found) {
    const points = ascending ? [...series.points] : [...series.points].reverse();
    const page = points.slice(Math.max(0, start - passed), Math.max(0, start + most - passed));
    const isComplete = passed + points.length <= start + most;
    passed += points.length;
    // On later pages a result that was complete before is not told again.
    if (start > 0 && page.length === 0) continue;
    results.push({
      Id: series.id,
      Label: series.label,
      Timestamps: page.map(([time]) => new Date(time)),
      Values: page.map(([, value]) => value),
      StatusCode: isComplete ? 'Complete' : 'PartialData',
    });
  }
  return {
    MetricDataResults: results,
    Messages: [],
    ...(passed > start + most ? { NextToken: pageToken(start + most) } : {}),
  };
}
