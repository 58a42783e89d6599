import { KEYWORDS, type KeywordKind, OPERATORS, type Operator } from './filter-keywords.ts';
import { invalidFilter, type Token, tokensOf } from './filter-tokens.ts';

type FilterValue = string | number | boolean;

/** A service as `service()` and `edge()` name it; what is absent matches every one. */
export interface ServicePattern {
  name?: string;
  type?: string;
  account?: string;
}

export interface Comparison {
  operator: Operator;
  value: FilterValue;
}

/** A filter expression that has been read. */
export type Filter =
  | { kind: 'and' | 'or'; left: Filter; right: Filter }
  | { kind: 'not'; operand: Filter }
  | { kind: 'keyword'; keyword: string; comparison: Comparison }
  /** Without a comparison: the trace has an annotation with that key. */
  | { kind: 'annotation'; key: string; comparison?: Comparison }
  | { kind: 'group'; by: 'name' | 'arn'; value: string; negated: boolean }
  | { kind: 'service'; service: ServicePattern; filter?: Filter }
  | { kind: 'edge'; from: ServicePattern; to: ServicePattern; filter?: Filter };

const DEEPEST = 50;
const MOST_CHARACTERS = 2_000;
const AND = ['AND', '&', '&&'];
const OR = ['OR', '|', '||'];
const NOT = ['NOT', '!'];
const TEXT_OPERATORS: readonly string[] = ['CONTAINS', 'BEGINSWITH', 'ENDSWITH'];

/**
 * Reads a filter expression. Conditions that stand side by side must all hold, as those joined by AND.
 *
 * @throws `InvalidRequestException` that says what is wrong, and where.
 */
export function parseFilter(expression: string): Filter {
  if (expression.length > MOST_CHARACTERS) {
    throw invalidFilter(`an expression has at most ${MOST_CHARACTERS} characters`, MOST_CHARACTERS);
  }
  return new Parser(tokensOf(expression)).whole();
}

class Parser {
  readonly #tokens: Token[];
  #position = 0;
  #depth = 0;

  constructor(tokens: Token[]) {
    this.#tokens = tokens;
  }

  whole(): Filter {
    const filter = this.#or();
    const rest = this.#next();
    if (rest.kind !== 'end') throw this.#unexpected(rest);
    return filter;
  }

