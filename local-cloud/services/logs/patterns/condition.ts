import {
  invalidPattern,
  isMatch,
  type Operand,
  type Operator,
  regexOf,
  textOperand,
  wordOperand,
} from './operand.ts';

/** Reads what a selector names; several values where it names several, none where there is nothing. */
export type Read = (selector: string) => unknown[];

export interface Condition {
  holds(read: Read): boolean;
  /** What the condition speaks of, in order. */
  selectors: string[];
}

interface Token {
  kind: 'symbol' | 'text' | 'regex' | 'word';
  text: string;
}

/** A selector may hold names in brackets and quotes, which a plain word may not. */
const TOKEN =
  /\s*(?:(&&|\|\||!=|<=|>=|[=<>()])|"((?:[^"\\]|\\.)*)"|%((?:[^%\\]|\\.)*)%|(\$(?:[^\s()=<>!&|"[\]]|\[[^\]]*\])*|[^\s()=<>!&|"%]+))/y;
const OPERATORS = ['=', '!=', '<', '<=', '>', '>='];
const DEEPEST = 50;

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  for (TOKEN.lastIndex = 0; TOKEN.lastIndex < text.trimEnd().length; ) {
    const start = TOKEN.lastIndex;
    const found = TOKEN.exec(text);
    if (!found) throw invalidPattern(`${text.slice(start).trim()} is not understood.`);
    const [, symbol, quoted, regex, word] = found;
    if (symbol !== undefined) tokens.push({ kind: 'symbol', text: symbol });
    else if (quoted !== undefined) tokens.push({ kind: 'text', text: quoted.replace(/\\(.)/g, '$1') });
    else if (regex !== undefined) tokens.push({ kind: 'regex', text: regex });
    else tokens.push({ kind: 'word', text: word ?? '' });
  }
  return tokens;
}

class Parser {
  readonly selectors: string[] = [];
  readonly #tokens: Token[];
  readonly #isSelector: (word: string) => boolean;
  #position = 0;

  constructor(text: string, isSelector: (word: string) => boolean) {
    this.#tokens = tokensOf(text);
    this.#isSelector = isSelector;
  }

  whole(): (read: Read) => boolean {
    const condition = this.#any(0);
    const [rest] = this.#tokens.slice(this.#position);
    if (rest) throw invalidPattern(`${rest.text} was not expected.`);
    return condition;
  }

  #take(...texts: string[]): string | undefined {
    const token = this.#tokens[this.#position];
    const isWanted =
      (token?.kind === 'symbol' && texts.includes(token.text)) ||
      (token?.kind === 'word' && texts.includes(token.text.toUpperCase()));
    if (!isWanted) return undefined;
    this.#position += 1;
    return token.text;
  }

  #any(depth: number): (read: Read) => boolean {
    const parts = [this.#all(depth)];
    while (this.#take('||')) parts.push(this.#all(depth));
    return (read) => parts.some((holds) => holds(read));
  }

  #all(depth: number): (read: Read) => boolean {
    const parts = [this.#one(depth)];
    while (this.#take('&&')) parts.push(this.#one(depth));
    return (read) => parts.every((holds) => holds(read));
  }

  #one(depth: number): (read: Read) => boolean {
    if (depth > DEEPEST) throw invalidPattern(`it is nested deeper than ${DEEPEST} levels.`);
    if (this.#take('(')) {
      const inner = this.#any(depth + 1);
      if (!this.#take(')')) throw invalidPattern('a ) is missing.');
      return inner;
    }
    const token = this.#tokens[this.#position];
    if (token?.kind !== 'word' || !this.#isSelector(token.text)) {
      throw invalidPattern(`${token?.text ?? 'the end'} stands where a field is expected.`);
    }
    this.#position += 1;
    this.selectors.push(token.text);
    return this.#about(token.text);
  }

  #about(selector: string): (read: Read) => boolean {
    if (this.#take('IS')) {
      const what = this.#take('NULL', 'TRUE', 'FALSE')?.toUpperCase();
      if (what === undefined) throw invalidPattern('IS is followed by NULL, TRUE or FALSE.');
      const wanted = what === 'NULL' ? null : what === 'TRUE';
      return (read) => read(selector).includes(wanted);
    }
    if (this.#take('EXISTS')) return (read) => read(selector).length > 0;
    if (this.#take('NOT')) {
      if (!this.#take('EXISTS')) throw invalidPattern('NOT is followed by EXISTS.');
      return (read) => read(selector).length === 0;
    }
    const operator = this.#take(...OPERATORS) as Operator | undefined;
    if (!operator) throw invalidPattern(`a comparison is missing behind ${selector}.`);
    const operand = this.#operand(operator);
    return (read) => read(selector).some((value) => isMatch(value, operator, operand));
  }

  #operand(operator: Operator): Operand {
    const token = this.#tokens[this.#position];
    if (!token || token.kind === 'symbol') throw invalidPattern('a value is missing.');
    this.#position += 1;
    if (token.kind === 'regex') return { kind: 'regex', expression: regexOf(token.text) };
    const operand = token.kind === 'text' ? textOperand(token.text) : wordOperand(token.text);
    if (operand.kind !== 'number' && operator !== '=' && operator !== '!=') {
      throw invalidPattern(`${operator} compares with numbers, and ${token.text} is none.`);
    }
    return operand;
  }
}

/** Parses `selector = value && (…) || …`; `isSelector` tells which words are fields. */
export function parseCondition(text: string, isSelector: (word: string) => boolean): Condition {
  const parser = new Parser(text, isSelector);
  const holds = parser.whole();
  return { holds, selectors: parser.selectors };
}
