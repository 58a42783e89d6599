import { json, oneOf } from '#shared/frontend/url-state.ts';
import { chartViewKeys } from '../chart-view.ts';
import { unitOf } from '../metric-unit.ts';
import type { Metric, SeriesWish } from '../types.ts';

const periodNames = ['auto', '60', '300', '900', '3600', '21600', '86400'] as const;

/** The keys of the address that the metrics explorer owns, beside the time range and the refresh. */
export const explorerKeys = {
  series: json<SeriesWish[]>([], isSeriesList),
  period: oneOf(periodNames, 'auto'),
  ...chartViewKeys,
} as const;

export const periodChoices: readonly string[] = periodNames;

/** More lines than this cannot be told apart, and would not fit into an address. */
export const mostSeries = 12;

/** Ids as CloudWatch wants them: a small letter first. Expressions refer to series by them. */
const validId = /^[a-z][a-zA-Z0-9_]{0,31}$/;

export function isMetric(value: unknown): value is Metric {
  if (!isRecord(value)) return false;
  const { namespace, metricName, dimensions } = value;
  return (
    typeof namespace === 'string' &&
    typeof metricName === 'string' &&
    isRecord(dimensions) &&
    Object.values(dimensions).every((each) => typeof each === 'string')
  );
}

function isSeriesList(value: unknown): value is SeriesWish[] {
  if (!Array.isArray(value) || value.length > mostSeries || !value.every(isSeries)) return false;
  return new Set(value.map((each) => each.id)).size === value.length;
}

function isSeries(value: unknown): value is SeriesWish {
  if (!isRecord(value) || typeof value['id'] !== 'string' || !validId.test(value['id'])) return false;
  if (value['label'] !== undefined && typeof value['label'] !== 'string') return false;
  if (typeof value['expression'] === 'string') return true;
  return typeof value['statistic'] === 'string' && isMetric(value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The first id of the form `m1` or `e1` that no series has. */
export function freeId(series: readonly SeriesWish[], letter: 'm' | 'e'): string {
  let number = 1;
  while (series.some((each) => each.id === `${letter}${number}`)) number++;
  return `${letter}${number}`;
}

/** Counted again each time they are published: a sum would count the same things many times. */
const gauge = /Concurren|^ApproximateNumber/;

/** Counts are added up; everything else, and numbers of things that stand, are averaged. */
function usualStatistic(metric: Metric): string {
  return unitOf(metric) === 'count' && !gauge.test(metric.metricName) ? 'Sum' : 'Average';
}

/** The series with metrics added, as far as there is room. Without a statistic each metric gets its usual one. */
export function withMetrics(
  series: readonly SeriesWish[],
  metrics: readonly Metric[],
  statistic: string,
): SeriesWish[] {
  const all = [...series];
  for (const metric of metrics) {
    if (all.length >= mostSeries) break;
    const { namespace, metricName, dimensions } = metric;
    all.push({
      id: freeId(all, 'm'),
      namespace,
      metricName,
      dimensions,
      statistic: statistic || usualStatistic(metric),
    });
  }
  return all;
}
