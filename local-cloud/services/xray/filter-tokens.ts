import { AwsError } from '../../core/errors.ts';

/** One word of a filter expression. */
export interface Token {
  kind: 'word' | 'text' | 'number' | 'sign' | 'end';
  /** A word as written, a text without its quotes, a number or sign as written. */
  value: string;
  /** Where it begins, counted from 0. */
  at: number;
}

/** The refusal of an expression that cannot be read. */
export function invalidFilter(reason: string, at: number): AwsError {
  return new AwsError(
    'InvalidRequestException',
    `Invalid filter expression: ${reason} at character ${at + 1}.`,
  );
}

const SIGN = /(?:!=|<=|>=|&&|\|\||[=<>!&|(){}[\],:])/uy;
const NUMBER = /[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?(?![\w.])/uy;
const WORD = /[\p{L}_][\p{L}\p{N}_.-]*/uy;
const SPACE = /\s+/uy;
const CLOSING: Record<string, string> = { '"': '"', "'": "'" };

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** A text in quotes from `at` on; a backslash takes the next character as it is. */
function quoted(text: string, at: number, closing: string): { value: string; length: number } {
  let value = '';
  for (let index = at + 1; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (character === closing) return { value, length: index + 1 - at };
    if (character === '\\') index += 1;
    value += text.charAt(index);
  }
  throw invalidFilter('a text is not closed', at);
}

/** Takes an expression apart. Throws `InvalidRequestException` where it is none. */
export function tokensOf(expression: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < expression.length) {
    const space = match(SPACE, expression, at);
    if (space !== undefined) {
      at += space.length;
      continue;
    }
    const closing = CLOSING[expression.charAt(at)];
    if (closing !== undefined) {
      const { value, length } = quoted(expression, at, closing);
      tokens.push({ kind: 'text', value, at });
      at += length;
      continue;
    }
    const number = match(NUMBER, expression, at);
    const word = number === undefined ? match(WORD, expression, at) : undefined;
    const sign = match(SIGN, expression, at);
    const value = number ?? word ?? sign;
    if (value === undefined) throw invalidFilter(`unexpected ${JSON.stringify(expression.charAt(at))}`, at);
    tokens.push({ kind: number !== undefined ? 'number' : word !== undefined ? 'word' : 'sign', value, at });
    at += value.length;
  }
  tokens.push({ kind: 'end', value: '', at });
  return tokens;
}
