import { FUNCTIONS, type Grid } from './functions.ts';
import { type Expression, MathError } from './parse.ts';
import { combine, mapValue, type Series, type Value } from './values.ts';

/** What an expression may refer to. */
export interface Scope {
  /** The value of another query by its id; throws `MathError` when there is none. */
  resolve(id: string): Value;
  /** The metrics of the request (not its expressions), in its order. */
  metrics: Series[];
  grid: Grid;
}

function metrics(parameters: Value[], scope: Scope): Value {
  const [filter] = parameters;
  if (parameters.length > 1 || (filter && filter.kind !== 'text')) {
    throw new MathError('METRICS takes at most a text');
  }
  const text = filter?.kind === 'text' ? filter.value : '';
  return { kind: 'list', list: scope.metrics.filter((series) => series.id.includes(text)) };
}

function listOf(values: Value[]): Value {
  const list = values.flatMap((value) => {
    if (value.kind === 'series') return [value.series];
    if (value.kind === 'list') return value.list;
    throw new MathError('a list holds time series only');
  });
  return { kind: 'list', list };
}

/** Computes an expression over the series of a request. Throws `MathError` naming what it cannot do. */
export function evaluate(expression: Expression, scope: Scope): Value {
  switch (expression.kind) {
    case 'number':
    case 'text':
      return expression;
    case 'name':
      // FILL's modes are written without quotes.
      if (expression.name === 'REPEAT' || expression.name === 'LINEAR') {
        return { kind: 'text', value: expression.name };
      }
      return scope.resolve(expression.name);
    case 'list':
      return listOf(expression.items.map((item) => evaluate(item, scope)));
    case 'negate':
      return mapValue(evaluate(expression.operand, scope), (value) => -value);
    case 'binary':
      return combine(
        expression.operator,
        evaluate(expression.left, scope),
        evaluate(expression.right, scope),
      );
    case 'call': {
      const known = expression.name === 'METRICS' || FUNCTIONS.has(expression.name);
      if (!known) throw new MathError(`the local cloud does not support the function ${expression.name}`);
      const parameters = expression.parameters.map((parameter) => evaluate(parameter, scope));
      const apply = FUNCTIONS.get(expression.name);
      return apply ? apply(parameters, scope.grid) : metrics(parameters, scope);
    }
  }
}
