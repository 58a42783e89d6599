import type { Cursor, Token } from './cursor.ts';
import { malformed } from './malformed.ts';
import type { Arithmetic, Comparison, Expression, Field, Named, RegularExpression } from './syntax.ts';

/** Deeper than anybody writes, and far from what would exhaust a stack. */
const DEEPEST = 60;
/** The same for a chain of operators, which makes a tree as deep as it is long. */
const LONGEST_CHAIN = 200;

const COMPARISONS = ['=', '!=', '<', '<=', '>', '>='];

/** A whole expression; from the weakest operator, `or`, to the strongest. */
export function parseExpression(cursor: Cursor, depth = 0): Expression {
  if (depth > DEEPEST)
    throw malformed(`The expression is nested deeper than ${DEEPEST} levels.`, cursor.token);
  return parseOr(cursor, depth);
}

/** Operands of one strength, joined from left to right. */
function chain(
  cursor: Cursor,
  operand: () => Expression,
  operator: () => string | undefined,
  join: (operator: string, left: Expression, right: Expression) => Expression,
): Expression {
  let left = operand();
  for (let length = 0, found = operator(); found !== undefined; found = operator(), length += 1) {
    if (length > LONGEST_CHAIN)
      throw malformed(`More than ${LONGEST_CHAIN} operators in a row.`, cursor.token);
    left = join(found, left, operand());
  }
  return left;
}

const around = (left: Expression, right: Expression) => ({ left, right, start: left.start, end: right.end });

function parseOr(cursor: Cursor, depth: number): Expression {
  return chain(
    cursor,
    () => parseAnd(cursor, depth),
    () => (cursor.takeWord('or') ?? cursor.takeSymbol('||'))?.text,
    (_, left, right) => ({ kind: 'or', ...around(left, right) }),
  );
}

function parseAnd(cursor: Cursor, depth: number): Expression {
  return chain(
    cursor,
    () => parseNot(cursor, depth),
    () => (cursor.takeWord('and') ?? cursor.takeSymbol('&&'))?.text,
    (_, left, right) => ({ kind: 'and', ...around(left, right) }),
  );
}

function parseNot(cursor: Cursor, depth: number): Expression {
  const word = cursor.takeWord('not');
  if (!word) return parseComparison(cursor, depth);
  if (depth > DEEPEST) throw malformed(`The expression is nested deeper than ${DEEPEST} levels.`, word);
  const operand = parseNot(cursor, depth + 1);
  return { kind: 'not', operand, start: word.start, end: operand.end };
}

function parseComparison(cursor: Cursor, depth: number): Expression {
  const left = parseSum(cursor, depth);
  if (cursor.takeSymbol('=~')) return like(left, parsePattern(cursor, depth), false);
  const operator = cursor.takeSymbol(...COMPARISONS);
  if (operator) {
    const right = parseSum(cursor, depth);
    return { kind: 'comparison', operator: operator.text as Comparison, ...around(left, right) };
  }
  const isNegated = cursor.takeWord('not') !== undefined;
  if (cursor.takeWord('like')) return like(left, parsePattern(cursor, depth), isNegated);
  if (cursor.takeWord('in')) {
    const list = parseList(cursor, depth);
    return { kind: 'in', value: left, list, isNegated, start: left.start, end: cursor.end };
  }
  return isNegated ? cursor.fail('Expected like or in after not') : left;
}

function like(value: Expression, pattern: Expression, isNegated: boolean): Expression {
  return { kind: 'like', value, pattern, isNegated, start: value.start, end: pattern.end };
}

function parsePattern(cursor: Cursor, depth: number): Expression {
  return cursor.isSymbol('/') ? parseRegex(cursor) : parseSum(cursor, depth);
}

export function parseRegex(cursor: Cursor): RegularExpression {
  return { kind: 'regex', ...cursor.takeRegex() };
}

function parseList(cursor: Cursor, depth: number): Expression[] {
  cursor.expectSymbol('[');
  const list = [parseExpression(cursor, depth + 1)];
  while (cursor.takeSymbol(',')) list.push(parseExpression(cursor, depth + 1));
  cursor.expectSymbol(']');
  return list;
}

const arithmetic = (operator: string, left: Expression, right: Expression): Expression => ({
  kind: 'arithmetic',
  operator: operator as Arithmetic,
  ...around(left, right),
});

function parseSum(cursor: Cursor, depth: number): Expression {
  return chain(
    cursor,
    () => parseProduct(cursor, depth),
    () => cursor.takeSymbol('+', '-')?.text,
    arithmetic,
  );
}

