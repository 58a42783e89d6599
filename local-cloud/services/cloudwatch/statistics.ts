import type { PeriodStatistics, SeriesQuery, TelemetryStore, TimedValue } from '../../telemetry/index.ts';
import { invalid } from './input.ts';

export const SIMPLE_STATISTICS = ['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum'] as const;
export type SimpleStatistic = (typeof SIMPLE_STATISTICS)[number];

export type Statistic = { kind: 'simple'; name: SimpleStatistic } | { kind: 'percentile'; fraction: number };

/**
 * Reads `Sum`, `p99.9` and the like. Trimmed statistics (`tm`, `wm`, `tc`, `ts`, `pr`, `iqm`) are real CloudWatch
 * statistics that the local cloud does not compute; they are refused by name.
 */
export function parseStatistic(text: string, parameter = 'Stat'): Statistic {
  const simple = SIMPLE_STATISTICS.find((name) => name === text);
  if (simple) return { kind: 'simple', name: simple };
  const percentile = /^p(\d{1,3}(?:\.\d{1,10})?)$/.exec(text);
  const percent = Number(percentile?.[1]);
  if (percentile && percent <= 100) return { kind: 'percentile', fraction: percent / 100 };
  if (/^(tm|wm|tc|ts|pr|iqm)\b|^(tm|wm|tc|ts)\d|^(TM|WM|TC|TS|PR)\(|^IQM$/i.test(text)) {
    throw invalid(`The local cloud does not compute the statistic ${text} of parameter ${parameter}.`);
  }
  throw invalid(`The value ${text} for parameter ${parameter} is not supported.`);
}

export function statisticOf(period: PeriodStatistics, statistic: SimpleStatistic): number {
  switch (statistic) {
    case 'SampleCount':
      return period.count;
    case 'Average':
      return period.sum / period.count;
    case 'Sum':
      return period.sum;
    case 'Minimum':
      return period.minimum;
    case 'Maximum':
      return period.maximum;
  }
}

/** One value a period, oldest first; periods without points are absent. */
export async function readSeries(
  store: TelemetryStore,
  query: SeriesQuery,
  statistic: Statistic,
): Promise<TimedValue[]> {
  if (statistic.kind === 'percentile') return store.percentile(query, statistic.fraction);
  const periods = await store.statistics(query);
  return periods.map((period) => ({ time: period.time, value: statisticOf(period, statistic.name) }));
}

/** Seconds: 1, 5, 10, 20, 30 or a multiple of 60, up to a day times 30. */
export function checkPeriod(seconds: number, parameter = 'Period'): number {
  if ([1, 5, 10, 20, 30].includes(seconds)) return seconds;
  if (Number.isInteger(seconds) && seconds > 0 && seconds % 60 === 0) return seconds;
  throw invalid(
    `The value ${seconds} for parameter ${parameter} is not valid: it must be 1, 5, 10, 20, 30 or a multiple of 60.`,
  );
}

/** Where the first period of a request begins: its start rounded down to the minute, or to the shorter period. */
export function alignedStart(startMilliseconds: number, periodSeconds: number): number {
  const unit = Math.min(periodSeconds, 60) * 1_000;
  return Math.floor(startMilliseconds / unit) * unit;
}
