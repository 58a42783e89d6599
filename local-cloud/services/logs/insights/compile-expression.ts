import { compileAggregate, isAggregate } from './aggregates.ts';
import { bin, compileCall } from './functions.ts';
import { malformed } from './malformed.ts';
import { asBoolean, asNumber, asText, asTime, type Bindings, type Sql } from './sql.ts';
import type { Arithmetic, Comparison, Expression, Field } from './syntax.ts';

/** What an expression is compiled in. */
export interface Surroundings {
  bindings: Bindings;
  field(field: Field): Sql;
  /** The SQL of the lines' time; undefined behind a `stats`, which leaves lines behind. */
  time: string | undefined;
  /** Where aggregates may stand: what is inside of one is compiled in the rows it aggregates. */
  aggregates?: { rows: Surroundings };
}

const boolean = (sql: string): Sql => ({ sql, type: 'boolean' });
const number = (sql: string): Sql => ({ sql, type: 'number' });

function isNumeric({ type }: Sql): boolean {
  return type === 'number' || type === 'time' || type === 'boolean';
}

/** A comparison by value: as numbers where one side is a number, else as texts. */
function compare(operator: Comparison, left: Sql, right: Sql, areLiterals: boolean): Sql {
  const sign = operator === '!=' ? 'IS DISTINCT FROM' : operator;
  if (left.type === 'time' && right.type === 'time') return boolean(`(${left.sql} ${sign} ${right.sql})`);
  if (isNumeric(left) || isNumeric(right)) return boolean(`(${asNumber(left)} ${sign} ${asNumber(right)})`);
  const asTexts = `${asText(left)} ${sign} ${asText(right)}`;
  const isOrdered = operator !== '=' && operator !== '!=';
  if (areLiterals && !isOrdered) return boolean(`(${asTexts})`);
  const bothNumbers = `${asNumber(left)} IS NOT NULL AND ${asNumber(right)} IS NOT NULL`;
  return boolean(
    `(CASE WHEN ${bothNumbers} THEN ${asNumber(left)} ${sign} ${asNumber(right)} ELSE ${asTexts} END)`,
  );
}

/** Arithmetic that has no answer, as a division by zero, yields no value. */
function calculate(operator: Arithmetic, left: string, right: string): Sql {
  if (operator === '/') return number(`(${left} / nullif(${right}, 0))`);
  if (operator === '%') return number(`(${left} % nullif(${right}, 0))`);
  if (operator === '^') return number(`pow(${left}, ${right})`);
  return number(`(${left} ${operator} ${right})`);
}

function compileIn(expression: Expression & { kind: 'in' }, compile: (each: Expression) => Sql): Sql {
  const value = compile(expression.value);
  const numbers: string[] = [];
  const texts: string[] = [];
  for (const item of expression.list) {
    const compiled = compile(item);
    if (isNumeric(compiled)) numbers.push(asNumber(compiled));
    else texts.push(asText(compiled));
  }
  const parts = [
    ...(numbers.length > 0 ? [`${asNumber(value)} IN (${numbers.join(', ')})`] : []),
    ...(texts.length > 0 ? [`${asText(value)} IN (${texts.join(', ')})`] : []),
  ];
  const isIn = `(${parts.join(' OR ')})`;
  return boolean(expression.isNegated ? `(NOT coalesce(${isIn}, false))` : isIn);
}

function compileLike(
  expression: Expression & { kind: 'like' },
  compile: (each: Expression) => Sql,
  bindings: Bindings,
): Sql {
  const value = asText(compile(expression.value));
  const { pattern } = expression;
  const isLike =
    pattern.kind === 'regex'
      ? `regexp_matches(${value}, ${bindings.bindPattern(pattern.source, pattern)})`
      : `contains(${value}, ${asText(compile(pattern))})`;
  return boolean(expression.isNegated ? `(NOT coalesce(${isLike}, false))` : isLike);
}

/** An expression as SQL over the rows of its surroundings. User text goes into bound values only. */
export function compileExpression(expression: Expression, surroundings: Surroundings): Sql {
  const { bindings } = surroundings;
  const compile = (each: Expression) => compileExpression(each, surroundings);
  switch (expression.kind) {
    case 'number':
      return number(bindings.bind(expression.value));
    case 'text':
      return { sql: bindings.bind(expression.value), type: 'text' };
    case 'boolean':
      return { sql: expression.value ? "'true'" : "'false'", type: 'text' };
    case 'field':
      return surroundings.field(expression);
    case 'negative':
      return number(`(- ${asNumber(compile(expression.operand))})`);
    case 'not':
      return boolean(`(NOT coalesce(${asBoolean(compile(expression.operand))}, false))`);
    case 'and':
    case 'or': {
      const left = asBoolean(compile(expression.left));
      return boolean(`(${left} ${expression.kind} ${asBoolean(compile(expression.right))})`);
    }
    case 'comparison': {
      const { left, right, operator } = expression;
      const areLiterals = [left, right].some(({ kind }) => kind === 'text' || kind === 'boolean');
      return compare(operator, compile(left), compile(right), areLiterals);
    }
    case 'arithmetic':
      return calculate(
        expression.operator,
        asNumber(compile(expression.left)),
        asNumber(compile(expression.right)),
      );
    case 'in':
      return compileIn(expression, compile);
    case 'like':
      return compileLike(expression, compile, bindings);
    case 'call':
      return compileCallIn(expression, surroundings, compile);
    case 'regex':
      throw malformed('A regular expression stands behind like, =~ or parse only.', expression);
    case 'period':
      throw malformed('A period stands in bin, datefloor and dateceil only.', expression);
    case 'star':
      throw malformed('A star stands in count only.', expression);
  }
}

function compileCallIn(
  call: Expression & { kind: 'call' },
  surroundings: Surroundings,
  compile: (each: Expression) => Sql,
): Sql {
  if (isAggregate(call)) {
    const { aggregates } = surroundings;
    if (!aggregates) throw malformed(`${call.name} aggregates, and stands in stats only.`, call);
    const { rows } = aggregates;
    return compileAggregate(call, (each) => compileExpression(each, rows), rows.time);
  }
  if (call.name !== 'bin') return compileCall(call, compile, surroundings.bindings);
  const [first, second] = call.arguments;
  if (call.arguments.length === 2 && first) return bin(asTime(compile(first)), second, call);
  if (call.arguments.length !== 1) throw malformed('bin takes a period.', call);
  const time = compile({
    kind: 'field',
    name: '@timestamp',
    isQuoted: false,
    start: call.start,
    end: call.end,
  });
  return bin(asTime(time), first, call);
}
