import type { TelemetryStore } from '../../telemetry/index.ts';
import {
  dimensions,
  type Input,
  invalid,
  invalidCombination,
  missing,
  oneOf,
  optionalInteger,
  requiredText,
  requiredTime,
  texts,
} from './input.ts';
import { alignedStart, checkPeriod, parseStatistic, SIMPLE_STATISTICS, statisticOf } from './statistics.ts';
import { UNITS } from './units.ts';

const MOST_DATAPOINTS = 1_440;

interface Datapoint {
  Timestamp: Date;
  Unit: string;
  ExtendedStatistics?: Record<string, number>;
  [statistic: string]: unknown;
}

/** GetMetricStatistics: one metric, any number of statistics. Datapoints are in order of time. */
export async function getMetricStatistics(store: TelemetryStore, input: Input): Promise<object> {
  const name = requiredText(input, 'MetricName', 255);
  const start = requiredTime(input, 'StartTime');
  const end = requiredTime(input, 'EndTime');
  const period = optionalInteger(input, 'Period');
  if (period === undefined) throw missing('Period');
  checkPeriod(period);
  const simple = texts(input, 'Statistics').map((text) => {
    const statistic = SIMPLE_STATISTICS.find((each) => each === text);
    if (!statistic) throw invalid(`The value ${text} for parameter Statistics is not supported.`);
    return statistic;
  });
  const extended = texts(input, 'ExtendedStatistics').map((text) => {
    const statistic = parseStatistic(text, 'ExtendedStatistics');
    if (statistic.kind !== 'percentile') {
      throw invalid(`The value ${text} for parameter ExtendedStatistics is not supported.`);
    }
    return { text, fraction: statistic.fraction };
  });
  if (simple.length + extended.length === 0) {
    throw missing('Statistics or ExtendedStatistics');
  }
  if (start >= end) {
    throw invalidCombination('The parameter StartTime must be less than the parameter EndTime.');
  }
  if ((end - start) / (period * 1_000) > MOST_DATAPOINTS) {
    throw invalidCombination(
      `You have requested up to ${Math.ceil((end - start) / (period * 1_000))} datapoints, which exceeds the limit of ${MOST_DATAPOINTS}. You may reduce the datapoints requested by increasing Period, or decreasing the time range.`,
    );
  }
  const query = {
    namespace: requiredText(input, 'Namespace', 255),
    name,
    dimensions: dimensions(input),
    unit: oneOf(input, 'Unit', UNITS),
    from: alignedStart(start, period),
    to: end,
    period: period * 1_000,
  };
  const datapoints = new Map<number, Datapoint>();
  for (const each of await store.statistics(query)) {
    datapoints.set(each.time, {
      Timestamp: new Date(each.time),
      ...Object.fromEntries(simple.map((statistic) => [statistic, statisticOf(each, statistic)])),
      Unit: each.unit,
    });
  }
  for (const { text, fraction } of extended) {
    for (const { time, value } of await store.percentile(query, fraction)) {
      const datapoint = datapoints.get(time);
      if (datapoint) datapoint.ExtendedStatistics = { ...datapoint.ExtendedStatistics, [text]: value };
    }
  }
  const complete = [...datapoints.values()].filter(
    (each) => simple.length > 0 || each.ExtendedStatistics !== undefined,
  );
  return { Label: name, Datapoints: complete };
}
