import {
  type CostExplorerClient,
  GetCostForecastCommand,
  type GetCostForecastCommandOutput,
} from '@aws-sdk/client-cost-explorer';
import { calling } from '#shared/runtime/upstream.ts';
import { amountOf, periodOf, pricePerRequest } from './client.ts';
import type { Granularity } from './cost-range.ts';
import { type Day, dayAt, firstOfMonthAfter } from './days.ts';

/** How sure AWS is that the cost will lie between the bounds, in percent. */
export const intervalPercent = 80;

/** The rest of this month and the next two: three months are the most that AWS forecasts by day. */
const months = 3;

/** How far the clock of AWS may be ahead of ours, in milliseconds. */
const clockTolerance = 60_000;

interface ForecastRange {
  /** Today in UTC: AWS refuses a start in the past. */
  readonly from: Day;
  /** Not counted itself. */
  readonly to: Day;
}

/** What is expected of a period, and between what it will lie with the certainty of `intervalPercent`. */
interface ForecastPeriod extends ForecastRange {
  readonly mean: number;
  readonly lower: number;
  readonly upper: number;
}

/** The days of a forecast made at `now` (epoch milliseconds). */
export function forecastRange(now: number): ForecastRange {
  const from = dayAt(now);
  return { from, to: firstOfMonthAfter(from, months) };
}

/** Asks for the forecast. Too little history is an answer, `available: false`: nothing is wrong, and time mends it. */
export async function askForecast(
  client: Pick<CostExplorerClient, 'send'>,
  granularity: Granularity,
  now: () => number,
) {
  const ask = async (range: ForecastRange) => {
    const command = new GetCostForecastCommand({
      TimePeriod: { Start: range.from, End: range.to },
      Granularity: granularity === 'daily' ? 'DAILY' : 'MONTHLY',
      Metric: 'UNBLENDED_COST',
      PredictionIntervalLevel: intervalPercent,
    });
    const about = { ...range, granularity, intervalPercent, requests: 1, price: pricePerRequest };
    try {
      return { ...about, available: true, ...forecastOf(await client.send(command)) };
    } catch (error) {
      if (!isNamed(error, 'DataUnavailableException')) throw error;
      return { ...about, available: false, unit: 'USD', periods: [], reason: error.message };
    }
  };
  const first = forecastRange(now());
  const answer = ask(first).catch((error: unknown) => {
    // At midnight AWS may have the next day already, and then our today is its past.
    const second = forecastRange(now() + clockTolerance);
    if (second.from === first.from || !isNamed(error, 'ValidationException')) throw error;
    return ask(second);
  });
  return calling('Cost Explorer', 'GetCostForecast', answer);
}

function forecastOf({ ForecastResultsByTime = [], Total }: GetCostForecastCommandOutput) {
  const periods = ForecastResultsByTime.map(
    ({
      TimePeriod,
      MeanValue,
      PredictionIntervalLowerBound,
      PredictionIntervalUpperBound,
    }): ForecastPeriod => ({
      ...periodOf(TimePeriod),
      mean: amountOf({ Amount: MeanValue }),
      lower: amountOf({ Amount: PredictionIntervalLowerBound ?? MeanValue }),
      upper: amountOf({ Amount: PredictionIntervalUpperBound ?? MeanValue }),
    }),
  );
  return { unit: Total?.Unit ?? 'USD', total: amountOf(Total), periods };
}

function isNamed(error: unknown, name: string): error is Error {
  return error instanceof Error && error.name === name;
}
