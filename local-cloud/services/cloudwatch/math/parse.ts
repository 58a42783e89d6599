/** What a metric math expression says, before any data. */
export type Expression =
  | { kind: 'number'; value: number }
  | { kind: 'text'; value: string }
  | { kind: 'name'; name: string }
  | { kind: 'list'; items: Expression[] }
  | { kind: 'negate'; operand: Expression }
  | { kind: 'binary'; operator: BinaryOperator; left: Expression; right: Expression }
  | { kind: 'call'; name: string; parameters: Expression[] };

export type BinaryOperator =
  | '+'
  | '-'
  | '*'
  | '/'
  | '^'
  | '<'
  | '<='
  | '>'
  | '>='
  | '=='
  | '!='
  | '&&'
  | '||';

/** An expression that cannot be read or computed; the message says where and why. */
export class MathError extends Error {}

const TOKEN =
  /\s*(?:(?<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?<name>[A-Za-z_]\w*)|(?<text>"[^"]*"|'[^']*')|(?<sign><=|>=|==|!=|&&|\|\||[-+*/^<>(),[\]]))/y;

interface Token {
  kind: 'number' | 'name' | 'text' | 'sign';
  text: string;
}

function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  const text = source.trimEnd();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const position = TOKEN.lastIndex;
    const groups = TOKEN.exec(text)?.groups;
    if (!groups)
      throw new MathError(
        `unexpected character at position ${position}: ${text.slice(position, position + 10)}`,
      );
    for (const kind of ['number', 'name', 'text', 'sign'] as const) {
      const found = groups[kind];
      if (found !== undefined) tokens.push({ kind, text: found });
    }
  }
  return tokens;
}

/** Loosest first; operators of one level associate to the left. */
const LEVELS: readonly (readonly BinaryOperator[])[] = [
  ['||'],
  ['&&'],
  ['<', '<=', '>', '>=', '==', '!='],
  ['+', '-'],
  ['*', '/'],
];
const WORDS: Record<string, BinaryOperator> = { AND: '&&', OR: '||' };
const DEEPEST = 100;

/** Reads a metric math expression. Throws `MathError` where it is not one. */
export function parseExpression(source: string): Expression {
  const tokens = tokensOf(source);
  let position = 0;
  let depth = 0;

  const peek = () => tokens[position];
  const isSign = (text: string) => peek()?.kind === 'sign' && peek()?.text === text;

  function expect(text: string): void {
    if (!isSign(text)) throw new MathError(`expected ${text} but found ${peek()?.text ?? 'the end'}`);
    position += 1;
  }

  function operatorAt(level: readonly BinaryOperator[]): BinaryOperator | undefined {
    const token = peek();
    if (!token) return undefined;
    const text = token.kind === 'name' ? WORDS[token.text.toUpperCase()] : token.text;
    return token.kind === 'sign' || token.kind === 'name' ? level.find((each) => each === text) : undefined;
  }

  function binary(levelIndex: number): Expression {
    const level = LEVELS[levelIndex];
    if (!level) return unary();
    let left = binary(levelIndex + 1);
    for (let operator = operatorAt(level); operator; operator = operatorAt(level)) {
      position += 1;
      left = { kind: 'binary', operator, left, right: binary(levelIndex + 1) };
    }
    return left;
  }

  function unary(): Expression {
    if (isSign('-')) {
      position += 1;
      return { kind: 'negate', operand: nested(unary) };
    }
    const base = primary();
    if (!isSign('^')) return base;
    position += 1;
    return { kind: 'binary', operator: '^', left: base, right: nested(unary) };
  }

  function nested(read: () => Expression): Expression {
    depth += 1;
    if (depth > DEEPEST) throw new MathError('the expression is nested too deeply');
    const expression = read();
    depth -= 1;
    return expression;
  }

  function sequence(end: string): Expression[] {
    const items: Expression[] = [];
    while (!isSign(end)) {
      if (items.length > 0) expect(',');
      items.push(nested(() => binary(0)));
    }
    expect(end);
    return items;
  }

  function primary(): Expression {
    const token = peek();
    if (!token) throw new MathError('the expression ends too early');
    position += 1;
    if (token.kind === 'number') return { kind: 'number', value: Number(token.text) };
    if (token.kind === 'text') return { kind: 'text', value: token.text.slice(1, -1) };
    if (token.kind === 'name') {
      if (!isSign('(')) return { kind: 'name', name: token.text };
      position += 1;
      return { kind: 'call', name: token.text.toUpperCase(), parameters: sequence(')') };
    }
    if (token.text === '[') return { kind: 'list', items: sequence(']') };
    if (token.text !== '(') throw new MathError(`unexpected ${token.text}`);
    const inner = nested(() => binary(0));
    expect(')');
    return inner;
  }

  const expression = binary(0);
  const rest = peek();
  if (rest) throw new MathError(`unexpected ${rest.text}`);
  return expression;
}

/** The ids of other queries an expression refers to, `METRICS()` not counted. */
export function namesIn(expression: Expression): Set<string> {
  switch (expression.kind) {
    case 'number':
    case 'text':
      return new Set();
    case 'name':
      return new Set([expression.name]);
    case 'list':
      return new Set(expression.items.flatMap((item) => [...namesIn(item)]));
    case 'negate':
      return namesIn(expression.operand);
    case 'binary':
      return new Set([...namesIn(expression.left), ...namesIn(expression.right)]);
    case 'call':
      return new Set(expression.parameters.flatMap((parameter) => [...namesIn(parameter)]));
  }
}