function parseProduct(cursor: Cursor, depth: number): Expression {
  return chain(
    cursor,
    () => parseSigned(cursor, depth),
    () => cursor.takeSymbol('*', '/', '%')?.text,
    arithmetic,
  );
}

function parseSigned(cursor: Cursor, depth: number): Expression {
  const sign = cursor.takeSymbol('-');
  if (!sign) return parsePower(cursor, depth);
  if (depth > DEEPEST) throw malformed(`The expression is nested deeper than ${DEEPEST} levels.`, sign);
  const operand = parseSigned(cursor, depth + 1);
  return { kind: 'negative', operand, start: sign.start, end: operand.end };
}

function parsePower(cursor: Cursor, depth: number): Expression {
  const base = parseOperand(cursor, depth);
  if (!cursor.takeSymbol('^')) return base;
  if (depth > DEEPEST)
    throw malformed(`The expression is nested deeper than ${DEEPEST} levels.`, cursor.token);
  return arithmetic('^', base, parseSigned(cursor, depth + 1));
}

function parseOperand(cursor: Cursor, depth: number): Expression {
  const { kind, text, start, end } = cursor.token;
  if (cursor.takeSymbol('(')) {
    const inner = parseExpression(cursor, depth + 1);
    cursor.expectSymbol(')');
    return { ...inner, start, end: cursor.end };
  }
  if (cursor.isSymbol('/')) return parseRegex(cursor);
  if (kind === 'name' || kind === 'quoted') return parseNameOrCall(cursor, depth);
  if (kind === 'end' || kind === 'symbol') return cursor.fail('Expected a field, a value or a function');
  cursor.take();
  if (kind === 'number') return { kind, value: Number(text), start, end };
  if (kind === 'text') return { kind, value: text, start, end };
  const [, count = '', unit = ''] = /^([\d.]+)(.*)$/.exec(text) ?? [];
  return { kind: 'period', count: Number(count), unit: unit.toLowerCase(), start, end };
}

function parseNameOrCall(cursor: Cursor, depth: number): Expression {
  const { kind, text, start, end } = cursor.token;
  const field = parseField(cursor);
  if (kind === 'name' && cursor.takeSymbol('(')) {
    const given = parseArguments(cursor, depth);
    return { kind: 'call', name: text.toLowerCase(), arguments: given, start, end: cursor.end };
  }
  const isTruth = kind === 'name' && field.end === end && /^(?:true|false)$/i.test(text);
  return isTruth ? { kind: 'boolean', value: text.toLowerCase() === 'true', start, end } : field;
}

function parseArguments(cursor: Cursor, depth: number): Expression[] {
  if (cursor.takeSymbol(')')) return [];
  const star = cursor.takeSymbol('*');
  const given: Expression[] = star
    ? [{ kind: 'star', start: star.start, end: star.end }]
    : [parseExpression(cursor, depth + 1)];
  while (cursor.takeSymbol(',')) given.push(parseExpression(cursor, depth + 1));
  cursor.expectSymbol(')');
  return given;
}

/** A name, back-quoted or not, or both kinds joined by dots: detail.`user-id`.name. */
export function parseField(cursor: Cursor): Field {
  const first = cursor.token;
  const isField = first.kind === 'quoted' || (first.kind === 'name' && !first.text.startsWith('.'));
  if (!isField) cursor.fail('Expected a field');
  let last = cursor.take();
  let name = last.text;
  const continues = ({ kind, text, start }: Token) =>
    start === last.end &&
    (kind === 'quoted'
      ? name.endsWith('.')
      : kind === 'name' && last.kind === 'quoted' && text.startsWith('.'));
  while (continues(cursor.token)) {
    last = cursor.take();
    name += last.text;
  }
  return { kind: 'field', name, isQuoted: first.kind === 'quoted', start: first.start, end: last.end };
}

/** An expression that may have an alias. */
export function parseNamed(cursor: Cursor): Named {
  const expression = parseExpression(cursor);
  if (cursor.takeWord('as')) return { name: parseField(cursor).name, hasAlias: true, expression };
  const name =
    expression.kind === 'field' ? expression.name : cursor.query.slice(expression.start, expression.end);
  return { name, hasAlias: false, expression };
}

export function parseNames(cursor: Cursor): Named[] {
  const items = [parseNamed(cursor)];
  while (cursor.takeSymbol(',')) items.push(parseNamed(cursor));
  return items;
}
