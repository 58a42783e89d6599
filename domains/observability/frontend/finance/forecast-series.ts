import type { Band, Series } from '#shared/frontend/chart/series.ts';
import { firstOfMonth } from '../../cost-explorer/days.ts';
import type { Cost, Forecast, ForecastPeriod } from './api.ts';

/** What a period will have cost in the end: what it has cost already, and what is expected of the rest. */
export interface Expectation extends ForecastPeriod {
  /** The part of it that is known. */
  soFar: number;
}

type Known = Pick<Cost, 'periods'> | undefined;

/**
 * The expected periods. The forecast of the running month covers its rest alone, from today on; what it has cost so far
 * belongs to it, in the mean as in both bounds.
 */
export function expectations(forecast: Forecast, cost: Known): Expectation[] {
  return forecast.periods.map((period) => {
    const month = firstOfMonth(period.from);
    const isRest = forecast.granularity === 'monthly' && period.from !== month;
    const soFar = isRest ? (cost?.periods.find(({ from }) => from === month)?.total ?? 0) : 0;
    return {
      from: forecast.granularity === 'monthly' ? month : period.from,
      to: period.to,
      mean: period.mean + soFar,
      // AWS bounds what is still to come, which is never less than nothing.
      lower: Math.max(0, period.lower) + soFar,
      upper: period.upper + soFar,
      soFar,
    };
  });
}

export const band: readonly Band[] = [{ upper: 'upper', lower: 'lower' }];

/** What was, what is expected, and between which bounds; `joined` lines meet in the last period that is known. */
export function forecastSeries(forecast: Forecast, cost: Known, joined: boolean): Series[] {
  const expected = expectations(forecast, cost);
  const begin =
    expected[0]?.from ?? (forecast.granularity === 'monthly' ? firstOfMonth(forecast.from) : forecast.from);
  // Without a forecast the running period is all there is to see of now.
  const known = (cost?.periods ?? []).filter(({ from }) => expected.length === 0 || from < begin);
  const last = joined && expected.length > 0 ? known.at(-1) : undefined;
  const line = (id: string, label: string, value: (period: Expectation) => number): Series => ({
    id,
    label,
    unit: 'dollars',
    times: [...(last ? [Date.parse(last.from)] : []), ...expected.map(({ from }) => Date.parse(from))],
    values: [...(last ? [last.total] : []), ...expected.map(value)],
  });
  const actual: Series = {
    id: 'actual',
    label: 'Actual',
    unit: 'dollars',
    times: known.map(({ from }) => Date.parse(from)),
    values: known.map(({ total }) => total),
  };
  if (expected.length === 0) return [actual];
  const sure = `${forecast.intervalPercent} %`;
  return [
    actual,
    line('mean', 'Forecast (mean)', ({ mean }) => mean),
    line('upper', `Upper bound (${sure})`, ({ upper }) => upper),
    line('lower', `Lower bound (${sure})`, ({ lower }) => lower),
  ];
}
