import { AwsError } from '../../core/errors.ts';
import type { ReadBill } from './bill.ts';
import { needsResources, readFilter } from './filter.ts';
import { createForecast, type DayTotal, deviationsOf } from './forecast.ts';
import { type Input, integer, invalid, isObject, missing, oneOf } from './input.ts';
import { amountIn, decimal, exactSum, type MetricName, readMetric } from './metrics.ts';
import { DAY, type Interval, periodsOf, readInterval, spelled, startOfDay, startOfMonth } from './periods.ts';
import { priceList } from './price-list.ts';

/** Whole days with a first use behind them that a forecast needs; AWS wants a whole billing cycle. */
const FEWEST_DAYS = 3;
const MOST_DAYS = 90;
const MOST_MONTHS_AHEAD = { DAILY: 3, MONTHLY: 18 };

const costMetrics = [
  'AMORTIZED_COST',
  'BLENDED_COST',
  'NET_AMORTIZED_COST',
  'NET_UNBLENDED_COST',
  'UNBLENDED_COST',
] as const;
const usageMetrics = ['USAGE_QUANTITY', 'NORMALIZED_USAGE_AMOUNT'] as const;

/** GetCostForecast. */
export async function getCostForecast(readBill: ReadBill, input: Input, now: number): Promise<object> {
  const metric = oneOf(input, 'Metric', costMetrics);
  if (!metric) throw missing('Metric');
  return forecast(readBill, input, readMetric(metric), priceList.currency, now);
}

/** GetUsageForecast: of usage types that have one unit, so a filter must name them. */
export async function getUsageForecast(readBill: ReadBill, input: Input, now: number): Promise<object> {
  const metric = oneOf(input, 'Metric', usageMetrics);
  if (!metric) throw missing('Metric');
  if (!namesUsageType(input['Filter'])) {
    throw invalid('A usage forecast needs a filter on the dimension USAGE_TYPE or USAGE_TYPE_GROUP.');
  }
  return forecast(readBill, input, readMetric(metric), 'N/A', now);
}

function namesUsageType(filter: unknown): boolean {
  if (Array.isArray(filter)) return filter.some(namesUsageType);
  if (!isObject(filter)) return false;
  if (filter['Key'] === 'USAGE_TYPE' || filter['Key'] === 'USAGE_TYPE_GROUP') return true;
  return ['And', 'Or', 'Not', 'Dimensions'].some((name) => namesUsageType(filter[name]));
}

async function forecast(readBill: ReadBill, input: Input, metric: MetricName, unit: string, now: number) {
  const granularity = oneOf(input, 'Granularity', ['DAILY', 'MONTHLY']);
  if (!granularity) throw missing('Granularity');
  const interval = readInterval(input, granularity);
  const today = startOfDay(now);
  if (interval.from < today) throw invalid('Start date must be equal to or later than the current date');
  const months = MOST_MONTHS_AHEAD[granularity];
  if (interval.to > startOfMonth(now, months + 1)) {
    throw invalid(`A ${granularity} forecast reaches ${months} months ahead at most`);
  }
  const level = integer(input, 'PredictionIntervalLevel', { from: 51, to: 99 });
  const history = await readHistory(readBill, input, metric, today);
  if (history.length < FEWEST_DAYS) {
    throw new AwsError('DataUnavailableException', 'Insufficient amount of historical data.');
  }
  const model = createForecast(history);
  const deviations = level === undefined ? undefined : deviationsOf(level);
  const resultOf = ({ from, to }: Interval) => {
    const mean = model.mean(from, to);
    const margin = (deviations ?? 0) * model.deviation(from, to);
    return {
      TimePeriod: { Start: spelled(from, granularity), End: spelled(to, granularity) },
      MeanValue: decimal(mean),
      ...(deviations !== undefined && {
        PredictionIntervalLowerBound: decimal(Math.max(0, mean - margin)),
        PredictionIntervalUpperBound: decimal(mean + margin),
      }),
    };
  };
  return {
    Total: { Amount: decimal(model.mean(interval.from, interval.to)), Unit: unit },
    ForecastResultsByTime: periodsOf(interval, granularity).map(resultOf),
  };
}

/** Totals of the whole days before today, from the first with any use on; days without use in between are zero. */
async function readHistory(
  readBill: ReadBill,
  input: Input,
  metric: MetricName,
  today: number,
): Promise<DayTotal[]> {
  const matches = readFilter(input['Filter']);
  const byResource = needsResources(input['Filter']);
  const lines = await readBill({ from: today - MOST_DAYS * DAY, to: today, by: 'day', byResource });
  const values = new Map<number, number[]>();
  for (const line of lines.filter(matches)) {
    const ofDay = values.get(line.time);
    if (ofDay) ofDay.push(amountIn(metric, line));
    else values.set(line.time, [amountIn(metric, line)]);
  }
  const [first] = values.keys();
  if (first === undefined) return [];
  return Array.from({ length: (today - first) / DAY }, (_, index) => {
    const time = first + index * DAY;
    return { time, total: exactSum(values.get(time) ?? []) };
  });
}
