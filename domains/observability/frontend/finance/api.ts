import type { Granularity } from '../../cost-explorer/cost-range.ts';
import { observability } from '../api.ts';

export type { Granularity };

/** How an answer was had. Times are RFC 3339 UTC; the price is in US dollars. */
export interface Asked {
  cachedAt: string;
  expiresAt: string;
  requests: number;
  price: number;
}

/** Days of UTC; `to` is not counted. */
export interface CostWish {
  from: string;
  to: string;
  granularity: Granularity;
  groupBy: string;
}

export interface CostPeriod {
  from: string;
  to: string;
  estimated: boolean;
  total: number;
}

/** An amount for each period, in their order. */
export interface CostGroup {
  name: string;
  amounts: number[];
  total: number;
  previousTotal?: number;
}

export interface Cost extends Asked, CostWish {
  previousFrom?: string;
  unit: string;
  periods: CostPeriod[];
  groups: CostGroup[];
  groupsTogether: number;
  total: number;
  previousTotal?: number;
  estimated: boolean;
  partial: boolean;
}

export interface ForecastPeriod {
  from: string;
  to: string;
  mean: number;
  lower: number;
  upper: number;
}

export interface Forecast extends Asked {
  from: string;
  to: string;
  granularity: Granularity;
  /** How sure AWS is that the cost will lie between the bounds. */
  intervalPercent: number;
  /** False where AWS has too little history, for the `reason` it gives. */
  available: boolean;
  reason?: string;
  total?: number;
  periods: ForecastPeriod[];
}

const base = 'observability/finance';
/** The API keeps answers for hours, so asking it again within one learns nothing. */
const keepUnusedDataFor = 3600;

const finance = observability.injectEndpoints({
  endpoints: (build) => ({
    cost: build.query<Cost, CostWish>({
      query: (wish) => ({ path: `${base}/cost`, query: { ...wish } }),
      keepUnusedDataFor,
    }),
    forecast: build.query<Forecast, Granularity>({
      query: (granularity) => ({ path: `${base}/forecast`, query: { granularity } }),
      keepUnusedDataFor,
    }),
    askCostAgain: build.mutation<Cost, CostWish>({
      query: (wish) => ({ path: `${base}/cost`, query: { ...wish, refresh: 'true' } }),
      onQueryStarted: (wish, { dispatch, queryFulfilled }) =>
        queryFulfilled.then(
          ({ data }) => void dispatch(finance.util.upsertQueryData('cost', wish, data)),
          () => undefined, // The button that asked tells why.
        ),
    }),
    askForecastAgain: build.mutation<Forecast, Granularity>({
      query: (granularity) => ({ path: `${base}/forecast`, query: { granularity, refresh: 'true' } }),
      onQueryStarted: (granularity, { dispatch, queryFulfilled }) =>
        queryFulfilled.then(
          ({ data }) => void dispatch(finance.util.upsertQueryData('forecast', granularity, data)),
          () => undefined, // The button that asked tells why.
        ),
    }),
  }),
});

export const { useCostQuery, useForecastQuery, useAskCostAgainMutation, useAskForecastAgainMutation } =
  finance;
