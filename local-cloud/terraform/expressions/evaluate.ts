import { type Functions, functions } from './functions.ts';
import type { Expression } from './syntax.ts';

/** What names mean while an expression is evaluated. */
export interface Scope {
  /** The value of a first name (`aws_sqs_queue`, `data`, `local`, `var`, `path`, …), or undefined. */
  lookup(name: string): unknown;
  /** Folder against which `file(…)` and its kin read. */
  folder: string;
}

/** The value cannot be computed; the message says which name or function is at fault. */
export class EvaluationError extends Error {
  override name = 'EvaluationError';
}

/** Evaluates to plain JSON values. Throws `EvaluationError`. */
export function evaluate(expression: Expression, scope: Scope): unknown {
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'template':
      return expression.parts.map((part) => textOf(evaluate(part, scope))).join('');
    case 'variable': {
      const value = scope.lookup(expression.name);
      if (value === undefined) throw new EvaluationError(`There is nothing named "${expression.name}".`);
      return value;
    }
    case 'attribute':
      return member(evaluate(expression.of, scope), expression.name, describe(expression));
    case 'index':
      return member(evaluate(expression.of, scope), evaluate(expression.key, scope), describe(expression));
    case 'splat':
      return splat(evaluate(expression.of, scope), expression.path, describe(expression));
    case 'list':
      return expression.items.map((item) => evaluate(item, scope));
    case 'object':
      return Object.fromEntries(
        expression.entries.map(({ key, value }) => [textOf(evaluate(key, scope)), evaluate(value, scope)]),
      );
    case 'call':
      return call(expression, scope);
    case 'unary': {
      const value = evaluate(expression.operand, scope);
      return expression.operator === '-' ? -numberOf(value) : !booleanOf(value);
    }
    case 'binary':
      return binary(expression, scope);
    case 'conditional':
      return evaluate(
        booleanOf(evaluate(expression.test, scope)) ? expression.then : expression.otherwise,
        scope,
      );
  }
}

function call(expression: Extract<Expression, { kind: 'call' }>, scope: Scope): unknown {
  const { name, args, expand } = expression;
  if (name === 'try' || name === 'can') return attempt(name, args, scope);
  const known: Functions = functions;
  const fn = Object.hasOwn(known, name) ? known[name] : undefined;
  if (!fn) throw new EvaluationError(`The Terraform function "${name}" is not supported.`);
  const values = args.map((argument) => evaluate(argument, scope));
  const last = expand ? values.pop() : undefined;
  if (expand) {
    if (!Array.isArray(last)) throw new EvaluationError(`What "${name}" expands with "..." is no list.`);
    values.push(...last);
  }
  return fn(values, scope);
}

function attempt(name: 'try' | 'can', args: Expression[], scope: Scope): unknown {
  for (const argument of args) {
    try {
      const value = evaluate(argument, scope);
      return name === 'can' ? true : value;
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error;
    }
  }
  if (name === 'can') return false;
  throw new EvaluationError('No argument of "try" has a value.');
}

function binary(expression: Extract<Expression, { kind: 'binary' }>, scope: Scope): unknown {
  const { operator } = expression;
  const left = evaluate(expression.left, scope);
  const right = evaluate(expression.right, scope);
  switch (operator) {
    case '||':
      return booleanOf(left) || booleanOf(right);
    case '&&':
      return booleanOf(left) && booleanOf(right);
    case '==':
      return JSON.stringify(left) === JSON.stringify(right);
    case '!=':
      return JSON.stringify(left) !== JSON.stringify(right);
    case '<':
      return numberOf(left) < numberOf(right);
    case '>':
      return numberOf(left) > numberOf(right);
    case '<=':
      return numberOf(left) <= numberOf(right);
    case '>=':
      return numberOf(left) >= numberOf(right);
    case '+':
      return numberOf(left) + numberOf(right);
    case '-':
      return numberOf(left) - numberOf(right);
    case '*':
      return numberOf(left) * numberOf(right);
    case '/':
      return numberOf(left) / numberOf(right);
    case '%':
      return numberOf(left) % numberOf(right);
    default:
      throw new EvaluationError(`The operator "${operator}" is not supported.`);
  }
}

function member(of: unknown, key: unknown, description: string): unknown {
  if (Array.isArray(of)) {
    const value: unknown = of[numberOf(key)];
    if (value === undefined) throw new EvaluationError(`${description}: the list has ${of.length} elements.`);
    return value;
  }
  if (typeof of === 'object' && of !== null && Object.hasOwn(of, textOf(key))) {
    return (of as Record<string, unknown>)[textOf(key)];
  }
  throw new EvaluationError(`${description} has no value here.`);
}

function splat(of: unknown, path: (string | number)[], description: string): unknown[] {
  if (of === null) return [];
  const items: unknown[] = Array.isArray(of) ? of : [of];
  return items.map((item) => path.reduce<unknown>((value, key) => member(value, key, description), item));
}

/** Terraform's conversion to string, as templates and object keys do it. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new EvaluationError(
    `${value === null ? 'Null' : 'A list or object'} cannot become part of a string.`,
  );
}

export function numberOf(value: unknown): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number === 'number' && !Number.isNaN(number)) return number;
  throw new EvaluationError(`${JSON.stringify(value)} is no number.`);
}

export function booleanOf(value: unknown): boolean {
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  throw new EvaluationError(`${JSON.stringify(value)} is neither true nor false.`);
}

function describe(expression: Expression): string {
  switch (expression.kind) {
    case 'variable':
      return expression.name;
    case 'attribute':
      return `${describe(expression.of)}.${expression.name}`;
    case 'index':
      return `${describe(expression.of)}[${expression.key.kind === 'literal' ? JSON.stringify(expression.key.value) : '…'}]`;
    case 'splat':
      return `${describe(expression.of)}[*]`;
    case 'call':
      return `${expression.name}(…)`;
    default:
      return 'The value';
  }
}