  #peek(): Token {
    return this.#tokens[this.#position] ?? { kind: 'end', value: '', at: 0 };
  }

  #next(): Token {
    const token = this.#peek();
    if (token.kind !== 'end') this.#position += 1;
    return token;
  }

  #unexpected(token: Token, wanted?: string) {
    const found = token.kind === 'end' ? 'the expression ends' : `unexpected ${JSON.stringify(token.value)}`;
    return invalidFilter(wanted === undefined ? found : `${found} where ${wanted} is expected`, token.at);
  }

  #isOneOf(words: readonly string[]): boolean {
    const { kind, value } = this.#peek();
    return (kind === 'word' || kind === 'sign') && words.includes(value.toUpperCase());
  }

  #takes(sign: string): boolean {
    const { kind, value } = this.#peek();
    if (kind !== 'sign' || value !== sign) return false;
    this.#position += 1;
    return true;
  }

  #expect(sign: string): void {
    if (!this.#takes(sign)) throw this.#unexpected(this.#peek(), `"${sign}"`);
  }

  /** Bounds how deep an expression nests, and with it the stack. */
  #deeper<Result>(read: () => Result): Result {
    this.#depth += 1;
    if (this.#depth > DEEPEST) throw invalidFilter('it is nested too deep', this.#peek().at);
    const result = read();
    this.#depth -= 1;
    return result;
  }

  #or(): Filter {
    return this.#deeper(() => {
      let left = this.#and();
      while (this.#isOneOf(OR)) {
        this.#next();
        left = { kind: 'or', left, right: this.#and() };
      }
      return left;
    });
  }

  #and(): Filter {
    let left = this.#unary();
    for (;;) {
      if (this.#isOneOf(AND)) this.#next();
      else if (!this.#beginsCondition()) return left;
      left = { kind: 'and', left, right: this.#unary() };
    }
  }

  #beginsCondition(): boolean {
    const { kind, value } = this.#peek();
    if (kind === 'word') return !this.#isOneOf(OR);
    return kind === 'sign' && (value === '(' || value === '!');
  }

  #unary(): Filter {
    if (!this.#isOneOf(NOT)) return this.#condition();
    this.#next();
    return { kind: 'not', operand: this.#deeper(() => this.#unary()) };
  }

  #condition(): Filter {
    if (this.#takes('(')) {
      const filter = this.#or();
      this.#expect(')');
      return filter;
    }
    const token = this.#next();
    if (token.kind !== 'word') throw this.#unexpected(token, 'a condition');
    const word = token.value.toLowerCase();
    if (word === 'service') return this.#service();
    if (word === 'edge') return this.#edge();
    if (word === 'annotation') return this.#annotation(this.#keyInBrackets());
    if (word.startsWith('annotation.')) return this.#annotation(token.value.slice('annotation.'.length));
    if (word === 'group.name' || word === 'group.arn') return this.#group(word);
    const kind = Object.hasOwn(KEYWORDS, word) ? KEYWORDS[word] : undefined;
    if (!kind) throw invalidFilter(`there is no keyword "${token.value}"`, token.at);
    const comparison = this.#comparison(kind) ?? this.#implied(kind, token);
    return { kind: 'keyword', keyword: word, comparison };
  }

  #implied(kind: KeywordKind, token: Token): Comparison {
    if (kind === 'boolean') return { operator: '=', value: true };
    throw invalidFilter(`"${token.value}" needs an operator and a value`, token.at);
  }

  #service(): Filter {
    this.#expect('(');
    const service = this.#takes(')') ? {} : this.#pattern();
    if (Object.keys(service).length > 0) this.#expect(')');
    return { kind: 'service', service, ...this.#block() };
  }

  #edge(): Filter {
    this.#expect('(');
    const from = this.#pattern();
    this.#expect(',');
    const to = this.#pattern();
    this.#expect(')');
    return { kind: 'edge', from, to, ...this.#block() };
  }

  #block(): { filter?: Filter } {
    if (!this.#takes('{')) return {};
    if (this.#takes('}')) return {};
    const filter = this.#or();
    this.#expect('}');
    return { filter };
  }

  /** `"name"`, or `id(name: "…", type: "…")`. */
  #pattern(): ServicePattern {
    const token = this.#next();
    if (token.kind === 'text') return { name: token.value };
    if (token.kind !== 'word' || token.value.toLowerCase() !== 'id') {
      throw this.#unexpected(token, 'a service name or id(…)');
    }
    this.#expect('(');
    const pattern: ServicePattern = {};
    do {
      const field = this.#next();
      const name = field.value.toLowerCase();
      const key = name === 'account.id' ? 'account' : name;
      if (key !== 'name' && key !== 'type' && key !== 'account') {
        throw this.#unexpected(field, 'name, type or account.id');
      }
      this.#expect(':');
      pattern[key] = this.#text();
    } while (this.#takes(','));
    this.#expect(')');
    return pattern;
  }

  #keyInBrackets(): string {
    this.#expect('[');
    const token = this.#next();
    if (token.kind === 'sign' || token.kind === 'end') throw this.#unexpected(token, 'a key');
    this.#expect(']');
    return token.value;
  }

  #annotation(key: string): Filter {
    const comparison = this.#comparison(undefined);
    return { kind: 'annotation', key, ...(comparison ? { comparison } : {}) };
  }

  #group(word: 'group.name' | 'group.arn'): Filter {
    const comparison = this.#comparison('text');
    if (!comparison || (comparison.operator !== '=' && comparison.operator !== '!=')) {
      throw invalidFilter(`${word} is compared with = or !=`, this.#peek().at);
    }
    const by = word === 'group.name' ? 'name' : 'arn';
    return { kind: 'group', by, value: String(comparison.value), negated: comparison.operator === '!=' };
  }

  #comparison(kind: KeywordKind | undefined): Comparison | undefined {
    const operator = this.#operator();
    if (!operator) return undefined;
    const token = this.#next();
    const value = literalOf(token);
    if (value === undefined) throw this.#unexpected(token, 'a value');
    const actual = kindOf(value);
    if (kind !== undefined && kind !== actual) {
      throw invalidFilter(`a ${kind} is expected and not ${JSON.stringify(value)}`, token.at);
    }
    if (!OPERATORS[actual].includes(operator)) {
      throw invalidFilter(`${operator} does not compare a ${actual}`, token.at);
    }
    return { operator, value };
  }

  #operator(): Operator | undefined {
    const { kind, value } = this.#peek();
    const upper = value.toUpperCase();
    const isOperator =
      (kind === 'word' && TEXT_OPERATORS.includes(upper)) ||
      (kind === 'sign' && (OPERATORS.number as readonly string[]).includes(value));
    if (!isOperator) return undefined;
    this.#next();
    return upper as Operator;
  }

  #text(): string {
    const token = this.#next();
    if (token.kind !== 'text') throw this.#unexpected(token, 'a text in quotes');
    return token.value;
  }
}

function literalOf({ kind, value }: Token): FilterValue | undefined {
  if (kind === 'text') return value;
  if (kind === 'number') return Number(value);
  const word = kind === 'word' ? value.toLowerCase() : '';
  return word === 'true' || word === 'false' ? word === 'true' : undefined;
}

function kindOf(value: FilterValue): KeywordKind {
  if (typeof value === 'boolean') return 'boolean';
  return typeof value === 'number' ? 'number' : 'text';
}
