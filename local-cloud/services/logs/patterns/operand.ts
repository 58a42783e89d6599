import { invalidParameter } from '../input.ts';

export type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=';

/** What a value is compared with. */
export type Operand =
  | { kind: 'number'; value: number; text: string }
  | { kind: 'text'; text: string; expression: RegExp | undefined }
  | { kind: 'regex'; expression: RegExp };

export function invalidPattern(why: string): ReturnType<typeof invalidParameter> {
  return invalidParameter(`Invalid filter pattern: ${why}`);
}

/** The regular expression between percent signs. */
export function regexOf(source: string): RegExp {
  try {
    return new RegExp(source);
  } catch {
    throw invalidPattern(`%${source}% is no regular expression.`);
  }
}

/** A text as operand: its stars stand for anything. */
export function textOperand(text: string): Operand {
  if (!text.includes('*')) return { kind: 'text', text, expression: undefined };
  const source = text
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  return { kind: 'text', text, expression: new RegExp(`^${source}$`, 's') };
}

/** A word without quotes: a number where it is one. */
export function wordOperand(word: string): Operand {
  const value = Number(word);
  return /^[-+]?(\d|\.\d)/.test(word) && Number.isFinite(value)
    ? { kind: 'number', value, text: word }
    : textOperand(word);
}

function isEqual(actual: string | number | boolean, operand: Operand): boolean {
  if (operand.kind === 'regex') return operand.expression.test(String(actual));
  if (operand.kind === 'text') {
    return operand.expression ? operand.expression.test(String(actual)) : String(actual) === operand.text;
  }
  // An empty text is no zero.
  return actual !== '' && typeof actual !== 'boolean' && Number(actual) === operand.value;
}

/** True when the value stands to the operand as the operator says. Order is of numbers only. */
export function isMatch(actual: unknown, operator: Operator, operand: Operand): boolean {
  if (typeof actual !== 'string' && typeof actual !== 'number' && typeof actual !== 'boolean') return false;
  if (operator === '=') return isEqual(actual, operand);
  if (operator === '!=') return !isEqual(actual, operand);
  if (operand.kind !== 'number' || actual === '' || typeof actual === 'boolean') return false;
  const value = Number(actual);
  switch (operator) {
    case '<':
      return value < operand.value;
    case '<=':
      return value <= operand.value;
    case '>':
      return value > operand.value;
    case '>=':
      return value >= operand.value;
  }
}
