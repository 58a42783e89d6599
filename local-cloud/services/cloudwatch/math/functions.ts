import { MathError } from './parse.ts';
import { mapPoints, mapValue, type Series, type Value } from './values.ts';

/** All times at which a point could stand, for the functions that fill gaps. Epoch milliseconds, in order. */
export type Grid = (series: Series) => number[];

type MathFunction = (parameters: Value[], grid: Grid) => Value;

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function average(values: number[]): number {
  return sum(values) / values.length;
}

function deviation(values: number[]): number {
  const mean = average(values);
  return Math.sqrt(average(values.map((value) => (value - mean) ** 2)));
}

function only(parameters: Value[], name: string): Value {
  const [value] = parameters;
  if (!value || parameters.length !== 1) throw new MathError(`${name} takes exactly one parameter`);
  return value;
}

function seriesOnly(value: Value, name: string): Series[] {
  if (value.kind === 'series') return [value.series];
  if (value.kind === 'list') return value.list;
  throw new MathError(`${name} takes a time series`);
}

/** Of one series a number; of a list of series one series, from whatever points there are at each time. */
function aggregate(name: string, reduce: (values: number[]) => number): MathFunction {
  return (parameters) => {
    const value = only(parameters, name);
    if (value.kind === 'series') {
      const values = [...value.series.points.values()];
      return { kind: 'number', value: values.length === 0 ? Number.NaN : reduce(values) };
    }
    if (value.kind !== 'list') throw new MathError(`${name} takes a time series or a list of them`);
    const times = [...new Set(value.list.flatMap((series) => [...series.points.keys()]))].sort(
      (a, b) => a - b,
    );
    const points = new Map(
      times.map((time) => [time, reduce(value.list.flatMap((series) => series.points.get(time) ?? []))]),
    );
    const period = Math.max(60, ...value.list.map((series) => series.period));
    return { kind: 'series', series: { id: name, label: name, period, points } };
  };
}

function each(name: string, change: (value: number) => number): MathFunction {
  return (parameters) => mapValue(only(parameters, name), change);
}

/** Functions of a series and the point before each of its points. */
function withPrevious(
  name: string,
  change: (value: number, previous: number, seconds: number) => number,
): MathFunction {
  const apply = (series: Series) => {
    let last: { time: number; value: number } | undefined;
    return mapPoints(series, (value, time) => {
      const previous = last;
      last = { time, value };
      return previous && change(value, previous.value, (time - previous.time) / 1_000);
    });
  };
  return (parameters) => overSeries(only(parameters, name), name, apply);
}

function overSeries(value: Value, name: string, apply: (series: Series) => Series): Value {
  if (value.kind === 'series') return { kind: 'series', series: apply(value.series) };
  return { kind: 'list', list: seriesOnly(value, name).map(apply) };
}

function runningSum(series: Series): Series {
  let total = 0;
  return mapPoints(series, (value) => {
    total += value;
    return total;
  });
}

function linear(points: Map<number, number>, times: number[]): Map<number, number> {
  const known = [...points];
  const filled = new Map<number, number>();
  for (const time of times) {
    const before = known.findLast(([at]) => at <= time);
    const after = known.find(([at]) => at >= time);
    if (!before || !after) continue;
    const share = after[0] === before[0] ? 0 : (time - before[0]) / (after[0] - before[0]);
    filled.set(time, before[1] + (after[1] - before[1]) * share);
  }
  return filled;
}

function fill(parameters: Value[], grid: Grid): Value {
  const [value, filler] = parameters;
  if (!value || !filler || parameters.length !== 2) throw new MathError('FILL takes two parameters');
  return overSeries(value, 'FILL', (series) => {
    const times = grid(series);
    if (filler.kind === 'text' && filler.value.toUpperCase() === 'LINEAR') {
      return { ...series, points: linear(series.points, times) };
    }
    const points = new Map<number, number>();
    let last: number | undefined;
    for (const time of times) {
      last = series.points.get(time) ?? fillerAt(filler, time, last);
      if (last !== undefined) points.set(time, last);
    }
    return { ...series, points };
  });
}

function fillerAt(filler: Value, time: number, last: number | undefined): number | undefined {
  if (filler.kind === 'number') return filler.value;
  if (filler.kind === 'series') return filler.series.points.get(time);
  if (filler.kind === 'text' && filler.value.toUpperCase() === 'REPEAT') return last;
  throw new MathError('FILL fills with a number, a time series, REPEAT or LINEAR');
}

function at(value: Value, time: number): number | undefined {
  if (value.kind === 'number') return value.value;
  if (value.kind === 'series') return value.series.points.get(time);
  throw new MathError('IF chooses between numbers and time series');
}

function choose(parameters: Value[]): Value {
  const [condition, whenTrue, whenFalse] = parameters;
  if (!condition || !whenTrue || parameters.length > 3)
    throw new MathError('IF takes two or three parameters');
  if (condition.kind === 'number') {
    const chosen = condition.value !== 0 ? whenTrue : whenFalse;
    if (!chosen) throw new MathError('IF of a number needs its third parameter');
    return chosen;
  }
  if (condition.kind !== 'series')
    throw new MathError('the condition of IF must be a time series or a number');
  return {
    kind: 'series',
    series: mapPoints(condition.series, (value, time) =>
      value !== 0 ? at(whenTrue, time) : whenFalse && at(whenFalse, time),
    ),
  };
}

function period(parameters: Value[]): Value {
  const [series] = seriesOnly(only(parameters, 'PERIOD'), 'PERIOD');
  return { kind: 'number', value: series?.period ?? Number.NaN };
}

/** Every function but `METRICS`, which needs the request. */
export const FUNCTIONS: ReadonlyMap<string, MathFunction> = new Map([
  ['SUM', aggregate('SUM', sum)],
  ['AVG', aggregate('AVG', average)],
  ['MIN', aggregate('MIN', (values) => values.reduce((least, value) => Math.min(least, value)))],
  ['MAX', aggregate('MAX', (values) => values.reduce((most, value) => Math.max(most, value)))],
  ['STDDEV', aggregate('STDDEV', deviation)],
  ['ABS', each('ABS', Math.abs)],
  ['CEIL', each('CEIL', Math.ceil)],
  ['FLOOR', each('FLOOR', Math.floor)],
  ['RATE', withPrevious('RATE', (value, previous, seconds) => (value - previous) / seconds)],
  ['DIFF', withPrevious('DIFF', (value, previous) => value - previous)],
  ['RUNNING_SUM', (parameters) => overSeries(only(parameters, 'RUNNING_SUM'), 'RUNNING_SUM', runningSum)],
  ['FILL', fill],
  ['IF', choose],
  ['PERIOD', period],
]);
