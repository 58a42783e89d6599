import { DAY } from './periods.ts';

/** What one day came to; days are in order and without gaps. */
export interface DayTotal {
  /** Start of the day, epoch milliseconds. */
  time: number;
  total: number;
}

export interface Forecast {
  /** The expected total of the days from `from` up to `to`. */
  mean(from: number, to: number): number;
  /** The standard deviation of that total, from what the days before left unexplained. */
  deviation(from: number, to: number): number;
}

/** Days after which a day counts half. */
const HALF_LIFE = 14;
/** Weekdays are told apart once each was seen this often. */
const WEEKS_FOR_WEEKDAYS = 3;
/** So many ordinary weeks are mixed into each weekday's own, so that one odd day does not make a pattern. */
const CAUTION = 2;

/**
 * Forecasts from daily totals: their mean, recent days counting more (half after 14 days), times an effect of the
 * weekday once three weeks are known. The interval comes from the weighted residuals: independent from day to day, and
 * the errors of the mean and of the weekdays themselves shared by all.
 */
export function createForecast(history: DayTotal[]): Forecast {
  const last = history.at(-1)?.time ?? 0;
  const weights = history.map(({ time }) => 0.5 ** ((last - time) / DAY / HALF_LIFE));
  const whole = sum(weights);
  const plainMean = sum(history.map(({ total }, index) => total * (weights[index] ?? 0))) / whole;
  const weekdays = weekdayEffects(history, weights, plainMean);
  const effectOf = (time: number) => weekdays.effects[weekday(time)] ?? 1;
  // The level that, with the weekdays' effects, explains the history best.
  const level =
    sum(history.map(({ time, total }, index) => (weights[index] ?? 0) * total * effectOf(time))) /
      sum(history.map(({ time }, index) => (weights[index] ?? 0) * effectOf(time) ** 2)) || 0;
  const squares = history.map(
    ({ time, total }, index) => (weights[index] ?? 0) * (total - level * effectOf(time)) ** 2,
  );
  const shareOfMean = sum(weights.map((weight) => weight ** 2)) / whole ** 2;
  // Residuals are too small by as much as the mean and the effects were fitted to them.
  const variance = sum(squares) / whole / Math.max(1 - shareOfMean - weekdays.fitted, 0.1);

  return {
    mean: (from, to) => level * sum(daysBetween(from, to).map(effectOf)),
    deviation(from, to) {
      const days = daysBetween(from, to).length;
      const ofWeekdays = weekdays.uncertainty * days * Math.max(1, days / 7);
      return Math.sqrt(variance * (days + days ** 2 * shareOfMean + ofWeekdays));
    },
  };
}

interface WeekdayEffects {
  /** By which the level is multiplied on each day of the week; their mean is 1. */
  effects: number[];
  /** The share of the variance that fitting them took out of the residuals. */
  fitted: number;
  /** The variance of an effect, in variances of a day. */
  uncertainty: number;
}

function weekdayEffects(history: DayTotal[], weights: number[], mean: number): WeekdayEffects {
  if (history.length < 7 * WEEKS_FOR_WEEKDAYS || mean === 0) {
    return { effects: Array<number>(7).fill(1), fitted: 0, uncertainty: 0 };
  }
  const days = Array.from({ length: 7 }, (_, day) => {
    const own = history.map(({ time }, index) => (weekday(time) === day ? (weights[index] ?? 0) : 0));
    const weight = sum(own);
    const total = sum(history.map((each, index) => each.total * (own[index] ?? 0)));
    const squares = sum(own.map((each) => each ** 2));
    const trust = weight / (weight + CAUTION);
    return { effect: (total / mean + CAUTION) / (weight + CAUTION), weight, squares, trust };
  });
  const average = sum(days.map(({ effect }) => effect)) / 7;
  return {
    effects: days.map(({ effect }) => effect / average),
    fitted:
      sum(days.map(({ weight, squares, trust }) => (trust * (2 - trust) * squares) / weight)) / sum(weights),
    uncertainty: sum(days.map(({ weight, squares, trust }) => trust ** 2 * (squares / weight ** 2))) / 7,
  };
}

function weekday(time: number): number {
  return new Date(time).getUTCDay();
}

function daysBetween(from: number, to: number): number[] {
  return Array.from({ length: Math.round((to - from) / DAY) }, (_, index) => from + index * DAY);
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** How many standard deviations on either side of the mean hold `level` percent of a normal distribution. */
export function deviationsOf(level: number): number {
  let low = 0;
  let high = 4;
  while (high - low > 1e-12) {
    const middle = (low + high) / 2;
    if (shareWithin(middle) < level / 100) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The share of a normal distribution within so many deviations, by the series of the error function. */
function shareWithin(deviations: number): number {
  const x = deviations / Math.SQRT2;
  let term = x;
  let total = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(total); n += 1) {
    term *= (-x * x) / n;
    total += term / (2 * n + 1);
    if (n > 400) break;
  }
  return (2 / Math.sqrt(Math.PI)) * total;
}
