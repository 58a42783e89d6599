import { type BinaryOperator, MathError } from './parse.ts';

/** One time series: values by epoch milliseconds, in order of time. */
export interface Series {
  id: string;
  label: string;
  /** Seconds. */
  period: number;
  points: Map<number, number>;
}

export type Value =
  | { kind: 'number'; value: number }
  | { kind: 'text'; value: string }
  | { kind: 'series'; series: Series }
  | { kind: 'list'; list: Series[] };

/** What CloudWatch cannot plot (a division by zero) is a missing point. */
export function mapPoints(
  series: Series,
  change: (value: number, time: number) => number | undefined,
): Series {
  const points = new Map<number, number>();
  for (const [time, value] of series.points) {
    const changed = change(value, time);
    if (changed !== undefined && Number.isFinite(changed)) points.set(time, changed);
  }
  return { ...series, points };
}

export function mapValue(value: Value, change: (value: number) => number): Value {
  switch (value.kind) {
    case 'number':
      return { kind: 'number', value: change(value.value) };
    case 'series':
      return { kind: 'series', series: mapPoints(value.series, change) };
    case 'list':
      return { kind: 'list', list: value.list.map((series) => mapPoints(series, change)) };
    case 'text':
      throw new MathError('a text cannot be computed with');
  }
}

const OPERATIONS: Record<BinaryOperator, (left: number, right: number) => number> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '^': (left, right) => left ** right,
  '<': (left, right) => Number(left < right),
  '<=': (left, right) => Number(left <= right),
  '>': (left, right) => Number(left > right),
  '>=': (left, right) => Number(left >= right),
  '==': (left, right) => Number(left === right),
  '!=': (left, right) => Number(left !== right),
  '&&': (left, right) => Number(left !== 0 && right !== 0),
  '||': (left, right) => Number(left !== 0 || right !== 0),
};

/** Two series meet where both have a point; a list is computed member by member, but not with another list. */
export function combine(operator: BinaryOperator, left: Value, right: Value): Value {
  const operation = OPERATIONS[operator];
  if (left.kind === 'text' || right.kind === 'text') throw new MathError('a text cannot be computed with');
  if (right.kind === 'number') return mapValue(left, (value) => operation(value, right.value));
  if (left.kind === 'number') return mapValue(right, (value) => operation(left.value, value));
  if (left.kind === 'list' && right.kind === 'list') {
    throw new MathError(`the operator ${operator} cannot join two lists of time series`);
  }
  if (left.kind === 'series' && right.kind === 'series') {
    return { kind: 'series', series: join(left.series, right.series, operation) };
  }
  if (left.kind === 'list' && right.kind === 'series') {
    return { kind: 'list', list: left.list.map((series) => join(series, right.series, operation)) };
  }
  if (left.kind === 'series' && right.kind === 'list') {
    return {
      kind: 'list',
      list: right.list.map((series) => ({ ...series, points: join(left.series, series, operation).points })),
    };
  }
  throw new MathError(`the operator ${operator} does not apply here`);
}

function join(left: Series, right: Series, operation: (left: number, right: number) => number): Series {
  return {
    ...mapPoints(left, (value, time) => {
      const other = right.points.get(time);
      return other === undefined ? undefined : operation(value, other);
    }),
    period: Math.max(left.period, right.period),
  };
}
